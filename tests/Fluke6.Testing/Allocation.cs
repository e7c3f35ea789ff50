namespace Fluke6.Testing;

/// <summary>What code allocates once it is warm.</summary>
internal static class Allocation
{
    private const int Windows = 4;

    /// <summary>Octets that this thread allocates in a run: of some runs, the least.</summary>
    /// <param name="run">What it allocates, every run shows; what the runtime does beside it, one.</param>
    public static long In(Action run)
    {
        long least = long.MaxValue;
        for (int window = 0; window < Windows && least != 0; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
