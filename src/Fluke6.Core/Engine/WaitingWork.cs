using Fluke6.Frames;

namespace Fluke6.Engine;

/// <summary>What a rule's top level asked for before the rule was in the chain. Any thread.</summary>
internal sealed class WaitingWork
{
    private readonly Lock _lock = new();
    private List<WaitingTimer>? _timers = [];
    private List<Action>? _posted = [];
    private List<(Side Side, byte[]? Octets, FrameCopy? Copy)>? _frames = [];

    /// <summary>Keeps a timer that is to begin; false if the rule is, or was, in the chain.</summary>
    public bool TryAdd(WaitingTimer timer)
    {
        lock (_lock)
        {
            _timers?.Add(timer);
            return _timers is not null;
        }
    }

    /// <summary>Keeps an action that was posted; false if the rule is, or was, in the chain.</summary>
    public bool TryAdd(Action action)
    {
        lock (_lock)
        {
            _posted?.Add(action);
            return _posted is not null;
        }
    }

    /// <summary>Keeps a copy of a frame to send; false if the rule is, or was, in the chain.</summary>
    public bool TryAdd(Side side, ReadOnlySpan<byte> octets)
    {
        lock (_lock)
        {
            _frames?.Add((side, octets.ToArray(), null));
            return _frames is not null;
        }
    }

    /// <summary>Keeps a frame to send; false if the rule is, or was, in the chain.</summary>
    public bool TryAdd(Side side, FrameCopy copy)
    {
        lock (_lock)
        {
            _frames?.Add((side, null, copy));
            return _frames is not null;
        }
    }

    /// <summary>The rule is in the chain: everything that waited begins. Worker's thread.</summary>
    public void Release(RuleInstance rule, RuleServices services)
    {
        lock (_lock)
        {
            foreach (WaitingTimer timer in _timers ?? [])
                services.Timers.Start(timer, services.Now.Monotonic);
            foreach (Action action in _posted ?? [])
                services.Post(rule, action);
            foreach ((Side side, byte[]? octets, FrameCopy? copy) in _frames ?? [])
            {
                rule.Counters.Sent++;
                if (copy is not null)
                    services.Outbox!.Add(side, copy, rule.Number);
                else
                    services.Outbox!.Add(side, octets, rule.Number);
            }
        }

        Discard();
    }

    /// <summary>Forgets everything, from now on.</summary>
    public void Discard()
    {
        lock (_lock)
        {
            _timers = null;
            _posted = null;
            _frames = null;
        }
    }
}
