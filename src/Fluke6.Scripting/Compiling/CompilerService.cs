using System.Diagnostics.CodeAnalysis;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// Compiles by a process that is kept for the next file. A file that ends the process is reported, and another process started; files that
/// were compiled beside it are compiled again.
/// </summary>
/// <param name="limits">How much each file may ask of it.</param>
[SuppressMessage("Design", "CA1001", Justification = "There is one, and it ends with the program; the compiler's process then ends by itself.")]
internal sealed class CompilerService(CompilerLimits limits)
{
    private readonly SemaphoreSlim _places = new(CompilerLimits.Concurrency);
    private readonly ReaderWriterLockSlim _together = new();
    private readonly Lock _lock = new();
    private CompilerProcess? _process;

    /// <summary>This process's.</summary>
    public static CompilerService Shared { get; } = new(new CompilerLimits());

    /// <summary>Starts the process if it does not run yet, on another thread, and has it rehearse where others leave it time to.</summary>
    public void Prepare() => StartInBackground(rehearses: true);

    /// <summary>Compiles a file.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="trust">Whose files are taken.</param>
    /// <param name="waits">Told that others are to be compiled first, and that they have been.</param>
    public CompiledRule Compile(string path, FileTrust trust, Action<bool>? waits = null)
    {
        // Each place is free again within the limits: this waits for some time, but not for ever.
        waits?.Invoke(true);
        _places.Wait();
        waits?.Invoke(false);
        try
        {
            return Together(path, trust) ?? Alone(path, trust);
        }
        finally
        {
            _places.Release();
        }
    }

    private CompiledRule? Together(string path, FileTrust trust)
    {
        _together.EnterReadLock();
        try
        {
            return Ask(path, trust, alone: false);
        }
        finally
        {
            _together.ExitReadLock();
        }
    }

    // The process ended while several files were being compiled: whether this one is why, shows when it is alone.
    private CompiledRule Alone(string path, FileTrust trust)
    {
        _together.EnterWriteLock();
        try
        {
            return Ask(path, trust, alone: true)!;
        }
        finally
        {
            _together.ExitWriteLock();
        }
    }

    private CompiledRule? Ask(string path, FileTrust trust, bool alone)
    {
        if (!TryStart(rehearses: false, out CompilerProcess? process, out string? failure))
            return Failed(path, trust, $"the compiler cannot be started: {failure}");

        if (process.Ask(path, trust, out bool tookTooLong) is { } compiled)
            return compiled;

        string message = tookTooLong ? limits.TooLong : Explain(process.Errors);
        StartInBackground(rehearses: false);
        return tookTooLong || alone ? Failed(path, trust, message) : null;
    }

    // Not on a thread of the pool: rules may keep all of those.
    private void StartInBackground(bool rehearses) =>
        new Thread(() => TryStart(rehearses, out CompilerProcess? _, out string? _)) { IsBackground = true, Name = "compiler" }.Start();

    private bool TryStart(bool rehearses, [NotNullWhen(true)] out CompilerProcess? process, out string? failure)
    {
        lock (_lock)
        {
            failure = null;
            try
            {
                // One that still rehearses does so when nobody else wants the processor: what is asked for now would wait with it.
                if (_process is { Ended: true } or { Rehearses: true } && !rehearses)
                {
                    CompilerProcess left = _process;
                    _process = null;
                    left.Dispose();
                }

                _process ??= new CompilerProcess(limits, rehearses);
            }
            catch (IOException exception)
            {
                failure = exception.Message;
            }

            process = _process;
            return process is not null;
        }
    }

    private string Explain(string errors) =>
        errors.StartsWith("Stack overflow", StringComparison.Ordinal)
            || errors.Contains("InsufficientExecutionStackException", StringComparison.Ordinal) ? CompilerLimits.TooDeep
        : errors.StartsWith("Out of memory", StringComparison.Ordinal) || errors.Contains("OutOfMemoryException", StringComparison.Ordinal)
            ? CompilerLimits.TooMuchMemory(limits.Heap)
        : string.IsNullOrWhiteSpace(errors) ? "the compiler's process was killed, perhaps for want of memory; save the file again"
        : $"the compiler ended: {errors.AsSpan().Trim().ToString().Split('\n')[0]}";

    private static CompiledRule Failed(string path, FileTrust trust, string message)
    {
        // Told apart from a file that is not there: until it is changed, it is not tried again.
        FileContent content = FileContent.Read(path, ScriptFiles.MaxLength, trust);
        var fingerprints = new Dictionary<string, FileFingerprint> { [path] = FileFingerprint.Of(content, ScriptFiles.MaxLength) };
        return new CompiledRule(path, fingerprints, [RuleDiagnostic.Error(path, RuleDiagnostic.CompilerFailed, message)], null, [], trust);
    }
}
