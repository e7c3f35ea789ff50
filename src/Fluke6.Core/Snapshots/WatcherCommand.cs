namespace Fluke6.Snapshots;

/// <summary>Something that a watcher wants the bridge to do. Plain data, so that it means the same in process and over the control socket.</summary>
internal sealed record WatcherCommand
{
    /// <summary>Loads a rule anew, whether or not its file changed.</summary>
    public const string Reload = "reload";

    /// <summary>Switches a rule off if it is on, and on if it is off.</summary>
    public const string Toggle = "toggle";

    /// <summary>Switches a rule on.</summary>
    public const string Enable = "enable";

    /// <summary>Switches a rule off: frames pass it by.</summary>
    public const string Disable = "disable";

    /// <summary>Moves a rule in the chain.</summary>
    public const string Move = "move";

    /// <summary>Gives a rule's parameter another value, and loads the rule anew with it.</summary>
    public const string Set = "set";

    /// <summary>Begins a capture to a file that is not there yet.</summary>
    public const string StartCapture = "startCapture";

    /// <summary>Ends one capture, or all.</summary>
    public const string StopCapture = "stopCapture";

    /// <summary>Counts from zero, for those who look on.</summary>
    public const string Zero = "zero";

    /// <summary>Ends the bridge.</summary>
    public const string Stop = "stop";

    /// <summary>What to do: one of the names above.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The rule; null where none is meant, or, for <see cref="Reload"/>, all are.</summary>
    public string? Rule { get; init; }

    /// <summary>For <see cref="Move"/>: by how many places, down the chain or, if negative, up.</summary>
    public int Places { get; init; }

    /// <summary>For <see cref="Set"/>: the parameter's name.</summary>
    public string? Parameter { get; init; }

    /// <summary>For <see cref="Set"/>: its value.</summary>
    public string? Value { get; init; }

    /// <summary>For <see cref="StartCapture"/>: the file, as a full path. For <see cref="StopCapture"/>: that of the one to end; null or empty for all.</summary>
    public string? File { get; init; }

    /// <summary>For <see cref="StartCapture"/>: which frames, in libpcap's language; null or empty for all.</summary>
    public string? Filter { get; init; }

    /// <summary>For <see cref="StartCapture"/>: after how many packets it ends by itself; null for none.</summary>
    public long? Packets { get; init; }

    /// <summary>For <see cref="StartCapture"/>: at how many bytes of its file it ends by itself; null for none.</summary>
    public long? Bytes { get; init; }
}

/// <summary>What came of a command.</summary>
/// <param name="Ok">Whether it was done.</param>
/// <param name="Message">What was done, or why not and what to do, in a line.</param>
internal sealed record CommandOutcome(bool Ok, string Message);

/// <summary>Does what watchers ask for. Any thread; nobody waits but for the task.</summary>
internal interface IBridgeCommands
{
    /// <summary>Does something, after what was asked for before.</summary>
    Task<CommandOutcome> Do(WatcherCommand command);
}
