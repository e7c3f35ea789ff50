namespace Fluke6.Flows;

// Frames that the kernel forwarded. It counts each flow from its first frame on; what was added of that stands beside the flow's entry.
internal sealed partial class FlowTable
{
    private readonly Forwarded[]? _forwarded;

    /// <summary>Adds what the kernel forwarded of a flow since it was added last. Bridge's thread.</summary>
    /// <param name="key">The flow.</param>
    /// <param name="figures">All that the kernel forwarded of it.</param>
    /// <param name="now">Now.</param>
    /// <param name="since">Of a flow that is not in the table any more, what was forwarded before this moment was known when it was.</param>
    /// <returns>The entry's index, good until the next call; −1 if there is nothing new.</returns>
    internal int Add(in FlowKey key, in ForwardedFigures figures, in Moment now, long since)
    {
        int index = Find(key);
        if (index == None && figures.LastSeen < since)
            return None;

        long lastSeen = UtcTicks(figures.LastSeen, now);
        if (index == None)
            index = Add(key, key.Hash(_seed), figures.UpperBegan != 0, UtcTicks(figures.FirstSeen, now));
        ref Forwarded forwarded = ref _forwarded![index];
        ForwardedFigures added = forwarded.Added;
        if (figures.Frames == added.Frames)
            return None;

        ref FlowEntry entry = ref _entries[index];
        entry.Guard.BeginWrite();
        entry.FramesFromLeft += figures.FramesFromLeft - added.FramesFromLeft;
        entry.BytesFromLeft += figures.BytesFromLeft - added.BytesFromLeft;
        entry.FramesFromRight += figures.FramesFromRight - added.FramesFromRight;
        entry.BytesFromRight += figures.BytesFromRight - added.BytesFromRight;
        entry.LastSeen = Math.Max(entry.LastSeen, lastSeen);
        forwarded.Frames += figures.Frames - added.Frames;
        forwarded.Added = figures;
        entry.Guard.EndWrite();
        Unlink(index);
        LinkNewest(index);
        return index;
    }

    /// <summary>How many frames of a flow the kernel forwarded.</summary>
    internal long KernelFrames(int index) => _forwarded is null ? 0 : _forwarded[index].Frames;

    /// <summary>The kernel counts a flow from nothing again.</summary>
    internal void BeginAnew(in FlowKey key)
    {
        int index = Find(key);
        if (index != None)
            _forwarded![index].Added = default;
    }

    private static long UtcTicks(long monotonic, in Moment now) => now.UtcTicks - ((now.Monotonic - monotonic) / TimeSpan.NanosecondsPerTick);

    /// <summary>What was forwarded of a flow in all, and what the kernel said when that was added last.</summary>
    private struct Forwarded
    {
        public long Frames;
        public ForwardedFigures Added;
    }
}
