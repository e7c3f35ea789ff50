using System.Collections.Concurrent;
using Fluke6.Journal;

namespace Fluke6.Engine;

/// <summary>What a worker offers to its rules: timers, a way to send, a journal, a clock, what they keep.</summary>
internal sealed class RuleServices
{
    /// <summary>How many pieces of posted work of one rule may wait.</summary>
    internal const int MaxPostedOfARule = 65_536;

    private readonly ConcurrentQueue<PostedWork> _posted = new();
    private readonly ConcurrentDictionary<string, byte> _parameters = new();
    private readonly ConcurrentDictionary<string, byte> _finalizing = new();

    /// <summary>Services for one worker.</summary>
    /// <param name="journal">Where rules log.</param>
    /// <param name="clock">What rules see as their clock; null for the time that the worker is told.</param>
    /// <param name="random">The rules' random numbers; used on the worker's thread.</param>
    /// <param name="threads">What the system does about threads that rules do not give back; null for nothing.</param>
    /// <param name="crashRecord">Where the rule at work is noted for whoever outlives this process; null if nobody does.</param>
    public RuleServices(
        BridgeJournal journal, TimeProvider? clock, Random random, IThreads? threads = null, CrashRecord? crashRecord = null)
    {
        CrashRecord = crashRecord ?? new CrashRecord();
        LeftBehind = new LeftBehindThreads(threads);
        Journal = journal;
        Held = new HeldFrames(this);
        Clock = clock ?? new WorkerClock(this);
        Random = random;
        Now = clock is null ? default : Moment.Of(clock);
    }

    /// <summary>
    /// The names of all parameters that a rule asked for so far and, where given, could read, as <c>NAME</c> or <c>RULE.NAME</c>: a
    /// <c>--set</c> of another name has no effect.
    /// </summary>
    public ICollection<string> ParameterNames => _parameters.Keys;

    /// <summary>The names of all rules so far whose scripts declare finalizers.</summary>
    public ICollection<string> FinalizingRules => _finalizing.Keys;

    /// <summary>Threads that rules did not give back.</summary>
    public LeftBehindThreads LeftBehind { get; }

    /// <summary>Where the rule at work is noted.</summary>
    internal CrashRecord CrashRecord { get; }

    internal BridgeJournal Journal { get; }

    internal TimeProvider Clock { get; }

    internal Random Random { get; }

    internal KeepStore Kept { get; } = new();

    internal RuleTimers Timers { get; } = new();

    /// <summary>Frames that rules hold.</summary>
    internal HeldFrames Held { get; }

    /// <summary>The debts of rules to connections that they changed, by their names. Worker's thread only.</summary>
    internal Dictionary<string, FlowObligation> Obligations { get; } = new(StringComparer.Ordinal);

    /// <summary>The numbers of rules' names.</summary>
    public RuleNames RuleNames { get; } = new();

    /// <summary>The time that the worker was told last.</summary>
    internal Moment Now { get; set; }

    /// <summary>Is called where work was posted, from any thread; null while nobody waits for that.</summary>
    internal Action? Wake { get; set; }

    internal Outbox? Outbox { get; private set; }

    /// <summary>By which the watchdog knows the worker's thread.</summary>
    internal RuleCall Call { get; private set; } = new();

    internal bool IsWorkerThread => Call.IsOfThisThread;

    internal int PostedCount => _posted.Count;

    internal void NoteParameter(string name) => _parameters[name] = 0;

    internal void NoteFinalizers(string rule) => _finalizing[rule] = 0;

    internal void Attach(Outbox outbox) => Outbox = outbox;

    /// <summary>From here on the calling thread is the worker's.</summary>
    internal RuleCall ClaimThread() => Call = RuleCall.OfThisThread = new RuleCall(CrashRecord.NextSlot());

    /// <summary>A rule calls what belongs to the worker's thread; ends with <see cref="EndEngineCall"/>.</summary>
    /// <param name="what">The method's name.</param>
    /// <exception cref="InvalidOperationException">On another thread.</exception>
    internal void BeginEngineCall(string what)
    {
        if (!Call.IsOfThisThread)
            Refuse(what);
        Call.BeginEngineCall();
    }

    internal void EndEngineCall() => Call.EndEngineCall();

    /// <summary>Adds work of a rule. Any thread.</summary>
    /// <exception cref="InvalidOperationException">The rule has <see cref="MaxPostedOfARule"/> pieces waiting already.</exception>
    internal void Post(RuleInstance rule, Action action)
    {
        if (Interlocked.Increment(ref rule.Posted) > MaxPostedOfARule)
        {
            Interlocked.Decrement(ref rule.Posted);
            throw new InvalidOperationException(
                $"{MaxPostedOfARule:N0} posted actions of the rule are waiting, as many as may; post less, or wait until some ran");
        }

        Enqueue(new PostedWork(rule, action));
    }

    /// <summary>Adds work of the engine's own. Any thread.</summary>
    internal void Post(Action action) => Enqueue(new PostedWork(null, action));

    /// <summary>Asks for a look at whose exits are due. Any thread.</summary>
    internal void PostExit() => Enqueue(new PostedWork(null, null));

    /// <summary>Takes what was posted. Worker's thread.</summary>
    internal bool TryTakePosted(out PostedWork work)
    {
        if (!_posted.TryDequeue(out work))
            return false;

        if (work.Rule is { } rule)
            Interlocked.Decrement(ref rule.Posted);
        return true;
    }

    private void Enqueue(PostedWork work)
    {
        _posted.Enqueue(work);
        Wake?.Invoke();
    }

    private void Refuse(string what)
    {
        LeftBehind.ThrowIfCurrent();
        throw new InvalidOperationException($"{what} is for the bridge's thread: from a task or thread of your own, Post(() => {what}(...))");
    }
}

/// <summary>What waits for the worker's thread: an action of a rule; without a rule, one of the engine's own; with neither, a look at whose
/// exits are due.</summary>
internal readonly record struct PostedWork(RuleInstance? Rule, Action? Action);
