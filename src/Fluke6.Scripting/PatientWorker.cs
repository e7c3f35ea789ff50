using Fluke6.Engine;

namespace Fluke6.Scripting;

/// <summary>
/// Does what may hang in the kernel, such as a look at a file on a server that is gone, on a thread that is left behind if it does: nobody
/// who waits for one file waits for that one as well. To be used by one thread.
/// </summary>
internal sealed class PatientWorker(TimeSpan patience) : IDisposable
{
    private readonly Dictionary<string, Work> _hanging = new(StringComparer.Ordinal);
    private Worker? _worker;

    /// <summary>Does something.</summary>
    /// <param name="path">The path that it is about; while that hangs, it is not tried again.</param>
    /// <param name="action">The work.</param>
    /// <param name="result">Its result.</param>
    /// <returns>False if it did not return in time.</returns>
    public bool TryRun<T>(string path, Func<T> action, out T result)
    {
        result = default!;
        if (_hanging.TryGetValue(path, out Work? before))
        {
            if (!before.Done.IsSet)
                return false;
            _hanging.Remove(path);
        }

        T? found = default;
        var work = new Work(() => found = action());
        _worker ??= new Worker();
        _worker.Give(work);
        if (!work.Done.Wait(patience))
        {
            _hanging[path] = work;
            _worker.Dispose();
            _worker = null;
            return false;
        }

        if (work.Failure is { } failure)
            throw new InvalidOperationException($"{path}: {failure.Message}", failure);
        result = found!;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _worker?.Dispose();

    private sealed class Work(Action action)
    {
        public ManualResetEventSlim Done { get; } = new();

        public Exception? Failure { get; private set; }

        public void Run()
        {
            try
            {
                action();
            }
            // It is the caller's to know; here it would end the program.
            catch (Exception exception)
            {
                Failure = exception;
            }

            Done.Set();
        }
    }

    private sealed class Worker : IDisposable
    {
        private readonly SemaphoreSlim _given = new(0);
        private Work? _work;

        public Worker() => new Thread(Loop) { IsBackground = true, Name = "rules files" }.Start();

        public void Give(Work work)
        {
            _work = work;
            _given.Release();
        }

        // Ends the thread, once what it does returns.
        public void Dispose() => Give(null!);

        private void Loop()
        {
            while (true)
            {
                _given.Wait();
                if (_work is not { } work)
                    return;
                work.Run();
            }
        }
    }
}
