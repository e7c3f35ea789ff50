namespace Fluke6.Command;

/// <summary>What the user asked for with the options that <c>bridge</c> and <c>lab</c> share.</summary>
internal sealed record RuleArguments
{
    /// <summary>Rules and folders of rules, in order.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>What <c>--set</c> gave.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>Whether the report is JSON lines.</summary>
    public required bool JsonReport { get; init; }

    /// <summary>Whether to show the dashboard instead of a report, until the end.</summary>
    public required bool Dashboard { get; init; }

    /// <summary>How long to run; null for until told to stop.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>Whether frames travel as super-segments with partial checksums.</summary>
    public required bool Offload { get; init; }

    /// <summary>How the bridge treats faults.</summary>
    public required BridgeOptions Bridge { get; init; }
}
