using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A log line that is no text, or several.</summary>
internal static class LogHint
{
    private const string Log = "Log";

    /// <summary>Log($"{frame}").</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is "CS0117" && mistake.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is { Expression: var console }
            && console.ToString() == "Console")
        {
            return $"write {Log}(...)";
        }

        if (mistake.Id is not ("CS1503" or "CS1501")
            || mistake.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { Expression: IdentifierNameSyntax called } call
            || called.Identifier.ValueText != Log)
        {
            return null;
        }

        ExpressionSyntax[] given = [.. call.ArgumentList.Arguments.Select(argument => argument.Expression)];
        if (given is [var bytes] && BytesHint.AreBytes(mistake.TypeOf(bytes)))
            return $"write {Log}(Convert.ToHexString({bytes})) or {Log}(Encoding.UTF8.GetString({bytes}))";

        return $"write {Log}($\"{string.Join(' ', given.Select(Part))}\")";
    }

    private static string Part(ExpressionSyntax value) =>
        value is LiteralExpressionSyntax literal && literal.IsKind(SyntaxKind.StringLiteralExpression) ? literal.Token.ValueText : $"{{{value}}}";
}
