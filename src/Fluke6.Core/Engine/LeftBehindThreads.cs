using System.Collections.Immutable;

namespace Fluke6.Engine;

/// <summary>
/// Threads that rules did not give back and that were left where they are: how many, and what they cost. Each ends when its rule calls
/// Fluke6 or returns; one that never does either stays until the program ends. Any thread may call this.
/// </summary>
internal sealed class LeftBehindThreads
{
    /// <summary>How many may stay. Rules that left some of them behind are not loaded anew beyond that.</summary>
    public const int Limit = 32;

    private static readonly TimeSpan s_untilDemoted = TimeSpan.FromSeconds(1);
    private readonly IThreads? _system;
    private ImmutableArray<LeftBehindThread> _threads = [];
    private long _total;

    internal LeftBehindThreads(IThreads? system) => _system = system;

    /// <summary>How many there were since the start.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Those that have not ended.</summary>
    public IReadOnlyList<LeftBehindThread> Threads
    {
        get
        {
            ImmutableInterlocked.Update(ref _threads, threads => threads.RemoveAll(left => left.Thread is not { IsAlive: true }));
            return _threads;
        }
    }

    /// <summary>Whether as many have not ended as may.</summary>
    public bool AreTooMany => Threads.Count >= Limit;

    /// <summary>The system's number of the calling thread; 0 if nobody knows.</summary>
    internal int CurrentThread => _system?.Current ?? 0;

    /// <summary>The processor time that those which have not ended used since they were left behind.</summary>
    public TimeSpan ProcessorTime()
    {
        TimeSpan sum = TimeSpan.Zero;
        foreach (LeftBehindThread left in Threads)
        {
            if (_system?.ProcessorTime(left.SystemId) is { } time)
                sum += time - left.TimeBefore;
        }

        return sum;
    }

    /// <summary>Leaves a thread behind: whatever wait it is in ends.</summary>
    /// <param name="rule">The rule that does not give it back.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="systemId">Its number.</param>
    internal void Add(string rule, Thread thread, int systemId)
    {
        TimeSpan before = _system?.ProcessorTime(systemId) ?? TimeSpan.Zero;
        var left = new LeftBehindThread(rule, before, DateTimeOffset.UtcNow, thread, systemId);
        ImmutableInterlocked.Update(ref _threads, threads => threads.Add(left));
        Interlocked.Increment(ref _total);
        // Sleeps, locks and waits of .NET end with an exception; a system call that blocks does not.
        thread.Interrupt();
    }

    /// <summary>
    /// Gives those less of the processors that have been left behind for a while. Not at once: nearly all end at their script's next statement,
    /// and until then one that gets no processor would keep all others waiting that collect garbage, or that wait for a lock of the runtime.
    /// </summary>
    internal void DemoteWhatStays()
    {
        foreach (LeftBehindThread left in _threads)
        {
            if (!left.IsDemoted && left.SystemId != 0 && DateTimeOffset.UtcNow - left.Since > s_untilDemoted && left.Thread is { IsAlive: true })
            {
                left.IsDemoted = true;
                _system?.Demote(left.SystemId);
            }
        }
    }

    /// <summary>Ends what the calling thread does if it is one of them.</summary>
    /// <exception cref="LeftBehindException">It is.</exception>
    internal void ThrowIfCurrent()
    {
        foreach (LeftBehindThread left in _threads)
        {
            if (left.Thread == Thread.CurrentThread)
                throw new LeftBehindException();
        }
    }
}

/// <summary>A thread that a rule did not give back.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="TimeBefore">The processor time that it had used by then.</param>
/// <param name="Since">When it was left behind, in UTC.</param>
internal sealed record LeftBehindThread(string Rule, TimeSpan TimeBefore, DateTimeOffset Since)
{
    internal LeftBehindThread(string rule, TimeSpan timeBefore, DateTimeOffset since, Thread thread, int systemId)
        : this(rule, timeBefore, since) => (Thread, SystemId) = (thread, systemId);

    internal Thread? Thread { get; }

    internal int SystemId { get; }

    internal bool IsDemoted { get; set; }
}
