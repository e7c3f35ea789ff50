using Fluke6.Frames;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A method written half, or as other languages write it.</summary>
internal static class MethodHint
{
    private const string Whole = "Verdict Apply(ref Frame frame)";
    private static readonly string[] s_words = ["def", "function", "fn", "func", "fun", "sub", "proc"];

    /// <summary>=> {; def Apply(frame):; out Frame frame; ref frame.</summary>
    public static string? For(Mistake mistake) => mistake.Id switch
    {
        "CS1525" when mistake.Token is { RawKind: (int)SyntaxKind.OpenBraceToken } brace
            && brace.GetPreviousToken().IsKind(SyntaxKind.EqualsGreaterThanToken) => "leave out the => before the {",
        "CS0177" when mistake.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { Identifier.ValueText: RuleContract.MethodName } => $"write {Whole}",
        "CS0246" when IsForeign(mistake.Token) => $"write {Whole} {{ ... }}",
        // Of the many errors of such a line the first alone.
        "CS1001" when IsForeign(FirstOfLine(mistake.Token)) => $"write {Whole} {{ ... }}",
        "CS0246" or "CS1001" when mistake.Node.FirstAncestorOrSelf<ParameterSyntax>() is { Identifier.IsMissing: true, Modifiers: [{ } modifier], Type: { } type } =>
            $"write {modifier.ValueText} {nameof(Frame)} {type}",
        _ => null,
    };

    private static bool IsForeign(SyntaxToken token) => s_words.Contains(token.ValueText);

    private static SyntaxToken FirstOfLine(SyntaxToken token)
    {
        SyntaxTree tree = token.SyntaxTree!;
        int start = tree.GetText().Lines.GetLineFromPosition(token.SpanStart).Start;
        return tree.GetRoot().FindToken(start);
    }
}
