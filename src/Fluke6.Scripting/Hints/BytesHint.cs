using Fluke6.Frames;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>Text where bytes belong, and bytes where text does.</summary>
internal static class BytesHint
{
    /// <summary>"GET"u8; Encoding.UTF8.GetString(frame.Payload).</summary>
    public static string? For(Mistake mistake) => mistake.Id switch
    {
        "CS1503" when mistake.Node.FirstAncestorOrSelf<ArgumentSyntax>() is { } argument => OfArgument(mistake, argument.Expression, argument),
        "CS0029" when mistake.Node is ExpressionSyntax bytes && AreBytes(mistake.TypeOf(bytes)) && IsText(mistake.TargetOf(bytes)) => Text(bytes),
        "CS1929" => OfSearch(mistake),
        "CS1061" when mistake.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is { Expression: var bytes } access
            && AreBytes(mistake.TypeOf(bytes)) && access.Name.Identifier.ValueText.Contains("hex", StringComparison.OrdinalIgnoreCase) =>
            $"write Convert.ToHexString({bytes})",
        _ => null,
    };

    /// <summary>Whether this is a span of bytes.</summary>
    public static bool AreBytes(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "ReadOnlySpan" or "Span", TypeArguments: [{ SpecialType: SpecialType.System_Byte }] };

    /// <summary>The bytes as text.</summary>
    public static string Text(ExpressionSyntax bytes) => $"write Encoding.UTF8.GetString({bytes})";

    private static string? OfArgument(Mistake mistake, ExpressionSyntax given, ArgumentSyntax argument)
    {
        if (!IsText(mistake.TypeOf(given)) || !mistake.ParametersFor(argument).Any(AreBytes))
            return null;

        return given.IsKind(SyntaxKind.StringLiteralExpression) ? $"write {given}u8" : $"write Encoding.UTF8.GetBytes({given})";
    }

    // frame.Payload.Contains("GET"): the compiler points at what is searched.
    private static string? OfSearch(Mistake mistake)
    {
        if (mistake.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { ArgumentList.Arguments: [{ Expression: var old }, { Expression: var other }] } replaced
            && replaced.Expression is MemberAccessExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Payload" } payload })
        {
            return $"write {payload.Expression}.{nameof(Frame.WritePayload)}({payload}.IndexOf({old}u8), {other}u8), where both are of one length";
        }

        if (mistake.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { ArgumentList.Arguments: [{ Expression: var wanted }] } call
            || call.Expression is not MemberAccessExpressionSyntax { Expression: var bytes, Name.Identifier.ValueText: var how }
            || !wanted.IsKind(SyntaxKind.StringLiteralExpression) || !AreBytes(mistake.TypeOf(bytes)))
        {
            return null;
        }

        return how == "Contains" ? $"write {bytes}.IndexOf({wanted}u8) >= 0" : $"write {bytes}.{how}({wanted}u8)";
    }

    private static bool IsText(ITypeSymbol? type) => type?.SpecialType == SpecialType.System_String;
}
