using Fluke6.Frames;

namespace Fluke6.Snapshots;

/// <summary>The traits of a flow that a filter's words can name.</summary>
internal interface IFlowTraits
{
    /// <summary>The end that began.</summary>
    FlowEndpoint Source { get; }

    /// <summary>The other end.</summary>
    FlowEndpoint Destination { get; }

    /// <summary>Such as TCP.</summary>
    string Protocol { get; }

    /// <summary>How far a TCP connection has come, as people read it; empty for other protocols.</summary>
    string StateInWords { get; }

    /// <summary>The rules that hit it.</summary>
    IEnumerable<string> Rules { get; }
}
