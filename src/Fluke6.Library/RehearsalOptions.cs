using Fluke6.Frames;

namespace Fluke6;

/// <summary>How rules are shown frames.</summary>
public sealed record RehearsalOptions
{
    /// <summary>The values of the rules' parameters, as <c>--set NAME=VALUE</c> gives them: a name, or a rule's name, a dot and a name.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The header that frames begin with.</summary>
    public LinkType LinkType { get; init; } = LinkType.Ethernet;

    /// <summary>The largest network packet, in bytes, that rules may make a frame grow to: 68 to 65535.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>The seed of the rules' random numbers.</summary>
    public int Seed { get; init; }

    /// <summary>How long a rule may take, in real time: as in a replay, a slow machine must find what a quick one does.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When the rules' time begins.</summary>
    public DateTimeOffset Start { get; init; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
