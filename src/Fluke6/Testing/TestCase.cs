using Fluke6.Frames;

namespace Fluke6.Command.Testing;

/// <summary>One test of a file: what arrives, and what is to come of it.</summary>
/// <param name="Title">The behaviour that it shows.</param>
/// <param name="Line">Where it begins in its file, from 1.</param>
internal sealed record TestCase(string Title, int Line)
{
    /// <summary>The values of the rules' parameters.</summary>
    public Dictionary<string, string> Parameters { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether frames are IP packets without a link header.</summary>
    public bool IsIp { get; set; }

    /// <summary>The header that frames begin with.</summary>
    public LinkType LinkType => IsIp ? LinkType.RawIp : LinkType.Ethernet;

    /// <summary>Whether the rules may allocate.</summary>
    public bool MayAllocate { get; set; }

    /// <summary>The largest packet that rules may make a frame grow to.</summary>
    public int Mtu { get; set; } = 1500;

    /// <summary>The seed of the rules' random numbers.</summary>
    public int Seed { get; set; }

    /// <summary>The parameter that is given the port of somebody who serves on loopback in this test; null if nobody does.</summary>
    public string? Upstream { get; set; }

    /// <summary>
    /// How long a rule may take to return, and to ask upstream, in real time: as in a replay, a slow machine must find what a quick one does.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The steps, in order.</summary>
    public List<TestStep> Steps { get; } = [];
}
