using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>
/// The memory of one frame: headroom, the offload header, the frame, tailroom, in one pinned array that a port fills and empties again
/// and again. The offload header always stands right before the frame, so that a port reads and writes both in one piece.
/// Belongs to one thread.
/// </summary>
public sealed partial class FrameBuffer : FrameRegion
{
    /// <summary>Octets kept free before the offload header for headers that grow: 40 of TCP options, tags, tunnel headers.</summary>
    internal const int Headroom = 246;

    /// <summary>Where a port puts a frame it receives.</summary>
    internal const int FrameStart = Headroom + Offload.Length;

    /// <summary>The longest frame: an IP packet of 65,535 octets, an Ethernet header, four VLAN tags.</summary>
    internal const int MaxFrameLength = 65535 + 14 + (4 * Layers.MaxVlanTags);

    private FrameUndo _undo;
    private bool _leftBehind;
    private FrameFacts _facts = new();

    /// <summary>Room for one frame of a rule's own, to read, edit or answer it: <c>buffer.Load(...)</c>, then <c>new Frame(buffer)</c>.</summary>
    public FrameBuffer()
        : this(new FrameUndo())
    {
    }

    /// <summary>A buffer for one frame.</summary>
    /// <param name="undo">Where edits save what they overwrite; buffers that one thread uses in turn share one.</param>
    internal FrameBuffer(FrameUndo undo)
        : base(GC.AllocateUninitializedArray<byte>(FrameStart + MaxFrameLength + 1, pinned: true), outermost: null)
    {
        _undo = undo;
        Start = FrameStart;
        Offload.Clear();
    }

    /// <summary>The port that the frame arrived on.</summary>
    internal Side From => _facts.From;

    /// <summary>When the frame came to a worker, in nanoseconds since 1970, UTC; that of the frame before until then.</summary>
    internal long ArrivedAt
    {
        get => _facts.ArrivedAt;
        set => _facts.ArrivedAt = value;
    }

    /// <inheritdoc/>
    internal override LinkType LinkType => _facts.LinkType;

    /// <inheritdoc/>
    internal override int Mtu => _facts.Mtu;

    /// <inheritdoc/>
    internal override int Depth => 0;

    /// <inheritdoc/>
    internal override bool HasFixedLength => false;

    /// <summary>How many octets of VLAN tags may come on top of <see cref="Mtu"/>. Edits refuse to add more.</summary>
    internal int TagRoom
    {
        get => _facts.TagRoom;
        set => _facts.TagRoom = value;
    }

    /// <summary>The flow of the frame in hand, which is this one while rules have it; null where nobody keeps flows.</summary>
    internal FlowAtHand? Flow { get; set; }

    /// <summary>How many octets of the frame's end are not here, since a capture lacks them; 0 for all frames that arrive at ports.</summary>
    internal int MissingOctets
    {
        get => _facts.MissingOctets;
        set => _facts.MissingOctets = value;
    }

    /// <summary>Whether the rule at hand called <see cref="Frame.Hit"/>.</summary>
    internal bool HitByRule
    {
        get => _facts.HitByRule;
        set => _facts.HitByRule = value;
    }

    /// <summary>Whether any rule changed the frame since it arrived.</summary>
    internal bool Rewritten => _facts.Rewritten;

    /// <summary>Whether something that was asked for, by a rule or by the flow table, is there and cannot be read.</summary>
    internal bool Malformed => _facts.Malformed;

    /// <summary>The rules that let go of the frame's flow, so that they are not asked about it, by their numbers.</summary>
    internal ulong ReleasedBy
    {
        get => _facts.ReleasedBy;
        set => _facts.ReleasedBy = value;
    }

    /// <summary>The rules that the frame was a hit of, by their numbers.</summary>
    internal ulong HitRules
    {
        get => _facts.HitRules;
        set => _facts.HitRules = value;
    }

    /// <summary>The rules that changed the frame, by their numbers.</summary>
    internal ulong RewritingRules
    {
        get => _facts.RewritingRules;
        set => _facts.RewritingRules = value;
    }

    /// <summary>Takes over a frame that a port has put at <see cref="FrameStart"/>, its offload header before it.</summary>
    /// <param name="length">The frame's octets, without the offload header.</param>
    /// <param name="linkType">What it begins with.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="mtu">The largest network packet, in octets, that it may grow to.</param>
    /// <param name="start">Where the frame begins instead, if the port made use of headroom; at least <see cref="Offload.Length"/>.</param>
    internal void Arrive(int length, LinkType linkType, Side from, int mtu, int start = FrameStart)
    {
        Start = start;
        Length = length;
        _facts.Begin(linkType, from, mtu);
        Edited = false;
        ForgetWalk();
        AbandonInner();
    }

    /// <summary>Copies a whole frame in, with no offload. The frame that was in it before ends.</summary>
    /// <param name="octets">From its link header on.</param>
    /// <param name="linkType">What it begins with.</param>
    /// <param name="from">The port that it is said to have arrived on.</param>
    /// <param name="mtu">The largest network packet, in octets, that it may grow to.</param>
    /// <exception cref="ArgumentException">The frame is longer than <see cref="MaxFrameLength"/>.</exception>
    public void Load(ReadOnlySpan<byte> octets, LinkType linkType, Side from, int mtu = 65535)
    {
        if (octets.Length > MaxFrameLength)
            throw new ArgumentException($"A frame has at most {MaxFrameLength} octets, not {octets.Length}.", nameof(octets));

        octets.CopyTo(Array.AsSpan(FrameStart));
        Array.AsSpan(FrameStart - Offload.Length, Offload.Length).Clear();
        Arrive(octets.Length, linkType, from, mtu);
    }

    /// <summary>Copies a frame with its offload header.</summary>
    internal void Load(FrameRegion other)
    {
        other.SettleInner();
        other.Octets.CopyTo(Array.AsSpan(FrameStart));
        other.Offload.CopyTo(Array.AsSpan(FrameStart - Offload.Length, Offload.Length));
        Arrive(other.Length, other.LinkType, other.Outermost.From, other.Mtu);
        ArrivedAt = other.Outermost.ArrivedAt;
        TagRoom = other.Outermost.TagRoom;
    }

    /// <summary>Copies in a frame that was kept, with its offload header. The frame that was in it before ends.</summary>
    /// <param name="copy">The frame.</param>
    /// <param name="from">The port that it is said to have arrived on.</param>
    /// <param name="mtu">The largest network packet, in octets, that it may grow to.</param>
    public void Load(FrameCopy copy, Side from, int mtu = 65535)
    {
        copy.CopyTo(Array.AsSpan(FrameStart - Offload.Length));
        Arrive(copy.Length, copy.LinkType, from, mtu);
    }

    /// <summary>
    /// Leaves this buffer to a rule that does not give it back: it refuses to be looked into or edited from here on.
    /// </summary>
    /// <returns>A copy in its place, of the frame as the rule found it.</returns>
    internal FrameBuffer LeaveBehind()
    {
        var copy = new FrameBuffer(_undo);
        bool edited = Edited;
        Refuse();
        Array.CopyTo(copy.Array);
        copy.Start = Start;
        copy.Length = Length;
        copy._facts = _facts with { HitByRule = false, HoldFor = NotHeld };
        copy.Flow = Flow;
        if (edited)
            copy._undo.Restore(copy);
        return copy;
    }

    // The rule runs on: what it asks for next is walked or saved anew, and that throws.
    private void Refuse()
    {
        _undo = new FrameUndo();
        _leftBehind = true;
        Edited = false;
        ForgetWalk();
        AbandonInner();
    }

    /// <summary>Throws if another thread has gone on with a copy of the frame.</summary>
    internal void RefuseIfLeftBehind()
    {
        if (_leftBehind)
            throw new InvalidOperationException("the rule took too long; its frame has gone on without it");
    }

    /// <summary>Something that was asked for is there and cannot be read.</summary>
    internal void NoteMalformed() => _facts.Malformed = true;

    /// <inheritdoc/>
    internal override bool HasHeadroom(int octets) => Start - octets >= Offload.Length && MayGrow(octets);

    /// <inheritdoc/>
    internal override bool HasTagRoom(int octets) => WireLength + octets <= EthernetHeader.Length + Mtu + TagRoom;

    /// <inheritdoc/>
    internal override bool HasTailroom(int octets) => Start + Length + octets <= Array.Length;

    /// <inheritdoc/>
    internal override bool MayGrow(int octets) => Length + octets <= MaxFrameLength;

    /// <inheritdoc/>
    internal override void MakeRoom(int length)
    {
        if (Start + length > Array.Length)
        {
            // Headers that shrank have moved the frame up; all octets stand saved by now.
            Array.AsSpan(Start - Offload.Length, Offload.Length + Length).CopyTo(Array.AsSpan(FrameStart - Offload.Length));
            Start = FrameStart;
        }

        Length = Math.Max(Length, length);
    }

    /// <inheritdoc/>
    internal override void Resize(int length) => Length = length;

    /// <inheritdoc/>
    private protected override void MoveOctetsBefore(int at, int growth, string edit)
    {
        int start = Start - growth;
        Array.AsSpan(Start - Offload.Length, Offload.Length + at).CopyTo(Array.AsSpan(start - Offload.Length));
        Start = start;
        Offload.Shift(growth, at);
    }

    /// <inheritdoc/>
    private protected override void Walk()
    {
        RefuseIfLeftBehind();
        if (HasToWalk())
            LayerWalk.Walk(Octets, LinkType, out WalkedLayers);
    }

    /// <summary>
    /// Completes the checksum if it is SCTP's. Whoever gets the frame next cannot tell, and would put an Internet checksum there.
    /// RFC 9260 §6.8.
    /// </summary>
    internal void CompleteSctpChecksum()
    {
        Offload offload = Offload;
        if (!offload.NeedsCsum || offload.ChecksumOffset != Crc32c.SctpChecksumOffset
            || !PartialChecksum.IsSctp(Octets, LinkType, offload.ChecksumStart, out int end))
            return;

        Crc32c.WriteSctpChecksum(Octets[offload.ChecksumStart..end]);
        offload.ClearPartialChecksum();
    }
}
