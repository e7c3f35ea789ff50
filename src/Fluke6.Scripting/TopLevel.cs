using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Fluke6.Engine;

namespace Fluke6.Scripting;

/// <summary>
/// Runs a script's top level: on a thread of its own, since it may hang, for a limited time. <c>await</c> works and is waited for within
/// that time.
/// </summary>
internal static class TopLevel
{
    // By Roslyn's agreement with its hosts: slot 0 holds the globals, the script puts itself into slot 1.
    private const string Factory = "<Factory>";

    /// <summary>The class that a script is compiled into.</summary>
    public const string ScriptClass = "Rule";

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
        Exception? failure = null;
        int systemId = 0;
        var thread = new Thread(() =>
        {
            try
            {
                systemId = globals.LeftBehind.CurrentThread;
                FactoryOf(assembly)(slots).GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        },
            RuleCall.Stack)
        { IsBackground = true, Name = $"load {globals.Name}" };
        thread.Start();

        instance = null;
        if (!thread.Join(limit))
        {
            // Nothing in .NET ends a loop that never does without danger to the process: the script ends at its next statement, if it has one.
            diagnostic = At(
                globals.Position.Point, path, $"the top level did not return within {limit.TotalSeconds:0.#} s; it runs once, at load, so let it only prepare");
            globals.Position.End();
            globals.LeftBehind.Add(globals.Name, thread, systemId);
            return false;
        }

        diagnostic = failure is null ? null : Describe(failure, path, globals.Position);
        instance = slots[1]!;
        return diagnostic is null;
    }

    // On the script's own thread, as this may run its module's initializer.
    private static Func<object?[], Task<object>> FactoryOf(Assembly assembly) => assembly.GetType(ScriptClass, throwOnError: true)!
        .GetMethod(Factory, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
        .CreateDelegate<Func<object?[], Task<object>>>();

    private static RuleDiagnostic Describe(Exception exception, string path, ScriptPosition position) =>
        At(ScriptPosition.Locate(exception, position), path, ExceptionText.Of(exception));

    private static RuleDiagnostic At(ScriptPoint? point, string path, string message) =>
        RuleDiagnostic.Error(path, RuleDiagnostic.TopLevel, message, point?.Line ?? 1, point?.Column ?? 1)
            with { File = Path.GetRelativePath(Path.GetDirectoryName(path)!, point?.File ?? path) };
}
