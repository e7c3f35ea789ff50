namespace Fluke6.Ports;

/// <summary>
/// What passed a port since it opened. Written by the bridge's thread alone; others read whole 64-bit numbers at any time and may see
/// one counter a frame ahead of another.
/// </summary>
public sealed class PortCounters
{
    private readonly long[] _errorsByNumber = new long[256];

    /// <summary>Frames received; a super-segment counts once.</summary>
    public long RxFrames { get; set; }

    /// <summary>Octets received, without offload headers.</summary>
    public long RxBytes { get; set; }

    /// <summary>Frames that arrived and were lost before the bridge saw them: it was too slow, or they could not be read whole.</summary>
    public long RxDropped { get; set; }

    /// <summary>Frames that the kernel took.</summary>
    public long TxFrames { get; set; }

    /// <summary>Octets of those, without offload headers.</summary>
    public long TxBytes { get; set; }

    /// <summary>Frames that could not be sent: the port is down, its queue is full, or the kernel refused them.</summary>
    public long TxDropped { get; set; }

    /// <summary>System calls on this port that failed, whatever the reason; <see cref="ErrorsByNumber"/> tells which.</summary>
    public long Errors { get; set; }

    /// <summary>
    /// Received frames that no one understands, which pass unchanged: unknown EtherType, runt, truncated or contradictory header; and
    /// those in which a rule, or the flow table, asked for something that is there and cannot be read: an option of length 0, a DNS name
    /// that loops, a tunnel whose inner header is cut short. Each counts once.
    /// </summary>
    public long NotUnderstood { get; set; }

    /// <summary>How often each errno was seen, by its number (0 to 255).</summary>
    public ReadOnlySpan<long> ErrorsByNumber => _errorsByNumber;

    /// <summary>Counts one failed system call.</summary>
    /// <param name="number">The errno.</param>
    public void CountError(int number)
    {
        Errors++;
        _errorsByNumber[Math.Clamp(number, 0, _errorsByNumber.Length - 1)]++;
    }
}
