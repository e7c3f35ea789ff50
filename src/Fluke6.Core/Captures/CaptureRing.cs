using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fluke6.Concurrency;
using Fluke6.Frames;

namespace Fluke6.Captures;

/// <summary>
/// Frames from the worker's thread to the thread that writes a capture, in memory that is there from the start. Positions count bytes; what
/// does not fit is refused.
/// </summary>
internal sealed class CaptureRing
{
    private const int Alignment = 64;       // of records; a header always fits in what is left before the end
    private readonly byte[] _octets;
    private readonly long _mask;
    private readonly RingPositions _positions;

    /// <summary>A ring.</summary>
    /// <param name="size">Octets, a power of two from 128 KiB.</param>
    public CaptureRing(int size)
    {
        _octets = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        _mask = size - 1;
        _positions = new RingPositions(size);
    }

    /// <summary>Room for a record and its octets, not yet shown to the reader; false if there is too little.</summary>
    public bool TryReserve(int length, out long position)
    {
        int total = Total(length);
        position = _positions.Next;
        int toEnd = (int)(_octets.Length - (position & _mask));
        // A record lies in one piece; what is left before the end goes unused.
        if (!_positions.HasRoom(total <= toEnd ? total : toEnd + total))
            return false;

        if (total > toEnd)
        {
            HeaderAt(position) = new CaptureRecord { Kind = CaptureKind.Skip, Length = toEnd - CaptureRecord.Size };
            position += toEnd;
        }

        return true;
    }

    /// <summary>A record's header.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref CaptureRecord HeaderAt(long position) =>
        ref Unsafe.As<byte, CaptureRecord>(ref MemoryMarshal.GetReference(_octets.AsSpan((int)(position & _mask), CaptureRecord.Size)));

    /// <summary>A record's octets.</summary>
    public Span<byte> OctetsAt(long position, int length) => _octets.AsSpan((int)(position & _mask) + CaptureRecord.Size, length);

    /// <summary>Copies a frame into room that is reserved for it; the caller says what else there is to say of it, and publishes.</summary>
    public ref CaptureRecord Fill(long position, FrameBuffer frame, CaptureKind kind, Side side, long utc)
    {
        ReadOnlySpan<byte> octets = frame.Octets;
        ref CaptureRecord record = ref HeaderAt(position);
        record = new CaptureRecord { Utc = utc, Length = octets.Length, Kind = kind, Interface = (byte)side, Decider = -1, Missing = frame.MissingOctets };
        frame.Array.AsSpan(frame.Start - Offload.Length, Offload.Length).CopyTo(record.Offload);
        octets.CopyTo(OctetsAt(position, octets.Length));
        return ref record;
    }

    /// <summary>Shows the reader everything up to and with the record that was reserved last.</summary>
    public void Publish(long position, int length) => _positions.Publish(position + Total(length));

    /// <summary>The next record; false if there is none.</summary>
    public bool TryPeek(out long position)
    {
        while (_positions.TryPeek(out position))
        {
            ref CaptureRecord record = ref HeaderAt(position);
            if (record.Kind != CaptureKind.Skip)
                return true;
            Release(position, record.Length);
        }

        return false;
    }

    /// <summary>Gives a record's room back.</summary>
    public void Release(long position, int length) => _positions.Release(position + Total(length));

    private static int Total(int length) => (CaptureRecord.Size + length + Alignment - 1) & ~(Alignment - 1);
}

/// <summary>What a record in the ring is.</summary>
internal enum CaptureKind : byte
{
    /// <summary>Nothing: the rest of the ring before it begins anew.</summary>
    Skip,

    /// <summary>A frame as it arrived.</summary>
    Arrived,

    /// <summary>A frame as it left, after rules changed it.</summary>
    Changed,

    /// <summary>A frame that a rule turned into an answer, as it left.</summary>
    Answered,

    /// <summary>A frame that a rule sent.</summary>
    Sent,
}

/// <summary>What stands before a frame's octets in the ring.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct CaptureRecord
{
    public const int Size = 64;

    public long Utc;                // nanoseconds since 1970
    public ulong Rules;             // that changed the frame
    public ulong Holders;           // that held it
    public long HeldFor;            // nanoseconds
    public int Length;
    public int Missing;             // octets of the frame's end that nobody has
    public CaptureKind Kind;
    public byte Interface;          // 0 left, 1 right
    public sbyte Decider;           // the number of the rule that decided; −1 for none
    public bool Dropped;

    /// <summary>Of a frame as it arrived: the next record shows it as it left. Of that record: this one stands before it.</summary>
    public bool Paired;

    public OffloadOctets Offload;

    [InlineArray(Frames.Offload.Length)]
    internal struct OffloadOctets
    {
        private byte _first;
    }
}
