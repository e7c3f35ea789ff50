using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>
/// One frame on its way across the bridge. Views got from it (<c>frame.TryGetTcp(out var tcp)</c>) read and write its octets in place.
/// </summary>
/// <remarks>
/// <para>Valid only during the rule's call: its buffer is used again for the next frame, and the compiler refuses to let it, or a view,
/// be kept. To keep octets, copy them with <see cref="ToArray"/>; to send
/// the frame later, keep a <see cref="Copy"/>.</para>
/// <para>Methods of <see cref="Frame"/> that change lengths move octets: get views anew after them, for those that were got before throw
/// <see cref="InvalidOperationException"/> when they are read or written. Setters on views move nothing.</para>
/// </remarks>
public ref partial struct Frame : ISpanFormattable
{
    private readonly FrameRegion _buffer;
    private readonly int _generation;

    /// <summary>
    /// The frame in <paramref name="buffer"/>: for a rule that reads, edits or answers octets of its own, such as those of a frame that it
    /// copied. Rules are given theirs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Frame(FrameBuffer buffer)
        : this((FrameRegion)buffer)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Frame(FrameRegion region)
    {
        _buffer = region;
        _generation = region.Generation;
    }

    /// <summary>The port that the frame arrived on.</summary>
    public readonly Side From => Buffer.Outermost.From;

    /// <summary>When the frame arrived, UTC; in a replay, as the capture has it.</summary>
    public readonly DateTimeOffset ArrivalTime => Moment.At(_buffer.Outermost.ArrivedAt).UtcTime;

    /// <summary>The kind of header that the frame begins with: an Ethernet header, or on TUN ports an IP header.</summary>
    public readonly LinkType LinkType => Buffer.LinkType;

    /// <summary>The frame's octets, without preamble and frame check sequence.</summary>
    public readonly int Length => Buffer.Length;

    /// <summary>The largest network packet, in octets, that both ports take.</summary>
    public readonly int Mtu => Buffer.Mtu;

    /// <summary>The octets as they stand. A partial checksum holds the pseudo-header's sum; see <see cref="HasPartialChecksum"/>.</summary>
    public readonly ReadOnlySpan<byte> Octets
    {
        get
        {
            Buffer.SettleInner();
            return _buffer.Octets;
        }
    }

    /// <summary>Which headers the frame has, where, and where the walk through them stopped.</summary>
    public readonly ref readonly Layers Layers => ref _buffer.LayersOf(_generation);

    /// <summary>
    /// Octets of payload in each segment that this super-segment will be cut into on the wire (<c>gso_size</c>); 0 for an ordinary frame.
    /// </summary>
    public readonly int SegmentSize => Buffer.Offload.SegmentSize;

    /// <summary>Whether the transport checksum is left for whoever sends the frame to complete.</summary>
    public readonly bool HasPartialChecksum => Buffer.Offload.NeedsCsum;

    /// <summary>The frame's memory, if this is still the frame in it.</summary>
    internal readonly FrameRegion Buffer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            _buffer.Check(_generation);
            return _buffer;
        }
    }

    /// <summary>
    /// All octets, for writing what no view knows. Checksums, lengths and the offload header are then yours to keep right; views got
    /// before throw when they are used.
    /// </summary>
    public readonly Span<byte> Edit()
    {
        Buffer.BeforeWholeEdit();
        _buffer.OctetsMoved(growth: 0);
        return _buffer.Octets;
    }

    /// <summary>Counts this frame as a hit of the rule, though the rule changed nothing: for rules that only watch.</summary>
    public readonly void Hit() => _buffer.Outermost.HitByRule = true;

    /// <summary>A copy as it would be on a wire, with the checksum completed; a super-segment stays one.</summary>
    public readonly byte[] ToArray()
    {
        byte[] copy = new byte[Octets.Length];
        CopyTo(copy);
        return copy;
    }

    /// <summary>Copies the frame as it would be on a wire into memory of one's own, with the checksum completed; allocates nothing.</summary>
    /// <param name="destination">At least <see cref="Length"/> octets.</param>
    /// <returns>How many octets were written.</returns>
    /// <exception cref="ArgumentException">There is no room for it.</exception>
    public readonly int CopyTo(Span<byte> destination)
    {
        ReadOnlySpan<byte> octets = Octets;
        octets.CopyTo(destination);
        PartialChecksum.Complete(destination[..octets.Length], LinkType, _buffer.Offload);
        return octets.Length;
    }

    /// <summary>
    /// A copy that may be kept and sent later (<c>Send(side, copy)</c>), super-segment or not: it keeps the offload header, which
    /// <see cref="ToArray"/> does not. Of an inner frame, that frame alone.
    /// </summary>
    public readonly FrameCopy Copy() => new(Buffer);

    /// <summary>The frame in one line, as tcpdump would print it.</summary>
    public override readonly string ToString() => FramePrinter.Print(Octets, _buffer.LinkType);

    /// <inheritdoc cref="ToString()"/>
    public readonly string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public readonly bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        FramePrinter.TryFormat(Octets, _buffer.LinkType, destination, out charsWritten);
}
