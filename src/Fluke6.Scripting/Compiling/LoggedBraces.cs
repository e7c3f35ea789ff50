using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Compiling;

/// <summary>Finds text for the log that names something of the script in braces, and is no interpolated string: the dollar sign was forgotten.</summary>
internal static class LoggedBraces
{
    /// <summary>A warning for each.</summary>
    /// <param name="compilation">The script, without errors.</param>
    /// <param name="path">The rule's file.</param>
    public static IEnumerable<RuleDiagnostic> Check(CSharpCompilation compilation, string path)
    {
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            foreach (InvocationExpressionSyntax call in tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (call is not { Expression: IdentifierNameSyntax { Identifier.ValueText: nameof(RuleGlobals.Log) }, ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax text }] }
                    || !text.IsKind(SyntaxKind.StringLiteralExpression)
                    || !NamesAnything(text.Token.ValueText, compilation.GetSemanticModel(tree), text.SpanStart))
                {
                    continue;
                }

                yield return RuleDiagnostic.At(
                    text.GetLocation(),
                    path,
                    isError: false,
                    RuleDiagnostic.PlainText,
                    $"the braces are logged as they stand; for what they name write {nameof(RuleGlobals.Log)}(${text.Token.Text})");
            }
        }
    }

    private static bool NamesAnything(string text, SemanticModel model, int place)
    {
        for (int open = text.IndexOf('{'); open >= 0; open = text.IndexOf('{', open + 1))
        {
            int close = text.IndexOf('}', open);
            if (close < 0)
                return false;

            // The rest would be its width and its format.
            ExpressionSyntax named = SyntaxFactory.ParseExpression(text[(open + 1)..close].Split(',', ':')[0]);
            if (named.GetFirstToken() is { RawKind: (int)SyntaxKind.IdentifierToken } name
                && !named.ContainsDiagnostics
                && model.LookupSymbols(place, name: name.ValueText).Any(symbol => symbol is not INamespaceOrTypeSymbol))
            {
                return true;
            }
        }

        return false;
    }
}
