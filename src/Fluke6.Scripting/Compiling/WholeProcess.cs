using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// Finds handlers and limits that a script would set for the whole process: they stay after the rule, handlers run on threads of others,
/// and one that loops or throws takes those along, or keeps the bridge from obeying a signal.
/// </summary>
internal static class WholeProcess
{
    private const string Signals = "the bridge obeys signals itself; AtExit(() => ...) runs when it is told to end";

    private static readonly Dictionary<string, string> s_instead = new(StringComparer.Ordinal)
    {
        ["FirstChanceException"] = "catch exceptions where your own code may throw",
        ["SetUnhandledExceptionHandler"] = "what a thread of the rule lets go is the rule's fault and told",
        ["PosixSignalRegistration"] = Signals,
        ["SetMaxThreads"] = "run fewer tasks at a time, or threads of the rule's own",
        ["CancelKeyPress"] = Signals,
    };

    /// <summary>The first of them; null if there is none.</summary>
    /// <param name="compilation">The script, without errors.</param>
    /// <param name="path">The rule's file.</param>
    public static RuleDiagnostic? Find(CSharpCompilation compilation, string path)
    {
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            foreach (IdentifierNameSyntax name in tree.GetRoot().DescendantNodes().OfType<IdentifierNameSyntax>())
            {
                if (!s_instead.TryGetValue(name.Identifier.ValueText, out string? instead)
                    || compilation.GetSemanticModel(tree).GetSymbolInfo(name).Symbol is not { } symbol
                    || SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, compilation.Assembly))
                {
                    continue;
                }

                return RuleDiagnostic.At(
                    name.GetLocation(),
                    path,
                    isError: true,
                    RuleDiagnostic.WholeProcess,
                    $"'{name.Identifier.ValueText}' is of the whole process, not of a rule: {instead}");
            }
        }

        return null;
    }
}
