using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>
/// A part of a frame's memory that is a frame itself: all of it, which is a <see cref="FrameBuffer"/>, or one that another frame carries.
/// Views and edits work on either. Belongs to one thread.
/// </summary>
public abstract partial class FrameRegion : EditGuard
{
    /// <summary>The largest IP packet, in octets.</summary>
    internal const int MaxPacketLength = 65535;

    /// <summary>How many frames inside one another are followed, the outermost not counted.</summary>
    internal const int MaxInnerFrames = 3;

    private InnerFrame? _inner;     // used again for every frame that comes through this region
    private int _length;

    /// <summary>A region of memory.</summary>
    /// <param name="array">The memory.</param>
    /// <param name="outermost">Whose memory it is; null for a buffer, whose own it is.</param>
    private protected FrameRegion(byte[] array, FrameBuffer? outermost)
    {
        Array = array;
        Outermost = outermost ?? (FrameBuffer)this;
    }

    /// <summary>The pinned memory.</summary>
    internal byte[] Array { get; }

    /// <summary>The frame that is inside no other: this one, or what is around it.</summary>
    internal FrameBuffer Outermost { get; }

    /// <summary>Where in <see cref="Array"/> the frame begins.</summary>
    internal int Start { get; private protected set; }

    /// <summary>The frame's octets, without the offload header.</summary>
    internal int Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _length;
        private protected set => _length = value;
    }

    /// <summary>The frame.</summary>
    internal Span<byte> Octets
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Array, Start, _length);
    }

    /// <summary>The kind of header that the frame begins with.</summary>
    internal abstract LinkType LinkType { get; }

    /// <summary>The largest network packet, in octets, that both ports take. Edits refuse to grow past it.</summary>
    internal abstract int Mtu { get; }

    /// <summary>How many frames are around this one.</summary>
    internal abstract int Depth { get; }

    /// <summary>Whether nothing in this frame can become longer or shorter, for what is around it would no longer be right.</summary>
    internal abstract bool HasFixedLength { get; }

    /// <summary>Whether headers may grow by this many octets, into the headroom.</summary>
    internal abstract bool HasHeadroom(int octets);

    /// <summary>Whether VLAN tags may grow by this many octets. In a tunnel they count as the outer packet's.</summary>
    internal abstract bool HasTagRoom(int octets);

    /// <summary>Whether this many octets more fit behind the frame.</summary>
    internal abstract bool HasTailroom(int octets);

    /// <summary>Whether the frame, with all that is around it, may be this many octets longer.</summary>
    internal abstract bool MayGrow(int octets);

    /// <summary>
    /// Lets the frame have at least this many octets, up to <see cref="FrameBuffer.MaxFrameLength"/>; those beyond its end hold anything.
    /// </summary>
    internal abstract void MakeRoom(int length);

    /// <summary>Makes the frame end elsewhere; what stands behind it in a frame around it still does.</summary>
    internal abstract void Resize(int length);

    /// <summary>
    /// Opens a gap of <paramref name="growth"/> octets at <paramref name="at"/> (or, negative, closes one that begins there) by moving all
    /// that stands before it, the offload header included; the offload header's offsets follow. What is behind stays where it is. The
    /// gap's octets are the caller's to write.
    /// </summary>
    internal void MoveHead(int at, int growth, [CallerMemberName] string edit = "")
    {
        if (growth == 0)
            return;

        // A VLAN tag leaves the packet as it is, and all that it carries.
        if (at > _layers.NetworkOffset)
            _inner?.Leave(edit);
        MoveHeadAndOuters(at, growth, edit);
    }

    /// <summary>Moves the head of this frame, and what is around it, which still holds what it carries.</summary>
    internal void MoveHeadAndOuters(int at, int growth, string edit)
    {
        MoveOctetsBefore(at, growth, edit);
        _length += growth;
        _walked = NotWalked;
        NoteMove(edit);
    }

    /// <summary>Moves all that stands before an octet of the frame, which becomes longer at its start.</summary>
    private protected abstract void MoveOctetsBefore(int at, int growth, string edit);

    /// <summary>The frame that this one carries; null if it carries none that can be read.</summary>
    internal FrameRegion? OpenInner()
    {
        if (Encapsulation.TryFind(Octets, Layers, out Encapsulation found))
            return Open(found, nameof(Frame.TryGetInner));

        if (found.IsUnreadable && Depth < MaxInnerFrames)
            FoundMalformed();
        return null;
    }

    /// <summary>The frame that a rule says is carried at an offset; null if there cannot be one.</summary>
    internal FrameRegion? OpenInnerAt(int offset, LinkType linkType) =>
        Encapsulation.TryFindAt(Octets, Layers, offset, linkType, out Encapsulation found)
            ? Open(found, nameof(Frame.TryGetInnerAt))
            : null;

    private InnerFrame? Open(in Encapsulation found, string caller)
    {
        // Cut up on the wire, each datagram would have outer headers of its own in what looks like one inner frame.
        if (Depth == MaxInnerFrames || (Layers.HasTransport && Offload.SegmentSize > 0 && IsSegmentedAtOuterTransport))
            return null;

        InnerFrame inner = _inner ??= new InnerFrame(this);
        inner.Enter(found, caller);
        return found.LinkType == LinkType.RawIp && inner.Layers.Network == EtherType.None ? null : inner;
    }

    /// <summary>Lets lengths and checksums follow what happened inside. To be called before anything here is read.</summary>
    internal void SettleInner()
    {
        if (_inner is { Edited: true })
            _inner.Settle();
    }

    /// <summary>What was carried is there no longer, and nobody has it.</summary>
    private protected void AbandonInner() => _inner?.Abandon();
}
