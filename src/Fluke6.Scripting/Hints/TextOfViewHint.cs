using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A frame or a view where text belongs.</summary>
internal static class TextOfViewHint
{
    /// <summary>frame.ToString().</summary>
    public static string? For(Mistake mistake)
    {
        ExpressionSyntax? view = mistake.Id switch
        {
            "CS9244" => mistake.Node.FirstAncestorOrSelf<InterpolationSyntax>()?.Expression,
            "CS0019" when mistake.Node is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } binary =>
                IsView(mistake, binary.Right) ? binary.Right : binary.Left,
            "CS0029" or "CS1503" when mistake.Node is ExpressionSyntax expression
                && mistake.TargetOf(expression)?.SpecialType is SpecialType.System_String or SpecialType.System_Object => expression,
            _ => null,
        };
        if (view is null || mistake.TypeOf(view) is not { IsRefLikeType: true } type)
            return null;

        if (BytesHint.AreBytes(type))
            return BytesHint.Text(view);

        return HasText(type) ? $"write {view}.ToString()" : "write its fields that matter, such as tcp.SourcePort";
    }

    /// <summary>Whether a frame or view says itself what it is as text.</summary>
    public static bool HasText(ITypeSymbol type) =>
        type.GetMembers(nameof(ToString)).OfType<IMethodSymbol>().Any(method => method.Parameters.IsEmpty);

    private static bool IsView(Mistake mistake, ExpressionSyntax expression) => mistake.TypeOf(expression)?.IsRefLikeType == true;
}
