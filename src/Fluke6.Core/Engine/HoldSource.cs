namespace Fluke6.Engine;

/// <summary>
/// Where frames come from that a rule holds, and where they go on: known by the rule's name, so that no version of the rule is kept alive
/// by what it held, and that rule may be reloaded, moved or gone by then.
/// </summary>
internal sealed class HoldSource(string name, RuleCounters counters)
{
    private int _holding;

    /// <summary>The rule's name.</summary>
    public string Name => name;

    /// <summary>The rule's counters.</summary>
    public RuleCounters Counters { get; private set; } = counters;

    /// <summary>How many frames are held.</summary>
    public int Holding
    {
        get => _holding;
        set
        {
            Counters.Holding += value - _holding;
            _holding = value;
        }
    }

    /// <summary>The rule in a set of rules.</summary>
    public ulong NumberBit { get; set; }

    /// <summary>The position in the chain at which its frames go on.</summary>
    public int ResumesAt { get; set; }

    /// <summary>Whether it was told that there is no room, since there last was enough.</summary>
    public bool SaidFull { get; set; }

    /// <summary>The rule's file was taken away and came back: it counts anew, and what is held is counted there.</summary>
    public void CountIn(RuleCounters counters)
    {
        if (counters == Counters)
            return;

        Counters.Holding -= _holding;
        counters.Holding += _holding;
        Counters = counters;
    }
}
