using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Bridging;

/// <summary>
/// Notices a rule that does not return, leaves the bridge's thread behind in it, and lets the traffic go on without the rule; notices, too,
/// a rule that returns each time, and so late that all traffic waits for it. Costs the frame path nothing: it looks at numbers that the
/// worker writes anyway.
/// </summary>
internal sealed class BridgeWatchdog : IDisposable
{
    // A rule is given up so early that traffic is back soon after the limit; not by the clock alone, as a machine that was stopped goes on late.
    private const double ShareOfLimit = 0.95;
    private const int LooksPerLimit = 20;
    private const int LeastLooks = LooksPerLimit / 2;
    private const int LooksPerShare = 5;
    private readonly Bridge _bridge;
    private readonly RuleShares _shares;
    private readonly FinalizerWatch _finalizers = new(TimeSpan.FromSeconds(10));
    private readonly long _interval;
    private readonly TimeSpan _patience;
    private readonly ManualResetEvent _stop = new(false);
    private Thread? _thread;
    private BridgeLoop? _loop;
    private long _token;
    private long _round;
    private long _since;
    private int _looks;

    public BridgeWatchdog(Bridge bridge, RuleFaults faults, TimeSpan limit)
    {
        _bridge = bridge;
        _shares = new RuleShares(bridge.Services, faults, limit);
        _patience = limit * ShareOfLimit;
        _interval = (long)(limit.TotalSeconds / LooksPerLimit * Stopwatch.Frequency);
    }

    // A thread of its own: a pool thread spins for a while after each call, and would take from the bridge what it watches over.
    public void Start()
    {
        _thread = new Thread(Watch) { IsBackground = true, Name = "bridge watchdog" };
        _thread.Start();
    }

    public void Dispose()
    {
        if (_stop.SafeWaitHandle.IsClosed)
            return;

        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
    }

    // The first hang must not wait for the just-in-time compiler, which on a busy machine takes as long as a tenth of the limit.
    private static void PrepareTakeover()
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (Type type in (Type[])[
            typeof(BridgeWatchdog), typeof(BridgeLoop), typeof(RuleCall), typeof(LeftBehindThreads), typeof(Worker), typeof(BatchInFlight),
            typeof(RuleFaults), typeof(CrashRecord)])
        {
            foreach (MethodInfo method in type.GetMethods(Own).Where(method => !method.ContainsGenericParameters))
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
    }

    private void Watch()
    {
        PrepareTakeover();
        long next = Stopwatch.GetTimestamp();
        for (long number = 1; ; number++)
        {
            // By the clock, as waits are late on a busy machine, and that adds up. What a stopped machine missed is not made up for.
            long now = Stopwatch.GetTimestamp();
            next = Math.Max(next + _interval, now);
            if (_stop.WaitOne(Stopwatch.GetElapsedTime(now, next)))
                return;

            Look();
            if (number % LooksPerShare != 0)
                continue;

            if (_bridge.Loop?.Call is { } call)
                _shares.Look(call);
            _bridge.Services.LeftBehind.DemoteWhatStays();
            if (_finalizers.HaveStopped())
                TellOfFinalizers();
        }
    }

    private void TellOfFinalizers()
    {
        string[] rules = [.. _bridge.Services.FinalizingRules.Order(StringComparer.Ordinal)];
        string whose = rules.Length > 0 ? $" of {string.Join(" or ", rules)}" : "";
        _bridge.Services.Journal.Add(new LogNote(
            rules.FirstOrDefault() ?? "rules",
            $"a finalizer{whose} does not return, so no other of the process runs any more, and memory may grow without end; "
                + "take it out of the rule, and restart the bridge"));
    }

    private void Look()
    {
        if (_bridge.Loop is not { } loop || loop.Call is not { } call)
            return;

        long token = call.Token, round = loop.Round;
        // An action that sends frames through other rules, as exits do, is many calls; the thread does not get between batches all the same.
        bool goesOn = loop == _loop && token != 0 && (token == _token || (round == _round && call.IsInAction));
        (_loop, _token, _round) = (loop, token, round);
        if (!goesOn)
            (_looks, _since) = (0, Stopwatch.GetTimestamp());
        if (++_looks <= LeastLooks || Stopwatch.GetElapsedTime(_since) < _patience || !call.GiveUp(token))
            return;

        // The thread is in that call, and stays there as far as the bridge is concerned.
        RuleEntry rule = call.RunningRule!;
        string? at = rule.Context?.Position.Current;
        // First of all: while a loop allocates, garbage collections leave nobody else much time.
        rule.Context?.Position.End();
        _bridge.Services.LeftBehind.Add(rule.Name, loop.Thread, loop.SystemThread);
        _bridge.Replace(loop, rule, call.IsInAction ? -1 : call.Position, at);
        _loop = null;
    }
}
