using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Details;

/// <summary>Something that can be told about at length.</summary>
internal interface IDetail
{
    /// <summary>Its name.</summary>
    string Title { get; }

    /// <summary>All about it, as of now.</summary>
    IReadOnlyList<StyledLine> Lines();
}
