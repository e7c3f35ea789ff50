using Fluke6.Scripting.Filters;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// Looks at the filters that stand in a script as text, so that a bad one is told where nothing runs, as with <c>fluke6 check</c>. Others are looked at
/// when the rule is loaded.
/// </summary>
internal static class WrittenFilters
{
    /// <summary>What is wrong with them, or may be.</summary>
    /// <param name="compilation">The script, without errors.</param>
    /// <param name="path">The rule's file.</param>
    public static IReadOnlyList<RuleDiagnostic> Check(CSharpCompilation compilation, string path)
    {
        var found = new List<RuleDiagnostic>();
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            IEnumerable<InvocationExpressionSyntax> calls = tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(call => call.Expression is SimpleNameSyntax { Identifier.ValueText: nameof(RuleGlobals.When) }
                    or MemberAccessExpressionSyntax { Name.Identifier.ValueText: nameof(RuleGlobals.When) });
            foreach (InvocationExpressionSyntax call in calls)
            {
                if (compilation.GetSemanticModel(tree).GetOperation(call) is IInvocationOperation { TargetMethod.ContainingType.Name: nameof(RuleGlobals) } operation
                    && operation.Arguments is [{ Value.ConstantValue: { HasValue: true, Value: string text } }])
                {
                    if (Check(text) is var (message, isError))
                        found.Add(RuleDiagnostic.At(call.GetLocation(), path, isError, RuleDiagnostic.Filter, message));
                }
            }
        }

        return found;
    }

    private static (string Message, bool IsError)? Check(string text)
    {
        try
        {
            PcapFilter.Compile(text);
        }
        catch (FormatException exception)
        {
            return (exception.Message, true);
        }
        catch (DllNotFoundException)
        {
            // Where the rule runs there may be one.
            return null;
        }

        return PcapFilter.Advise(text) is { } advice ? (advice, false) : null;
    }
}
