using System.Diagnostics.CodeAnalysis;

namespace Fluke6.Journal;

/// <summary>Keeps notes of its own until the journal's reader comes for them. The reader's thread, one at a time.</summary>
internal interface IJournalSource
{
    /// <summary>Notes that found no room.</summary>
    long Dropped { get; }

    /// <summary>Takes the next note; false if there is none.</summary>
    bool TryRead([NotNullWhen(true)] out JournalNote? note);
}
