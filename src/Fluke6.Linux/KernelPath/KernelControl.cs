using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// The bridge tells the kernel's program by memory that both have up to when frames have left it, on their way through the bridge. A frame is
/// in the socket's queue well within <see cref="Slack"/> of when the program took it.
/// </summary>
internal sealed unsafe class KernelControl(SafeFileHandle map) : IDisposable
{
    /// <summary>Where the program reads, by side, up to when all frames that it took were handled; up to when it took all without a note, and whether rules let go of flows.</summary>
    public const int HandledAt = 0, AllTakenAt = 16, ReleasingAt = 24, Length = 64;

    // What the bridge counted already of the frames that the program forwarded, by side: for the bridge that goes on with the program.
    private const int CountedAt = 32;

    /// <summary>Nanoseconds.</summary>
    public const long Slack = 200_000;

    private readonly byte* _memory = (byte*)BpfObjects.Map(map, Length);

    /// <summary>All frames that were in the socket's queue at a moment have left the bridge.</summary>
    public void Handled(Side side, long monotonic) => Volatile.Write(ref *(long*)(_memory + HandledAt + (8 * (int)side)), monotonic - Slack);

    /// <summary>Until now, frames were taken without a note.</summary>
    public void AllTaken(long monotonic) => Volatile.Write(ref *(long*)(_memory + AllTakenAt), monotonic);

    /// <summary>Rules let go of flows.</summary>
    public void Releasing() => Volatile.Write(ref *(long*)(_memory + ReleasingAt), 1);

    /// <summary>Frames and bytes that came in at a side, were forwarded and are counted.</summary>
    public ref (long Frames, long Bytes) Counted(Side side) => ref ((ValueTuple<long, long>*)(_memory + CountedAt))[(int)side];

    /// <inheritdoc/>
    public void Dispose() => _ = munmap(_memory, Length);
}
