using System.Diagnostics;
using System.Runtime.Loader;
using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>Finds the rule whose script is on a stack.</summary>
internal static class ScriptOrigin
{
    /// <summary>The rule whose code called this, on whatever thread; null if none did.</summary>
    public static RuleContext? OfCaller() => Of(new StackTrace(1, fNeedFileInfo: false));

    /// <summary>The rule through whose code an exception came; null if it came through none.</summary>
    public static RuleContext? Of(Exception exception)
    {
        if (Of(new StackTrace(exception, fNeedFileInfo: false)) is { } rule)
            return rule;

        IEnumerable<Exception> inner = exception is AggregateException several ? several.InnerExceptions
            : exception.InnerException is { } one ? [one] : [];
        return inner.Select(Of).FirstOrDefault(found => found is not null);
    }

    private static RuleContext? Of(StackTrace trace)
    {
        foreach (StackFrame frame in trace.GetFrames())
        {
            if (frame.GetMethod() is { } method && AssemblyLoadContext.GetLoadContext(method.Module.Assembly) is ScriptLoadContext { Rule: { } rule })
                return rule;
        }

        return null;
    }
}
