namespace Fluke6.Wire;

/// <summary>How much a router or route is to be preferred to others: a signed number of two bits. RFC 4191 §2.1.</summary>
public enum RouterPreference : byte
{
    /// <summary>0, the default.</summary>
    Medium = 0,

    /// <summary>1.</summary>
    High = 1,

    /// <summary>-2: must not be sent; in a router's preference taken as medium, and as a reason to ignore a route.</summary>
    Reserved = 2,

    /// <summary>-1.</summary>
    Low = 3,
}
