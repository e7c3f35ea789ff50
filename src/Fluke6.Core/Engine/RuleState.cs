namespace Fluke6.Engine;

/// <summary>How a rule stands.</summary>
internal enum RuleState : byte
{
    /// <summary>The file's current version runs.</summary>
    Live,

    /// <summary>The file does not compile or cannot be read; the last good version runs.</summary>
    Stale,

    /// <summary>The file does not compile or cannot be read, and no version ever ran.</summary>
    Failed,

    /// <summary>Taken out after too many faults in a row, or because it did not return.</summary>
    Bypassed,

    /// <summary>Switched off by the user.</summary>
    Disabled,
}
