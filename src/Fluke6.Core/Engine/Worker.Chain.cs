namespace Fluke6.Engine;

// Another chain, between two batches.
internal sealed partial class Worker
{
    /// <summary>Runs another chain from the next batch on, after what rules do at exit that it lacks.</summary>
    public void Adopt(RuleChain chain, in Moment now)
    {
        RunExitsOfRulesMissingIn(chain, now);
        Use(chain, now);
    }

    /// <summary>
    /// Runs another chain from the next batch on. Versions that it lacks are at their end, and what the top level of new ones asked for begins.
    /// On the worker's thread, or while there is none.
    /// </summary>
    public void Use(RuleChain chain, in Moment now)
    {
        Begin(now);
        RuleChain old = _chain;
        if (chain != old)
            chain.TakeOver(old, _services.Obligations);
        Volatile.Write(ref _chain, chain);
        _services.Held.Follow(chain);
        _call.Chain = chain;
        _services.CrashRecord.SetRules(chain);
        var staying = new HashSet<RuleInstance>(chain.Entries.Where(rule => rule.Context is not null).Select(rule => rule.Context!));
        foreach (RuleEntry entry in old.Entries)
        {
            if (entry.Context is { } context && !staying.Contains(context))
                context.Deactivate();
        }

        foreach (RuleEntry entry in chain.Gone)
            entry.Number = _services.RuleNames.NumberOf(entry.Name);
        foreach (RuleEntry entry in chain.Entries)
        {
            entry.Number = _services.RuleNames.NumberOf(entry.Name);
            entry.Context?.Activate(entry);
        }
    }
}
