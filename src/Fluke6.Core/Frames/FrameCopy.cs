namespace Fluke6.Frames;

/// <summary>
/// A frame that outlives the rule's call, with its offload header: a super-segment stays one, and a checksum that is left to complete is
/// completed when the copy is sent, as the frame's would have been. To delay, to duplicate, to reorder.
/// </summary>
/// <remarks>
/// <para>Made by <see cref="Frame.Copy"/>, sent by <c>Send(side, copy)</c>, as often as wanted, at the top level too if <c>Keep</c>
/// kept it.
/// Nothing in it changes any more, so any thread may read it.</para>
/// <para>It costs one array of the frame's length and ten octets more, up to 64 KiB for a super-segment, and is garbage once nothing
/// refers to
/// it: what a rule holds back is what it takes in memory (20 ms at 5 Gbit/s: 12 MB).</para>
/// </remarks>
public sealed class FrameCopy : ISpanFormattable
{
    private readonly byte[] _octets;    // the offload header, then the frame

    /// <summary>A copy of a frame as it stands.</summary>
    internal FrameCopy(FrameRegion frame)
    {
        frame.SettleInner();
        _octets = GC.AllocateUninitializedArray<byte>(Offload.Length + frame.Length);
        frame.Offload.CopyTo(_octets);
        frame.Octets.CopyTo(_octets.AsSpan(Offload.Length));
        LinkType = frame.LinkType;
        From = frame.Outermost.From;
    }

    /// <summary>A frame that a rule wrote, with no offload.</summary>
    internal FrameCopy(ReadOnlySpan<byte> octets, LinkType linkType, Side from)
    {
        _octets = [.. stackalloc byte[Offload.Length], .. octets];
        LinkType = linkType;
        From = from;
    }

    /// <summary>The port that the frame arrived on.</summary>
    public Side From { get; }

    /// <summary>The kind of header that the frame begins with.</summary>
    public LinkType LinkType { get; }

    /// <summary>The frame's octets, without preamble and frame check sequence.</summary>
    public int Length => _octets.Length - Offload.Length;

    /// <summary>The octets as they stand. A partial checksum holds the pseudo-header's sum; see <see cref="HasPartialChecksum"/>.</summary>
    public ReadOnlySpan<byte> Octets => _octets.AsSpan(Offload.Length);

    /// <inheritdoc cref="Frame.SegmentSize"/>
    public int SegmentSize => Header.SegmentSize;

    /// <inheritdoc cref="Frame.HasPartialChecksum"/>
    public bool HasPartialChecksum => Header.NeedsCsum;

    private Offload Header => new(_octets);

    /// <summary>The octets as they would be on a wire, with the checksum completed; a super-segment stays one.</summary>
    public byte[] ToArray()
    {
        byte[] copy = Octets.ToArray();
        PartialChecksum.Complete(copy, LinkType, Header);
        return copy;
    }

    /// <summary>The frame in one line, as tcpdump would print it.</summary>
    public override string ToString() => FramePrinter.Print(Octets, LinkType);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        FramePrinter.TryFormat(Octets, LinkType, destination, out charsWritten);

    /// <summary>Writes the offload header and the frame.</summary>
    internal void CopyTo(Span<byte> destination) => _octets.CopyTo(destination);
}
