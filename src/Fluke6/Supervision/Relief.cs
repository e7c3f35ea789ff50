using Fluke6.Bridging;

namespace Fluke6.Command.Supervision;

/// <summary>Only a new process frees what rules left behind: threads that never end, or the memory that they take.</summary>
/// <param name="Why">A sentence, without a full stop.</param>
/// <param name="Rules">The rules that left threads behind.</param>
internal sealed record Relief(string Why, IReadOnlyList<string> Rules)
{
    /// <summary>Why a new process is needed; null if it is not.</summary>
    public static Relief? NeededBy(Bridge bridge)
    {
        if (bridge.Services.LeftBehind.Threads is not { Count: > 0 } threads)
            return null;

        string[] rules = [.. threads.Select(thread => thread.Rule).Distinct()];
        string names = string.Join(", ", rules);
        if (bridge.Services.LeftBehind.AreTooMany)
            return new Relief($"{threads.Count} threads that rules left behind do not end ({names})", rules);

        // Of the machine, or of what its control group may have.
        long all = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return Environment.WorkingSet > all / 2
            ? new Relief($"the bridge takes {Environment.WorkingSet >> 20:N0} MiB, more than half of all memory, and rules left threads behind that do not end ({names})", rules)
            : null;
    }
}
