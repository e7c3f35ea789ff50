using System.Runtime.CompilerServices;

namespace Fluke6.Frames;

// Which headers the frame has, as long as it holds, and whether views and frames that rules got before still do.
public sealed partial class FrameBuffer
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

    /// <summary>
    /// Which frame this is of those that were in this buffer while the outermost stayed the same. Only an inner frame's changes: when its
    /// octets move by an edit of the frame around it, and when another is opened in its place.
    /// </summary>
    internal int Generation { get; private set; }

    /// <summary>The layers, for whoever got the frame when it was of this generation: one comparison tells both that it still is and that they are known.</summary>
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
        NoteMove(edit);
        for (FrameBuffer? outer = _outer; outer is not null && growth != 0; outer = outer._outer)
            outer.NoteMove(edit);
    }

    /// <inheritdoc/>
    internal override void FoundMalformed() => _outermost._facts.Malformed = true;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WalkOf(int generation)
    {
        Check(generation);
        Walk();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Walk()
    {
        if (_outermost._leftBehind)
            throw new InvalidOperationException("the rule took too long; its frame has gone on without it");

        SettleInner();
        if (_walked == Generation)
            return;

        LayerWalk.Walk(Octets, LinkType, out _layers, _place.IsQuoted);
        _walked = Generation;
        // The outermost frame's own headers are for the bridge to judge, as they arrive; a quotation ends anywhere, and a rule may be wrong.
        if (_outer is not null && !_layers.AreUnderstood && !_place.IsQuoted && !_place.IsAssumed)
            FoundMalformed();
    }
}
