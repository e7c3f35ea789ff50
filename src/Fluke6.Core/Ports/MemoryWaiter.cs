namespace Fluke6.Ports;

/// <summary>Waits for two <see cref="MemoryPort"/>s.</summary>
internal sealed class MemoryWaiter(MemoryPort left, MemoryPort right) : IPortWaiter
{
    private readonly ManualResetEventSlim _woken = new();

    /// <inheritdoc/>
    public ReadySides Wait(TimeSpan timeout)
    {
        ReadySides ready = Ready();
        if (ready != ReadySides.None)
            return ready;

        _woken.Wait(timeout);
        _woken.Reset();
        return Ready();
    }

    /// <inheritdoc/>
    public void Wake() => _woken.Set();

    /// <inheritdoc/>
    public void Dispose() => _woken.Dispose();

    private ReadySides Ready() =>
        (left.HasWaiting ? ReadySides.Left : ReadySides.None) | (right.HasWaiting ? ReadySides.Right : ReadySides.None);
}
