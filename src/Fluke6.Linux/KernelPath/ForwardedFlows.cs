using Fluke6.Flows;
using Microsoft.Win32.SafeHandles;

namespace Fluke6.Linux.KernelPath;

/// <summary>Reads what the kernel's program counts of flows, and tells it which rules let go of them.</summary>
/// <param name="table">The figures by flow.</param>
/// <param name="released">The rules that let go, by flow.</param>
/// <param name="control">Tells that there are such.</param>
/// <param name="capacity">How many flows fit.</param>
internal sealed class ForwardedFlows(SafeFileHandle table, SafeFileHandle released, KernelControl control, int capacity) : IForwardedFlows
{
    /// <summary>How many flows the kernel counts at most: a key and figures take it 150 bytes.</summary>
    public const int MaxCapacity = 32_768;

    private const int AtOnce = 1024;

    private readonly FlowKey[] _keys = new FlowKey[AtOnce];
    private readonly ForwardedFigures[] _figures = new ForwardedFigures[AtOnce];
    private long _position = -1;

    /// <inheritdoc/>
    public int Capacity => capacity;

    /// <inheritdoc/>
    public bool ReadNext(out ReadOnlySpan<FlowKey> keys, out ReadOnlySpan<ForwardedFigures> figures)
    {
        int count = BpfObjects.ReadNext<FlowKey, ForwardedFigures>(table, ref _position, _keys, _figures);
        keys = _keys.AsSpan(0, count);
        figures = _figures.AsSpan(0, count);
        return _position >= 0;
    }

    /// <inheritdoc/>
    public bool TryRead(in FlowKey key, out ForwardedFigures figures)
    {
        figures = default;
        return BpfObjects.TryRead(table, key, new Span<ForwardedFigures>(ref figures));
    }

    /// <inheritdoc/>
    public void Release(in FlowKey key, ulong rules)
    {
        if (rules == 0)
        {
            BpfObjects.TryTake(released, key, new Span<ulong>(ref rules));
            return;
        }

        control.Releasing();
        // Where there is no room, the flow goes on through the bridge.
        BpfObjects.TryUpdate(released, key, rules);
    }

    /// <inheritdoc/>
    public bool TryTake(in FlowKey key, out ForwardedFigures figures)
    {
        figures = default;
        return BpfObjects.TryTake(table, key, new Span<ForwardedFigures>(ref figures));
    }
}
