using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Fluke6.Engine;
using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>Finds the rule whose script is on a stack.</summary>
internal static class ScriptOrigin
{
    /// <summary>The rule whose code called this, on whatever thread; null if none did.</summary>
    public static RuleContext? OfCaller() => OfCaller(out _);

    /// <summary>The rule whose code called this, on whatever thread; null if none did.</summary>
    /// <param name="method">The innermost method of its script.</param>
    public static RuleContext? OfCaller(out MethodBase? method) => Of(new StackTrace(1, fNeedFileInfo: false), out method);

    /// <summary>The rule through whose code an exception came; null if it came through none.</summary>
    public static RuleContext? Of(Exception exception)
    {
        foreach (Exception nested in NestedExceptions.Of(exception))
        {
            if (Of(new StackTrace(nested, fNeedFileInfo: false), out _) is { } rule)
                return rule;
        }

        return null;
    }

    private static RuleContext? Of(StackTrace trace, out MethodBase? method)
    {
        foreach (StackFrame frame in trace.GetFrames())
        {
            method = frame.GetMethod();
            if (method is not null && AssemblyLoadContext.GetLoadContext(method.Module.Assembly) is ScriptLoadContext { Rule: { } rule })
                return rule;
        }

        method = null;
        return null;
    }
}
