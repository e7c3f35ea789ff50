using System.Runtime.CompilerServices;

namespace Fluke6.Wire;

/// <summary>
/// Is told before the first octet of a frame changes, so that whoever owns the octets can save them and knows that an edit happened.
/// Every setter of every view calls it; a view made over bare octets, outside any frame, has none. Is told, too, of what cannot be read.
/// </summary>
public abstract class EditGuard
{
    /// <summary>Whether octets changed since the owner last cleared this.</summary>
    public bool Edited { get; protected set; }

    /// <summary>Called by setters before they write header octets. The first call saves; the rest cost one test.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeforeHeaderEdit()
    {
        if (!Edited)
            SaveHeaders();
    }

    /// <summary>Called by setters of views that reach into what TCP or UDP carries, before they write.</summary>
    internal virtual void BeforeWholeEdit() => BeforeHeaderEdit();

    /// <summary>Called by setters after a field changed that decides how other headers are read.</summary>
    public virtual void AfterLayoutEdit()
    {
    }

    /// <summary>Called by views that meet octets which contradict themselves or end too soon: the frame counts as not understood.</summary>
    internal virtual void FoundMalformed()
    {
    }

    /// <summary>Saves the headers as they stand and sets <see cref="Edited"/>.</summary>
    protected abstract void SaveHeaders();
}
