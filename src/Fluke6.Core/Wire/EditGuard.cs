using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Fluke6.Wire;

/// <summary>
/// Is told before the first octet of a frame changes, so that whoever owns the octets can save them and knows that an edit happened.
/// Every setter of every view calls it; a view made over bare octets, outside any frame, has none. Is told, too, of what cannot be read.
/// </summary>
public abstract class EditGuard
{
    private string _lastMove = string.Empty;

    /// <summary>Whether octets changed since the owner last cleared this.</summary>
    internal bool Edited { get; private protected set; }

    /// <summary>How often the octets have moved. A view notes it when it is made, and throws when it is used after another move.</summary>
    internal int Moves { get; private set; }

    /// <summary>Called by setters before they write header octets. The first call saves; the rest cost one test.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void BeforeHeaderEdit()
    {
        if (!Edited)
            SaveHeaders();
    }

    /// <summary>Called by setters of views that reach into what TCP or UDP carries, before they write.</summary>
    internal virtual void BeforeWholeEdit() => BeforeHeaderEdit();

    /// <summary>Called by setters after a field changed that decides how other headers are read.</summary>
    internal virtual void AfterLayoutEdit()
    {
    }

    /// <summary>Called by views that meet octets which contradict themselves or end too soon: the frame counts as not understood.</summary>
    internal virtual void FoundMalformed()
    {
    }

    /// <summary>Saves the headers as they stand and sets <see cref="Edited"/>.</summary>
    private protected abstract void SaveHeaders();

    /// <summary>Notes that octets have moved, so that views which were made before throw from now on.</summary>
    /// <param name="edit">The method that moved them, or opened another inner frame.</param>
    private protected void NoteMove(string edit)
    {
        Moves++;
        _lastMove = edit;
    }

    /// <summary>Throws what a view, or a list of them, throws that was made before octets moved.</summary>
    [DoesNotReturn]
    internal void ThrowMoved() => throw new InvalidOperationException(_lastMove.StartsWith("TryGet", StringComparison.Ordinal)
        ? $"{_lastMove} has opened another inner frame since this view was got, and one is open at a time: get frame and view anew."
        : $"{_lastMove} has moved the frame's bytes since this view was got: get the view anew after {_lastMove}.");
}
