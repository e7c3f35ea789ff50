using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// Finds finalizers (<c>~T()</c>) in a script: .NET runs those of the whole process on one thread, after one another, and one that does not
/// return keeps all others from running, so that memory grows without a fault or a word.
/// </summary>
internal static class Finalizers
{
    /// <summary>A warning for each.</summary>
    /// <param name="compilation">The script, without errors.</param>
    /// <param name="path">The rule's file.</param>
    public static IEnumerable<RuleDiagnostic> Check(CSharpCompilation compilation, string path)
    {
        IEnumerable<SyntaxNode> nodes = compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes());
        foreach (DestructorDeclarationSyntax finalizer in nodes.OfType<DestructorDeclarationSyntax>())
        {
            string name = finalizer.Identifier.ValueText;
            yield return RuleDiagnostic.At(
                finalizer.GetLocation(),
                path,
                isError: false,
                RuleDiagnostic.Finalizer,
                $"~{name}() runs on the one thread that the whole process has for finalizers, at any time or never; "
                    + $"make {name} IDisposable, with 'using' or AtExit(x.Dispose)");
        }
    }
}
