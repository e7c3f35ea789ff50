namespace Fluke6.Ports;

/// <summary>
/// What passed a port since it opened. Written by the bridge's thread alone; others read whole 64-bit numbers at any time and may see
/// one counter a frame ahead of another.
/// </summary>
internal sealed class PortCounters
{
    private const int Numbers = 256;

    private readonly long[] _errorsByNumber = new long[Numbers];
    private readonly long[] _txDroppedByNumber = new long[Numbers];
    private readonly long[] _rxDroppedByReason = new long[Enum.GetValues<ReceiveLoss>().Length];

    /// <summary>Frames received; a super-segment counts once.</summary>
    public long RxFrames { get; set; }

    /// <summary>Octets received, without offload headers.</summary>
    public long RxBytes { get; set; }

    /// <summary>Frames among those received that the kernel forwarded by itself, since no rule asks for them.</summary>
    public long KernelFrames { get; set; }

    /// <summary>Octets of those.</summary>
    public long KernelBytes { get; set; }

    /// <summary>
    /// Frames that arrived and were lost before the bridge saw them: it was too slow, or they could not be read whole.
    /// <see cref="RxDroppedByReason"/> tells which.
    /// </summary>
    public long RxDropped { get; private set; }

    /// <summary>Frames that the kernel took.</summary>
    public long TxFrames { get; set; }

    /// <summary>Octets of those, without offload headers.</summary>
    public long TxBytes { get; set; }

    /// <summary>Frames that could not be sent: the port is down, its queue is full, or the kernel refused them.</summary>
    public long TxDropped { get; private set; }

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

    /// <summary>How many frames were not sent for each errno, by its number (0 to 255).</summary>
    public ReadOnlySpan<long> TxDroppedByNumber => _txDroppedByNumber;

    /// <summary>How many frames never reached the bridge for each <see cref="ReceiveLoss"/>.</summary>
    public ReadOnlySpan<long> RxDroppedByReason => _rxDroppedByReason;

    /// <summary>Counts one failed system call.</summary>
    /// <param name="number">The errno.</param>
    public void CountError(int number)
    {
        Errors++;
        _errorsByNumber[Index(number)]++;
    }

    /// <summary>Counts a frame that could not be sent, and the system call that failed.</summary>
    /// <param name="number">The errno.</param>
    public void CountTxDropped(int number)
    {
        CountError(number);
        TxDropped++;
        _txDroppedByNumber[Index(number)]++;
    }

    /// <summary>Counts frames that never reached the bridge.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="frames">How many.</param>
    public void CountRxDropped(ReceiveLoss reason, long frames = 1)
    {
        RxDropped += frames;
        _rxDroppedByReason[(int)reason] += frames;
    }

    private static int Index(int number) => Math.Clamp(number, 0, Numbers - 1);
}
