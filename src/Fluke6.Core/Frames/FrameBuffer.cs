using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>
/// The memory of one frame: headroom, the offload header, the frame, tailroom, in one pinned array that a port fills and empties again
/// and again. The offload header always stands right before the frame, so that a port reads and writes both in one piece.
/// Belongs to one thread.
/// </summary>
public sealed partial class FrameBuffer : EditGuard
{
    /// <summary>Octets kept free before the offload header for headers that grow: 40 of TCP options, tags, tunnel headers.</summary>
    internal const int Headroom = 246;

    /// <summary>Where a port puts a frame it receives.</summary>
    internal const int FrameStart = Headroom + Offload.Length;

    /// <summary>The longest frame: an IP packet of 65,535 octets, an Ethernet header, four VLAN tags.</summary>
    internal const int MaxFrameLength = 65535 + 14 + (4 * Layers.MaxVlanTags);

    private FrameUndo _undo;
    private bool _leftBehind;
    private int _length;
    private FrameFacts _facts = new();

    /// <summary>Room for one frame of a rule's own, to read, edit or answer it: <c>buffer.Load(...)</c>, then <c>new Frame(buffer)</c>.</summary>
    public FrameBuffer()
        : this(new FrameUndo())
    {
    }

    /// <summary>A buffer for one frame.</summary>
    /// <param name="undo">Where edits save what they overwrite; buffers that one thread uses in turn share one.</param>
    internal FrameBuffer(FrameUndo undo)
    {
        _undo = undo;
        _outermost = this;
        Array = GC.AllocateUninitializedArray<byte>(FrameStart + MaxFrameLength + 1, pinned: true);
        Start = FrameStart;
        Offload.Clear();
    }

    /// <summary>The pinned memory.</summary>
    internal byte[] Array { get; }

    /// <summary>Where in <see cref="Array"/> the frame begins.</summary>
    internal int Start { get; set; }

    /// <summary>The frame's octets, without the offload header.</summary>
    internal int Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _length;
        set
        {
            if (_outer is not null)
                MoveOuterTail(value - _length);
            _length = value;
        }
    }

    /// <summary>The port that the frame arrived on.</summary>
    internal Side From => _facts.From;

    /// <summary>When the frame came to a worker, in nanoseconds since 1970, UTC; that of the frame before until then.</summary>
    internal long ArrivedAt
    {
        get => _facts.ArrivedAt;
        set => _facts.ArrivedAt = value;
    }

    /// <summary>The kind of header that the frame begins with.</summary>
    internal LinkType LinkType => _facts.LinkType;

    /// <summary>The largest network packet, in octets, that both ports take. Edits refuse to grow past it.</summary>
    internal int Mtu => _outer is null ? _facts.Mtu : InnerMtu;

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

    /// <summary>The frame.</summary>
    internal Span<byte> Octets
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Array, Start, _length);
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
        _length = length;
        _facts.Begin(linkType, from, mtu);
        Edited = false;
        _walked = NotWalked;
        _inner?.Abandon();
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
    internal void Load(FrameBuffer other)
    {
        other.SettleInner();
        other.Octets.CopyTo(Array.AsSpan(FrameStart));
        other.Offload.CopyTo(Array.AsSpan(FrameStart - Offload.Length, Offload.Length));
        Arrive(other.Length, other.LinkType, other.From, other.Mtu);
        ArrivedAt = other.ArrivedAt;
        TagRoom = other.TagRoom;
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
        copy._length = _length;
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
        for (FrameBuffer? frame = this; frame is not null; frame = frame._inner)
        {
            frame.Edited = false;
            frame._walked = NotWalked;
        }
    }

    /// <summary>Whether headers may grow by this many octets, into the headroom.</summary>
    internal bool HasHeadroom(int octets) =>
        _outer is null ? Start - octets >= Offload.Length && MayGrow(octets) : OuterHasHeadroom(octets);

    /// <summary>Whether VLAN tags may grow by this many octets. In a tunnel they count as the outer packet's.</summary>
    internal bool HasTagRoom(int octets) => _outer is not null || WireLength + octets <= EthernetHeader.Length + Mtu + TagRoom;

    /// <summary>Whether this many octets more fit behind the frame.</summary>
    internal bool HasTailroom(int octets) =>
        _outer is null ? Start + Length + octets <= Array.Length : OuterHasTailroom(octets);

    /// <summary>Whether the frame, with all that is around it, may be this many octets longer.</summary>
    internal bool MayGrow(int octets) => _outer is null ? Length + octets <= MaxFrameLength : OuterMayGrow(octets);

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

    private void MoveHeadAndOuters(int at, int growth, string edit)
    {
        if (_outer is not null)
        {
            MoveOuterHead(at, growth, edit);
        }
        else
        {
            int start = Start - growth;
            Array.AsSpan(Start - Offload.Length, Offload.Length + at).CopyTo(Array.AsSpan(start - Offload.Length));
            Start = start;
            Offload.Shift(growth, at);
        }

        _length += growth;
        _walked = NotWalked;
        NoteMove(edit);
    }

    /// <summary>
    /// Lets the frame have at least this many octets, up to <see cref="MaxFrameLength"/>; those beyond its end hold anything.
    /// </summary>
    internal void MakeRoom(int length)
    {
        if (_outer is not null)
        {
            MakeRoomInOuter(length);
            return;
        }

        if (Start + length > Array.Length)
        {
            // Headers that shrank have moved the frame up; all octets stand saved by now.
            Array.AsSpan(Start - Offload.Length, Offload.Length + Length).CopyTo(Array.AsSpan(FrameStart - Offload.Length));
            Start = FrameStart;
        }

        _length = Math.Max(_length, length);
    }
}
