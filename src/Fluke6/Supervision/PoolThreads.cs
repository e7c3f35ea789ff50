using System.Globalization;

namespace Fluke6.Command.Supervision;

/// <summary>
/// Sees to it that .NET's pool of threads has some left for others. Rules' tasks share it with libraries: that of the dashboard, which reads keys there, and that
/// of sockets, which DNS relays wait at. The pool itself adds a thread or two a second where tasks block those it has; this adds as many as wait.
/// </summary>
/// <param name="most">How many threads there may be. Each takes 8 MiB of address space, and some 30 KiB of memory.</param>
internal sealed class PoolThreads(int most = PoolThreads.Most)
{
    private const int Most = 4096;
    private readonly int _least = LeastBefore();
    private long _completed = -1;
    private bool _added;

    /// <summary>Adds threads if all are blocked, and takes them back once nothing waits any more. To be called about once a second.</summary>
    /// <returns>A line for the log at the first of them; null otherwise.</returns>
    public string? Look()
    {
        long waiting = ThreadPool.PendingWorkItemCount, completed = ThreadPool.CompletedWorkItemCount;
        bool stands = waiting > 0 && completed == _completed;
        _completed = completed;
        if (waiting == 0 && _added)
        {
            _added = false;
            SetLeast(_least);
        }

        int threads = ThreadPool.ThreadCount;
        if (!stands || threads >= most || Work())
            return null;

        SetLeast((int)Math.Min(threads + waiting, most));
        if (_added)
            return null;

        _added = true;
        return string.Create(CultureInfo.InvariantCulture,
            $"tasks of rules block all {threads} threads of .NET's pool, and {waiting} more wait: it gets as many threads, {most} at most; where a task waits, use await, or a thread of the rule's own");
    }

    // Then more of them would only take turns with those, and with the bridge's thread.
    private static bool Work()
    {
        try
        {
            return Directory.EnumerateDirectories("/proc/self/task").Count(IsAtWork) >= Environment.ProcessorCount;
        }
        // Some thread has just ended: the next look is soon.
        catch (IOException)
        {
            return true;
        }
    }

    // proc(5): the thread's name stands in parentheses, and its state after it.
    private static bool IsAtWork(string thread) => File.ReadAllText(Path.Combine(thread, "stat")).Contains("(.NET TP Worker) R ", StringComparison.Ordinal);

    private static int LeastBefore()
    {
        ThreadPool.GetMinThreads(out int workers, out _);
        return workers;
    }

    private static void SetLeast(int workers)
    {
        ThreadPool.GetMinThreads(out _, out int completionPorts);
        ThreadPool.SetMinThreads(workers, completionPorts);
    }
}
