using System.Collections.Concurrent;

namespace Fluke6.Rules;

/// <summary>What a bridge offers to its rules: timers, a way to send, a journal, a clock, what they keep.</summary>
public sealed class RuleServices
{
    private readonly ConcurrentQueue<(RuleContext Context, Action? Action)> _posted = new();
    private readonly ConcurrentDictionary<string, byte> _parameters = new();
    private Action? _wake;
    private int _bridgeThread;

    /// <summary>Services for one bridge.</summary>
    /// <param name="journal">Where rules log.</param>
    /// <param name="clock">The rules' time.</param>
    /// <param name="random">The rules' random numbers; used on the bridge's thread.</param>
    public RuleServices(BridgeJournal journal, TimeProvider clock, Random random)
    {
        Journal = journal;
        Clock = clock;
        Random = random;
        Timers = new RuleTimers(clock);
    }

    /// <summary>The names of all parameters that a rule asked for so far: a <c>--set</c> of another name has no effect.</summary>
    public ICollection<string> ParameterNames => _parameters.Keys;

    internal BridgeJournal Journal { get; }

    internal TimeProvider Clock { get; }

    internal Random Random { get; }

    internal KeepStore Kept { get; } = new();

    internal RuleTimers Timers { get; }

    internal Outbox? Outbox { get; private set; }

    internal bool IsBridgeThread => Environment.CurrentManagedThreadId == _bridgeThread;

    internal int PostedCount => _posted.Count;

    internal void NoteParameter(string name) => _parameters[name] = 0;

    internal void Attach(Outbox outbox, Action wake)
    {
        Outbox = outbox;
        _wake = wake;
    }

    internal void ClaimThread() => _bridgeThread = Environment.CurrentManagedThreadId;

    internal void Post(RuleContext context, Action action)
    {
        _posted.Enqueue((context, action));
        _wake?.Invoke();
    }

    internal void PostExit(RuleContext context)
    {
        _posted.Enqueue((context, null));
        _wake?.Invoke();
    }

    /// <summary>Takes what a rule posted; no action stands for a look at whose exits are due.</summary>
    internal bool TryTakePosted(out RuleContext context, out Action? action)
    {
        bool taken = _posted.TryDequeue(out var posted);
        (context, action) = posted;
        return taken;
    }
}
