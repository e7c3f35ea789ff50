using Fluke6.Bridging;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Command.Testing;

/// <summary>
/// What holds whatever a test says: nothing throws, what is not changed stays as it is, lengths and checksums that were right are right.
/// </summary>
internal static class FrameChecks
{
    /// <summary>Checks all of it.</summary>
    /// <param name="linkType">The header that frames begin with.</param>
    /// <param name="arrived">The frame that arrived; empty if none did.</param>
    /// <param name="departed">The frames that departed because of it.</param>
    /// <param name="notes">The rules' notes.</param>
    /// <returns>What does not hold, with the frame where it is about one.</returns>
    public static IEnumerable<(string What, byte[]? Frame)> Breaches(
        LinkType linkType, byte[] arrived, IReadOnlyList<DepartedFrame> departed, IReadOnlyList<JournalNote> notes)
    {
        foreach (FaultNote note in notes.OfType<FaultNote>())
            yield return ($"{note.Fault.Rule} threw{(note.Fault.At is null ? "" : $" at {note.Fault.At}")}: {note.Fault.Message}", null);
        bool wasRight = arrived.Length == 0 || FrameFaults.Of(arrived, linkType).Count == 0;
        foreach (DepartedFrame frame in departed)
        {
            if (frame.IsSame && !arrived.AsSpan().SequenceEqual(frame.Octets))
                yield return ("the frame changed, and no rule changed it", frame.Octets);
            if (frame.IsSame || frame.IsCorrupted || !wasRight)
                continue;

            foreach (string fault in FrameFaults.Of(frame.Octets, linkType))
                yield return ($"a frame departed, and {fault}", frame.Octets);
        }
    }
}
