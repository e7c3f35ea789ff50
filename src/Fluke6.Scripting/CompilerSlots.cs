using System.Diagnostics.CodeAnalysis;

namespace Fluke6.Scripting;

/// <summary>
/// How many compilers run at a time: as many as there are processors, for each takes one, and memory. One that takes long gives its place
/// up and goes on, so that it keeps nobody else waiting.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without wait handle holds nothing to dispose of.")]
internal sealed class CompilerSlots
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _free = new(Environment.ProcessorCount);

    /// <summary>Takes a place, once there is one; disposing gives it back.</summary>
    public IDisposable Take()
    {
        _free.Wait();
        return new Slot(_free);
    }

    private sealed class Slot : IDisposable
    {
        private readonly SemaphoreSlim _free;
        private readonly Timer _timer;
        private int _given;

        public Slot(SemaphoreSlim free)
        {
            _free = free;
            _timer = new Timer(_ => GiveBack(), null, s_patience, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _timer.Dispose();
            GiveBack();
        }

        private void GiveBack()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
                _free.Release();
        }
    }
}
