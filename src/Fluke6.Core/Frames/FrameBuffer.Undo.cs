using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

// The frame as it arrived and as each rule found it: what is saved before the first edit, and put back after a fault.
public sealed partial class FrameBuffer
{
    /// <summary>The frame as it arrived; of one that a rule changed, the first <see cref="FrameUndo.ArrivalCapacity"/> octets.</summary>
    internal Span<byte> ArrivedOctets => Rewritten ? _undo.Arrival : Octets;

    /// <summary>How many octets the frame had when it arrived.</summary>
    internal int ArrivedLength => Rewritten ? _undo.ArrivalLength : Length;

    /// <summary>The frame as the rule at hand found it; of one that it changed, what was saved before.</summary>
    internal ReadOnlySpan<byte> FoundOctets => Edited ? _undo.Saved : Octets;

    /// <summary>
    /// Copies the frame as the rule at hand found it, with the checksum completed. For frames that are headers from end to end, as ICMP's
    /// are: of others, the payload is not saved before an edit.
    /// </summary>
    /// <returns>How many octets it has; 0, and nothing written, if <paramref name="destination"/> is too short.</returns>
    internal int CopyFound(Span<byte> destination)
    {
        ReadOnlySpan<byte> found = FoundOctets;
        if (found.Length > destination.Length)
            return 0;

        found.CopyTo(destination);
        PartialChecksum.Complete(destination[..found.Length], LinkType, Edited ? _undo.SavedOffload : Offload);
        return found.Length;
    }

    /// <summary>Forgets what the previous rule did, so that the next one's edits are told apart from it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void BeginRule()
    {
        Edited = false;
        HitByRule = false;
    }

    /// <summary>Puts the frame back as the rule at hand found it.</summary>
    internal void Undo()
    {
        if (!Edited)
            return;

        _undo.Restore(this);
        Edited = false;
        ForgetWalk();
        AbandonInner();
    }

    /// <summary>Notes that the rule at hand is done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EndRule()
    {
        _facts.Rewritten |= Edited;
        SettleInner();
    }

    /// <inheritdoc/>
    internal override void BeforeWholeEdit()
    {
        SettleInner();
        SaveWhole();
    }

    /// <summary>Saves all, whatever was saved before.</summary>
    internal void SaveWhole() => SaveWith(Length);

    /// <summary>
    /// Saves the first <paramref name="count"/> octets, if nothing is saved yet; else all, for what is may not reach so far.
    /// </summary>
    internal void SaveWith(int count)
    {
        if (Edited)
            _undo.SaveRest(this);
        else
            Save(count);
    }

    /// <summary>Saves what no edit has touched yet, if one has touched anything.</summary>
    internal void SaveRest()
    {
        if (Edited)
            _undo.SaveRest(this);
    }

    /// <summary>The octets were put back as they had been saved.</summary>
    internal void PutBack(int start, int length)
    {
        Start = start;
        Length = length;
    }

    /// <inheritdoc/>
    private protected override void SaveHeaders() => Save(HeaderOctets);

    private void Save(int count)
    {
        if (!Rewritten)
            _undo.SaveArrival(this);
        _undo.Save(this, count);
        Edited = true;
    }
}
