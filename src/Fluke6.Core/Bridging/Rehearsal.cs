using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Bridging;

/// <summary>
/// A chain of rules that is shown frames one by one, and what it makes of them: for tests of rules. Belongs to the thread that made it.
/// </summary>
internal sealed class Rehearsal : IDisposable
{
    private readonly RehearsalTap _tap;
    private readonly long _start;
    private TimeSpan _passed;

    /// <summary>A rehearsal without rules; they are to be published to its <see cref="Bridge"/>.</summary>
    /// <param name="linkType">The header that frames begin with.</param>
    /// <param name="mtu">The largest network packet, in bytes, that rules may make a frame grow to.</param>
    /// <param name="start">When time begins.</param>
    /// <param name="options">How rules are treated; the clock is not used.</param>
    public Rehearsal(LinkType linkType, int mtu, DateTimeOffset start, BridgeOptions options)
    {
        _tap = new RehearsalTap(linkType);
        _start = (start - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        Bridge = new VirtualBridge(linkType, mtu, _start, options, _tap);
        Bridge.Claim();
    }

    /// <summary>The bridge that the frames pass.</summary>
    public VirtualBridge Bridge { get; }

    /// <summary>The verdict on the frame that arrived last.</summary>
    public Verdict Verdict => _tap.Verdict;

    /// <summary>Lets a frame arrive.</summary>
    /// <returns>All that departed because of it, in order.</returns>
    public IReadOnlyList<DepartedFrame> Arrive(Side from, ReadOnlySpan<byte> octets)
    {
        Bridge.Arrive(from, octets, _start + (_passed.Ticks * TimeSpan.NanosecondsPerTick));
        return PassTime(TimeSpan.Zero);
    }

    /// <summary>Lets time pass.</summary>
    /// <returns>All that departed meanwhile, in order.</returns>
    public IReadOnlyList<DepartedFrame> PassTime(TimeSpan span)
    {
        Bridge.PassTime(span);
        _passed += span;
        return TakeDeparted();
    }

    /// <summary>Lets rules do what they do at exit.</summary>
    /// <returns>All that departed meanwhile, in order.</returns>
    public IReadOnlyList<DepartedFrame> End()
    {
        Bridge.End();
        return TakeDeparted();
    }

    /// <summary>Lets a frame arrive, and keeps nothing of what comes of it.</summary>
    /// <returns>How many bytes of memory the rules took for it.</returns>
    public long AllocatedFor(Side from, ReadOnlySpan<byte> octets)
    {
        _tap.IsOn = false;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Bridge.Arrive(from, octets, _start + (_passed.Ticks * TimeSpan.NanosecondsPerTick));
        Bridge.PassTime(TimeSpan.Zero);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _tap.IsOn = true;
        return allocated;
    }

    /// <summary>Takes what the rules said since this was called last.</summary>
    public IReadOnlyList<JournalNote> TakeNotes()
    {
        var notes = new List<JournalNote>();
        while (Bridge.Journal.TryRead(out JournalNote note))
            notes.Add(note);
        return notes;
    }

    /// <inheritdoc/>
    public void Dispose() => Bridge.Dispose();

    private DepartedFrame[] TakeDeparted()
    {
        DepartedFrame[] departed = [.. _tap.DepartedFrames];
        _tap.DepartedFrames.Clear();
        return departed;
    }
}
