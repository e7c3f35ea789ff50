using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
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
        int systemId = 0;
        var thread = new Thread(() =>
        {
            try
            {
                systemId = globals.LeftBehind.CurrentThread;
                factory(slots).GetAwaiter().GetResult();
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
            // Nothing in .NET ends a loop that never does without danger to the process: what it calls of Fluke6 ends it, if it does.
            globals.LeftBehind.Add(globals.Name, thread, systemId);
            diagnostic = RuleDiagnostic.Error(
                path, RuleDiagnostic.TopLevel, $"the top level did not return within {limit.TotalSeconds:0.#} s; it runs once, at load, so let it only prepare");
            return false;
        }

        diagnostic = failure is null ? null : Describe(failure, path);
        instance = slots[1]!;
        return diagnostic is null;
    }

    private static RuleDiagnostic Describe(Exception exception, string path)
    {
        string message = ExceptionText.Of(exception);
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
