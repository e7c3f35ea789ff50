using Fluke6.Rules;

namespace Fluke6.Bridging;

/// <summary>Forwards frames between two ports without the bridge: those that no rule asks for. Any thread, one at a time.</summary>
internal interface IFastPath
{
    /// <summary>How many parts a guard may have.</summary>
    int MaxParts { get; }

    /// <summary>Why frames cannot be forwarded as the ports are now; null if they can.</summary>
    string? Trouble { get; }

    /// <summary>Forwards from now on what a guard does not hold for.</summary>
    /// <param name="guard">Which frames come to the bridge; null for all.</param>
    /// <returns>Why that failed, so that all frames come; null if it did not.</returns>
    string? Direct(Guard? guard);

    /// <summary>Frames and bytes that arrived at a port and were forwarded so far.</summary>
    (long Frames, long Bytes) Forwarded(Side from);
}
