using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>Text where an address, a prefix or a name belongs: <c>Ipv4Address.Parse</c> makes one of the other.</summary>
internal static class TextHint
{
    /// <summary>Ipv4Address.Parse("192.0.2.1").</summary>
    public static string? For(Mistake mistake)
    {
        // Of Thread.Sleep("5"), the text is the smaller mistake.
        if (mistake.Id == "CS1503" && mistake.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is
            { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Sleep" or "Delay" } })
            return $"return frame.Hold(delay) holds a frame; {AsyncHint.CannotWait}";

        (ExpressionSyntax? text, ITypeSymbol? type) = mistake.Id switch
        {
            "CS0019" when mistake.Node is BinaryExpressionSyntax binary =>
                IsText(mistake, binary.Right) ? (binary.Right, mistake.TypeOf(binary.Left)) : (binary.Left, mistake.TypeOf(binary.Right)),
            "CS0029" when mistake.Node is ExpressionSyntax expression => (expression, mistake.TargetOf(expression)),
            "CS1503" when mistake.Node.FirstAncestorOrSelf<ArgumentSyntax>() is { } argument =>
                (argument.Expression, mistake.ParametersFor(argument).FirstOrDefault(HasParse)),
            _ => default((ExpressionSyntax?, ITypeSymbol?)),
        };
        if (text is null || type is null || !IsText(mistake, text) || !HasParse(type))
            return null;

        return $"write {type.Name}.Parse({(text is LiteralExpressionSyntax ? text.ToString() : "...")}), at the top level: it need not be done for every frame";
    }

    private static bool IsText(Mistake mistake, ExpressionSyntax expression) => mistake.TypeOf(expression)?.SpecialType == SpecialType.System_String;

    private static bool HasParse(ITypeSymbol type) =>
        type.SpecialType == SpecialType.None && type.GetMembers("Parse").OfType<IMethodSymbol>()
            .Any(method => method is { IsStatic: true, DeclaredAccessibility: Accessibility.Public });
}
