using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Rules;

namespace Fluke6.Bridging;

/// <summary>
/// Decides which frames the fast path leaves to the bridge: those that a guard of a chain asks for, the one that runs or one that is about to; and
/// all, where that cannot be told by guards. Any thread.
/// </summary>
/// <param name="path">The fast path; null if there is none.</param>
/// <param name="reason">Why there is none.</param>
/// <param name="flows">Writes down what TCP ends and neighbours say, so that every such frame has to come, and counts frames by flow; null if nothing does.</param>
/// <param name="left">The left port.</param>
/// <param name="right">The right port.</param>
/// <param name="journal">Told when the path is taken or left.</param>
internal sealed class FastPathSwitch(IFastPath? path, string? reason, FlowObserver? flows, IPort left, IPort right, BridgeJournal journal)
{
    private readonly Lock _lock = new();
    private readonly List<RuleChain> _chains = [RuleChain.Empty];
    private readonly (long Frames, long Bytes)[] _counted = new (long, long)[2];
    private bool _hasBegun;
    private bool _isCapturing;
    private bool _isLooping;
    private string? _directed;
    private volatile string? _reason = reason ?? "the bridge has not begun";

    /// <summary>Why every frame comes to the bridge; null if those that no rule asks for do not.</summary>
    public string? Reason => _reason;

    /// <summary>Whether there are ports between which there can be a fast path.</summary>
    public bool IsPossible => path is not null;

    /// <summary>Whether the kernel forwards frames, which must not overtake others that came to the bridge. Any thread.</summary>
    public bool IsOn => path is not null && _reason is null;

    /// <summary>The bridge begins to forward.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            Apply();
            _hasBegun = true;
            Apply();
        }
    }

    /// <summary>The bridge has ended: every frame comes, and is counted as unread, unless another bridge goes on from here. Bridge's thread.</summary>
    public void End(in Moment now)
    {
        lock (_lock)
        {
            _hasBegun = false;
            path?.End();
        }

        Collect(now, isLast: true);
    }

    /// <summary>A chain is about to be published: what it asks for comes from now on.</summary>
    public void Publishing(RuleChain chain)
    {
        lock (_lock)
        {
            _chains.Add(chain);
            Apply();
        }
    }

    /// <summary>A chain runs: what only those before it asked for need not come any more.</summary>
    public void Adopted(RuleChain chain)
    {
        lock (_lock)
        {
            int index = _chains.LastIndexOf(chain);
            if (index > 0)
                _chains.RemoveRange(0, index);
            Apply();
        }
    }

    /// <summary>A capture begins, which is to show every frame, or has ended.</summary>
    public void Capture(bool isRunning)
    {
        lock (_lock)
        {
            _isCapturing = isRunning;
            Apply();
        }
    }

    /// <summary>Looks whether the ports are still fit for it. Bridge's thread.</summary>
    /// <param name="isLooping">Whether frames that come back have to be found among all.</param>
    /// <param name="now">Now.</param>
    public void Look(bool isLooping, in Moment now)
    {
        if (path is null)
            return;

        lock (_lock)
        {
            _isLooping = isLooping;
            Apply();
        }

        Collect(now, isLast: false);
    }

    /// <inheritdoc cref="IFastPath.Handled"/>
    public void Handled(Side side, in Moment moment) => path!.Handled(side, moment.Monotonic);

    // Frames that the kernel forwarded count as if the bridge had. The counters are the bridge's thread's.
    private void Collect(in Moment now, bool isLast)
    {
        if (path is null)
            return;

        flows?.Collect(now, isLast);
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Left, Side.Right])
        {
            (long frames, long bytes) = path.Forwarded(side);
            ref (long Frames, long Bytes) counted = ref _counted[(int)side];
            PortCounters from = (side == Side.Left ? left : right).Counters, to = (side == Side.Left ? right : left).Counters;
            (from.KernelFrames, from.KernelBytes) = (from.KernelFrames + frames - counted.Frames, from.KernelBytes + bytes - counted.Bytes);
            (from.RxFrames, from.RxBytes) = (from.RxFrames + frames - counted.Frames, from.RxBytes + bytes - counted.Bytes);
            (to.TxFrames, to.TxBytes) = (to.TxFrames + frames - counted.Frames, to.TxBytes + bytes - counted.Bytes);
            counted = (frames, bytes);
        }
    }

    private void Apply()
    {
        if (path is null)
            return;

        string? trouble = _isCapturing ? "a capture shows every frame"
            : _isLooping ? "frames that the bridge sent come back, and are looked for among all"
            : path.Trouble ?? _chains.Select(Trouble).FirstOrDefault(found => found is not null);
        Guard? wanted = trouble is null ? Wanted() : null;
        if (wanted is not null && GuardFlows.Steps(wanted) is var steps && steps > path.MaxSteps)
            (trouble, wanted) = ($"the rules' guards have {steps} parts, and {path.MaxSteps} fit", null);
        string? text = wanted?.ToString();
        if (_hasBegun && text != _directed)
        {
            string? failure = path.Direct(wanted);
            _directed = failure is null ? text : null;
            trouble ??= failure;
        }

        if (trouble == _reason)
            return;

        _reason = trouble;
        if (_hasBegun && trouble != "")
            journal.Add(new LogNote("fast path", trouble is null ? "on: the kernel forwards what no rule asks for" : $"off: {trouble}"));
    }

    private static string? Trouble(RuleChain chain)
    {
        if (chain.Gone.FirstOrDefault(entry => entry.Owes is { IsOwed: true }) is { } gone)
            return $"{gone.Name} is gone, and connections whose data it changed go on";

        foreach (RuleEntry entry in chain.Entries.Where(entry => entry.Rule is not null))
        {
            if (entry is { OwesBesidesGuard: true, Owes.IsOwed: true })
                return $"{entry.Name} had another guard, and connections whose data it changed go on";
            if (entry.Guard is not { } guard || entry.Check is null)
                return $"{entry.Name} has no guard";
            if (GuardFlows.IsSplitBy(guard))
                return $"{entry.Name} asks for a part of a flow, {guard}, which the rest would overtake";
        }

        return null;
    }

    private Guard Wanted()
    {
        ulong released = flows?.Table.Releases.Rules ?? 0;
        IEnumerable<Guard> guards = _chains.SelectMany(chain => chain.Entries).Where(entry => entry.Guard is not null)
            .Select(entry => (released & entry.NumberBit) == 0 ? entry.Guard! : GuardFlows.NotReleased(entry.Guard!, entry.NumberBit))
            .DistinctBy(guard => $"{guard}");
        return guards.Aggregate(flows is not null ? GuardFlows.OfLedgers : Guard.Never, (all, guard) => all | guard);
    }
}
