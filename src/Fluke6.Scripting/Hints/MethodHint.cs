using Fluke6.Frames;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A method written half, or as other languages write it.</summary>
internal static class MethodHint
{
    /// <summary>The advice for it.</summary>
    public const string Advice = $"write {Whole} {{ ... }}";

    private const string Whole = "Verdict Apply(ref Frame frame)";
    private static readonly string[] s_words = ["def", "function", "fn", "func", "fun", "sub", "proc"];

    /// <summary>=> {; def Apply(frame):; out Frame frame; ref frame.</summary>
    public static string? For(Mistake mistake) => mistake.Id switch
    {
        "CS1525" when mistake.Token is { RawKind: (int)SyntaxKind.OpenBraceToken } brace
            && brace.GetPreviousToken().IsKind(SyntaxKind.EqualsGreaterThanToken) => "leave out the => before the {",
        "CS0177" when mistake.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { Identifier.ValueText: RuleContract.MethodName } => $"write {Whole}",
        // Where the rest is C#, too; otherwise the line's first error has the advice (ForeignSyntaxHint).
        "CS0246" when s_words.Contains(mistake.Token.ValueText) && !mistake.Node.SyntaxTree.GetDiagnostics().Any() => Advice,
        "CS0246" or "CS1001" when mistake.Node.FirstAncestorOrSelf<ParameterSyntax>() is { Identifier.IsMissing: true, Modifiers: [{ } modifier], Type: { } type } =>
            $"write {modifier.ValueText} {nameof(Frame)} {type}",
        _ => null,
    };
}
