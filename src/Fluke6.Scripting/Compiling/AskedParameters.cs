using Fluke6.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Compiling;

/// <summary>Which parameters a script may ask for, whenever: so that a <c>--set</c> that is meant for nobody is known at the start.</summary>
internal static class AskedParameters
{
    /// <summary>The names in its calls of <c>Param</c>; null where one of them is known only as the script runs.</summary>
    public static IReadOnlyList<string>? Of(CSharpCompilation compilation)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (name.Identifier.ValueText != nameof(RuleContext.Param))
                    continue;
                if (name.Parent is not InvocationExpressionSyntax { ArgumentList.Arguments: [var first, ..] }
                    || model.GetConstantValue(first.Expression) is not { HasValue: true, Value: string asked })
                {
                    return null;
                }

                names.Add(asked);
            }
        }

        return [.. names];
    }
}
