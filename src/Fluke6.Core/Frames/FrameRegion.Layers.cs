using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

// Which headers the frame has, as long as it holds, and whether views and frames that rules got before still do.
public abstract partial class FrameRegion
{
    private const int NotWalked = -1;

    private Layers _layers;
    private int _walked = NotWalked;    // the generation whose layers are known

    /// <summary>Which headers the frame has; walked at the first call after it arrived or changed its layout.</summary>
    internal ref readonly Layers Layers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_walked != Generation)
                Walk();
            return ref _layers;
        }
    }

    /// <summary>Whether the layers are known, and every header was read but for one that nobody knows.</summary>
    internal bool IsRead
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _walked == Generation && _layers.StoppedAt is LayerStop.Complete or LayerStop.UnknownProtocol;
    }

    /// <summary>The layers, where they are known.</summary>
    internal ref readonly Layers KnownLayers => ref _layers;

    /// <summary>
    /// Which frame this is of those that were in this buffer while the outermost stayed the same. Only an inner frame's changes: when its
    /// octets move by an edit of the frame around it, and when another is opened in its place.
    /// </summary>
    internal int Generation { get; private set; }

    /// <summary>
    /// The layers, for whoever got the frame when it was of this generation: one comparison tells both that it still is and that they are known.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly Layers LayersOf(int generation)
    {
        if (_walked != generation)
            WalkOf(generation);
        return ref _layers;
    }

    /// <summary>Throws if this is no longer the frame that somebody got.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Check(int generation)
    {
        if (Generation != generation)
            ThrowMoved();
    }

    /// <summary>Called after a field changed that decides how others are read: what was found by it no longer holds.</summary>
    internal void ForgetLayers()
    {
        SettleInner();
        _walked = NotWalked;
    }

    /// <summary>Called after octets were replaced from some header on: neither offsets nor views hold, nor what was carried.</summary>
    /// <param name="growth">By how many octets the frame is longer; not 0: octets around it have moved too.</param>
    /// <param name="edit">The method that did it, as rules call it.</param>
    internal void OctetsMoved(int growth, [CallerMemberName] string edit = "")
    {
        ForgetLayers();
        _inner?.Leave(edit);
        if (growth == 0)
            NoteMove(edit);
        else
            NoteMoveWithOuters(edit);
    }

    /// <summary>Notes that octets of this frame, and with them those around it, have moved.</summary>
    internal virtual void NoteMoveWithOuters(string edit) => NoteMove(edit);

    /// <summary>What is carried is no longer where it was.</summary>
    private protected void LeaveInner(string edit) => _inner?.Leave(edit);

    /// <summary>Ends what was got of this frame: another one is in its place.</summary>
    private protected void BeginGeneration()
    {
        Generation++;
        _walked = NotWalked;
    }

    /// <summary>Lets the headers be walked anew before anybody reads them.</summary>
    internal void ForgetWalk() => _walked = NotWalked;

    /// <summary>Lets this frame's lengths follow what it carries, and its views hold on if they may.</summary>
    internal void FollowInner(int growth)
    {
        if (growth != 0)
            FollowLength(_layers, growth);
        _walked = growth == 0 ? Generation : NotWalked;
    }

    /// <inheritdoc/>
    internal override void AfterLayoutEdit()
    {
        // Other octets count as headers from now on, so those that were saved as headers may be too few for the next edit.
        Outermost.SaveRest();
        ForgetLayers();
    }

    /// <inheritdoc/>
    internal override void FoundMalformed() => Outermost.NoteMalformed();

    /// <summary>Where what carries an inner frame begins: what follows IP, or the Ethernet header and its tags.</summary>
    internal int CarrierStart => _layers.Network == EtherType.None ? _layers.NetworkOffset : _layers.TransportOffset;

    /// <summary>Where what this frame carries ends; behind PPPoE and MPLS there is nothing but the frame.</summary>
    internal int CarrierEnd => _layers.HasTransport ? _layers.PayloadEnd : PacketEnd(_length);

    /// <summary>Where the packet ends that may hold an inner frame, if that is known.</summary>
    /// <param name="otherwise">Where it does if no header says so.</param>
    internal int PacketEnd(int otherwise) => _layers.Network == EtherType.None ? otherwise : _layers.NetworkEnd;

    /// <summary>Where the network header begins.</summary>
    internal int PacketStart => _layers.NetworkOffset;

    /// <summary>How many octets an edit of headers may change.</summary>
    private protected int HeaderOctets
    {
        get
        {
            ref readonly Layers layers = ref Layers;
            // ICMP messages are all header to the views over them; only TCP and UDP payload stays untouched by header edits.
            bool hasPayload = layers.HasTransport && layers.Transport is IpProtocol.Tcp or IpProtocol.Udp;
            return hasPayload ? layers.PayloadOffset : _length;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WalkOf(int generation)
    {
        Check(generation);
        Walk();
    }

    /// <summary>Walks through the headers, unless all that happened is that what is carried has changed, and no length.</summary>
    private protected abstract void Walk();

    /// <summary>Settles what is carried; whether the headers have to be walked through nevertheless.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected bool HasToWalk()
    {
        SettleInner();
        bool isWalked = _walked == Generation;
        _walked = Generation;
        return !isWalked;
    }

    /// <summary>Where the walk through the headers notes them.</summary>
    private protected ref Layers WalkedLayers => ref _layers;
}
