namespace Fluke6.Streams;

/// <summary>What became of the connections of a rule that rewrites TCP streams. Written by the bridge's thread alone; any thread may
/// read.</summary>
public sealed class StreamFigures
{
    /// <summary>How many connections were followed.</summary>
    public long Followed { get; internal set; }

    /// <summary>How many were not, since there was no room, or since they use what a rewritten stream cannot keep (TCP-AO, MD5,
    /// Multipath).</summary>
    public long NotFollowed { get; internal set; }

    /// <summary>How many were forgotten while they needed other numbers than they arrive with: idle for over two hours, with no room for
    /// others.</summary>
    public long Forgotten { get; internal set; }

    /// <summary>How many bytes passed as they were since they had waited for the rule for
    /// <see cref="TcpStreamOptions.MaxDelay"/>.</summary>
    public long PassedForTime { get; internal set; }

    /// <summary>How many bytes passed as they were since more than <see cref="TcpStreamOptions.MaxHold"/> waited, or memory was
    /// full.</summary>
    public long PassedForRoom { get; internal set; }

    /// <summary>How many segments were dropped, to come again, since there was no room for them.</summary>
    public long Refused { get; internal set; }

    /// <summary>How many frames were sent besides those that arrived, or in their place.</summary>
    public long Sent { get; internal set; }

    /// <summary>How many segments had a wrong checksum, and passed unread.</summary>
    public long Corrupt { get; internal set; }

    /// <summary>How many connections are followed at the moment.</summary>
    public int Open { get; internal set; }
}
