using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime;
using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>
/// Runs a script's top level: on a thread of its own, since it may hang, for a limited time. <c>await</c> works and is waited for within
/// that time.
/// </summary>
internal static class TopLevel
{
    // By Roslyn's agreement with its hosts: slot 0 holds the globals, the script puts itself into slot 1.
    private const string Factory = "<Factory>";

    /// <summary>Runs the top level of a compiled script.</summary>
    /// <returns>False, and a diagnostic, if it threw or did not return.</returns>
    public static bool TryRun(
        Assembly assembly,
        RuleGlobals globals,
        string path,
        TimeSpan limit,
        [NotNullWhen(true)] out object? instance,
        [NotNullWhen(false)] out RuleDiagnostic? diagnostic)
    {
        object?[] slots = [globals, null];
        Func<object?[], Task<object>> factory = assembly.GetType("Rule", throwOnError: true)!
            .GetMethod(Factory, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object>>>();

        Exception? failure = null;
        var abort = new CancellationTokenSource();
        var thread = new Thread(() =>
        {
            try
            {
                // As in the bridge's loop: nothing else in .NET ends a loop that never does.
#pragma warning disable SYSLIB0046
                ControlledExecution.Run(() => factory(slots).GetAwaiter().GetResult(), abort.Token);
#pragma warning restore SYSLIB0046
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })
        { IsBackground = true, Name = $"load {globals.Name}" };
        thread.Start();

        instance = null;
        if (!thread.Join(limit))
        {
            // On yet another thread, because cancelling waits for the thread to unwind, and one that sleeps in the kernel does not.
            new Thread(abort.Cancel) { IsBackground = true, Name = "load abort" }.Start();
            diagnostic = RuleDiagnostic.Error(
                path, RuleDiagnostic.TopLevel, $"the top level did not return within {limit.TotalSeconds:0.#} s; it runs once, at load, so let it only prepare");
            return false;
        }

        abort.Dispose();
        diagnostic = failure is null ? null : Describe(failure, path);
        instance = slots[1]!;
        return diagnostic is null;
    }

    private static RuleDiagnostic Describe(Exception exception, string path)
    {
        string message = $"{exception.GetType().Name}: {exception.Message}";
        foreach (StackFrame frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { } file && file.EndsWith(RuleFault.ScriptExtension, StringComparison.Ordinal))
            {
                return RuleDiagnostic.Error(
                    path, RuleDiagnostic.TopLevel, message, frame.GetFileLineNumber(), Math.Max(1, frame.GetFileColumnNumber()))
                    with { File = Path.GetRelativePath(Path.GetDirectoryName(path)!, file) };
            }
        }

        return RuleDiagnostic.Error(path, RuleDiagnostic.TopLevel, message);
    }
}
