using Fluke6.Bridging;

namespace Fluke6.Command.Supervision;

/// <summary>Tells when only a new process frees what rules left behind: threads that never end, or the memory that they take.</summary>
internal static class Relief
{
    /// <summary>Why a new process is needed; null if it is not.</summary>
    public static string? NeededBy(Bridge bridge)
    {
        if (bridge.Services.LeftBehind.Threads is not { Count: > 0 } threads)
            return null;

        string rules = string.Join(", ", threads.Select(thread => thread.Rule).Distinct());
        if (bridge.Services.LeftBehind.AreTooMany)
            return $"{threads.Count} threads that rules left behind do not end ({rules})";

        // Of the machine, or of what its control group may have.
        long all = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return Environment.WorkingSet > all / 2
            ? $"the bridge takes {Environment.WorkingSet >> 20:N0} MiB, more than half of all memory, and rules left threads behind that do not end ({rules})" : null;
    }
}
