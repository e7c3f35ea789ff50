using System.Numerics;
using System.Runtime.CompilerServices;
using Fluke6.Engine;

namespace Fluke6.Flows;

/// <summary>
/// Which rules let go of which flows: they are not asked about them, and the kernel, where it can, does not ask. Bridge's thread, unless
/// said otherwise.
/// </summary>
/// <param name="table">The flows.</param>
/// <param name="kernel">The kernel's; null if it forwards none.</param>
internal sealed class FlowReleases(FlowTable table, IForwardedFlows? kernel)
{
    /// <summary>For how long a flow may be quiet, in ticks, until rules are asked about it again.</summary>
    public const long IdleAfter = TimeSpan.TicksPerMinute;

    // How many flows are looked at in one look.
    private const int AtOnce = 4096;

    // Of a flow: what the kernel has of it is of a version that left. No rule has the number.
    private const ulong IsOld = 1UL << (RuleNames.Capacity - 1);

    // By the flows' places; made when a rule first lets go of one.
    private ulong[]? _rules;

    // The same of rules that hold frames: those asked later would overtake them.
    private ulong[]? _later;
    private int _flowsLater;
    private readonly RuleEntry?[] _entries = new RuleEntry?[RuleNames.Capacity];
    private ulong _releasing;
    private ulong _leaving;
    private ulong _waiting;
    private int _next;
    private int _leftToClear;

    /// <summary>The rules that may have let go of flows in the kernel, and of none in another version. Any thread.</summary>
    public ulong Rules => Volatile.Read(ref _releasing);

    /// <summary>The rules that let go of a flow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(int index) => _rules is null ? 0 : _rules[index] & ~IsOld;

    /// <summary>A rule lets go of a flow: now, or once it holds no frame any more.</summary>
    public void Add(int index, RuleEntry rule)
    {
        // A connection whose data it changed is translated on: no frame of it may pass beside the rule.
        if (rule.Owes is { IsOwed: true })
            return;

        ulong bit = rule.NumberBit, before = index < 0 ? IsOld : Of(index);
        // The last number is that of all rules past it.
        if (((before | IsOld) & bit) != 0 || index < 0)
            return;

        _rules ??= new ulong[table.Capacity];
        _entries[BitOperations.TrailingZeroCount(bit)] = rule;
        if (!rule.LetsGoOfFlows)
            FollowToItsEnd(rule, bit);
        if (rule.Counters.Holding > 0)
            AddLater(index, bit);
        else
            Add(index, bit);
    }

    /// <summary>A rule holds a frame of a flow, of which it may have let go a moment ago.</summary>
    /// <param name="index">The flow's place; negative if it has none.</param>
    /// <param name="rule">The rule's bit.</param>
    public void Holds(int index, ulong rule)
    {
        if (index < 0 || (Of(index) & rule) == 0)
            return;

        _rules![index] &= ~rule;
        kernel?.Release(table.At(index).Key, Of(index));
        AddLater(index, rule);
    }

    /// <summary>A frame of a flow arrived: rules that let go of it while they held frames, and hold none now, are not asked about this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Arrived(int index)
    {
        if (_flowsLater > 0)
            TakeUp(index);
    }

    private void TakeUp(int index)
    {
        ulong left = 0;
        for (ulong rules = _later![index]; rules != 0; rules &= rules - 1)
        {
            ulong bit = rules & (0 - rules);
            if (_entries[BitOperations.TrailingZeroCount(bit)]!.Counters.Holding > 0)
                left |= bit;
            else
                Add(index, bit);
        }

        SetLater(index, left);
    }

    private void Add(int index, ulong rule)
    {
        ulong rules = Of(index) | rule;
        _rules![index] = rules;
        kernel?.Release(table.At(index).Key, rules);
        if ((_leaving & rule) != 0)
            _waiting |= rule;
        else
            Volatile.Write(ref _releasing, _releasing | rule);
    }

    private void AddLater(int index, ulong rule)
    {
        _later ??= new ulong[table.Capacity];
        SetLater(index, _later[index] | rule);
    }

    private void SetLater(int index, ulong rules)
    {
        _flowsLater += (rules != 0 ? 1 : 0) - (_later![index] != 0 ? 1 : 0);
        _later[index] = rules;
    }

    private void FollowToItsEnd(RuleEntry rule, ulong bit)
    {
        rule.LetsGoOfFlows = true;
        rule.AtItsEnd(() => Forget(bit));
    }

    /// <summary>All rules are asked about a flow again.</summary>
    public void Forget(int index)
    {
        if (_flowsLater > 0)
            SetLater(index, 0);
        if (_rules is null || _rules[index] == 0)
            return;

        _rules[index] = 0;
        kernel?.Release(table.At(index).Key, 0);
    }

    /// <summary>Looks at the next flows: those that are quiet are let go of no more, in the kernel, too.</summary>
    /// <param name="now">The time of day, in ticks.</param>
    public void Look(long now)
    {
        if (_rules is null)
            return;

        int end = Math.Min(_next + AtOnce, table.Count);
        for (; _next < end; _next++)
        {
            if (_rules[_next] == 0)
                continue;
            if (now - table.At(_next).LastSeen > IdleAfter)
                Forget(_next);
            else if ((_rules[_next] & IsOld) != 0)
                kernel?.Release(table.At(_next).Key, _rules[_next] &= ~IsOld);
        }

        if (_next < table.Count)
            return;

        _next = 0;
        // The kernel's rows of versions that left are gone once all flows were looked at from the first on.
        if (_leftToClear == 0 || --_leftToClear > 0)
            return;

        Volatile.Write(ref _releasing, _releasing | _waiting);
        _leaving = _waiting = 0;
    }

    // Another version of the rule has let go of nothing. In the kernel that takes as long as it takes to look at all flows; until then, the kernel asks.
    private void Forget(ulong rule)
    {
        foreach (ref ulong rules in _rules.AsSpan())
        {
            if ((rules & rule) != 0)
                rules = (rules & ~rule) | IsOld;
        }

        for (int i = 0; _flowsLater > 0 && i < table.Count; i++)
            SetLater(i, _later![i] & ~rule);

        Volatile.Write(ref _releasing, _releasing & ~rule);
        _leaving |= rule;
        _leftToClear = 2;
    }
}
