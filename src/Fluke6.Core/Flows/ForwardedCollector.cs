namespace Fluke6.Flows;

/// <summary>
/// Adds what the kernel forwarded to the table of flows, some flows at a time, and makes room in the kernel's own. Bridge's thread.
/// </summary>
/// <param name="kernel">The kernel's flows.</param>
/// <param name="table">The table.</param>
/// <param name="tcp">Told of segments.</param>
internal sealed class ForwardedCollector(IForwardedFlows kernel, FlowTable table, TcpTracker tcp)
{
    // Of a flow that is unseen for so long, the next frame begins anew; where there is little room, for so much less.
    private const long IdleAfter = 60 * Moment.Frequency, IdleSoonAfter = Moment.Frequency;

    // The kernel's program looks at a clock that ticks a hundred times a second, or more often.
    private const long ClockTolerance = Moment.Frequency;

    // Each is a call of the kernel's.
    private const int MostTaken = 256;

    private long _passBegan;
    private long _lastPassBegan;
    private int _count;
    private bool _isTight;

    /// <summary>Adds what is new of the next flows.</summary>
    /// <param name="now">Now.</param>
    /// <param name="isLast">Whether to go on until all are added.</param>
    public void Collect(in Moment now, bool isLast)
    {
        bool hasMore;
        do
        {
            hasMore = CollectNext(now);
        }
        while (hasMore && isLast);
    }

    /// <summary>Adds what is new of a flow that is in the table.</summary>
    public void Collect(in FlowKey key, in Moment now)
    {
        if (kernel.TryRead(key, out ForwardedFigures figures))
            Add(key, figures, now);
    }

    private bool CollectNext(in Moment now)
    {
        if (_count == 0)
            (_lastPassBegan, _passBegan) = (_passBegan, now.Monotonic);
        bool hasMore = kernel.ReadNext(out ReadOnlySpan<FlowKey> keys, out ReadOnlySpan<ForwardedFigures> figures);
        int taken = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            Add(keys[i], figures[i], now);
            if (taken < MostTaken && now.Monotonic - figures[i].LastSeen > (_isTight ? IdleSoonAfter : IdleAfter)
                && kernel.TryTake(keys[i], out ForwardedFigures last))
            {
                Add(keys[i], last, now);
                table.BeginAnew(keys[i]);
                taken++;
            }
        }

        _count += keys.Length - taken;
        if (hasMore)
            return true;

        _isTight = _count > kernel.Capacity / 4 * 3;
        _count = 0;
        return false;
    }

    private void Add(in FlowKey key, in ForwardedFigures figures, in Moment now)
    {
        int index = table.Add(key, figures, now, _lastPassBegan - ClockTolerance);
        if (index >= 0 && key.Protocol == Wire.IpProtocol.Tcp && key.Family != Frames.FlowFamily.Link)
            tcp.Forwarded(index);
    }
}
