namespace Fluke6.Command.Testing;

/// <summary>Something that happens in a test, and what is to come of it.</summary>
/// <param name="Line">Where it stands in its file, from 1.</param>
internal sealed record TestStep(int Line)
{
    /// <summary>Where the frame arrives; null if none does.</summary>
    public Side? From { get; init; }

    /// <summary>Whether upstream is asked and answers.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>The frame that arrives; upstream's answer.</summary>
    public byte[] Frame { get; set; } = [];

    /// <summary>The last line of what happens; below it stands what is to come of it.</summary>
    public int LastLine { get; set; } = Line;

    /// <summary>For how long time passes.</summary>
    public TimeSpan After { get; init; }

    /// <summary>Whether the rules end.</summary>
    public bool IsEnd { get; init; }

    /// <summary>The frames that are to depart, in order.</summary>
    public List<ExpectedFrame> Departures { get; } = [];

    /// <summary>The verdict on the frame; null if the test does not say.</summary>
    public Verdict? Verdict { get; set; }

    /// <summary>The lines that the rules are to log.</summary>
    public List<string> Log { get; } = [];

    /// <summary>How many hits the rules are to have by then.</summary>
    public List<(string? Rule, long Hits)> Hits { get; } = [];
}
