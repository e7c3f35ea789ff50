using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>An <c>int</c> where a field of eight or sixteen bits belongs.</summary>
internal static class NumberHint
{
    /// <summary>(byte)2; TimeSpan.FromMilliseconds(2).</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id == "CS1503" && mistake.Node.FirstAncestorOrSelf<ArgumentSyntax>() is { } argument && IsNumber(mistake.TypeOf(argument.Expression))
            && mistake.ParametersFor(argument).Any(type => type.ToDisplayString() == typeof(TimeSpan).FullName))
        {
            return $"write TimeSpan.FromMilliseconds({argument.Expression}), or another of TimeSpan's units";
        }

        if (mistake.Id == "CS0019" && mistake.Node is BinaryExpressionSyntax { Left: var left, Right: var right })
            return OfText(mistake, right, left) ?? OfText(mistake, left, right);

        if (mistake.Id is not ("CS0266" or "CS0029") || mistake.Node is not ExpressionSyntax expression
            || mistake.TargetOf(expression) is not { } target || !IsNumber(target) || !IsNumber(mistake.TypeOf(expression)))
        {
            return null;
        }

        string type = target.ToDisplayString();
        return expression is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Param" } } call
            && call.ArgumentList.Arguments is [var name, var value]
            ? $"a parameter is of its default's type: write Param({name}, ({type}){value})"
            : $"write ({type})({expression})";
    }

    // tcp.SourcePort == "80".
    private static string? OfText(Mistake mistake, ExpressionSyntax text, ExpressionSyntax number) =>
        IsNumber(mistake.TypeOf(number)) && mistake.Model.GetConstantValue(text).Value is string digits && digits.Length > 0 && digits.All(char.IsAsciiDigit)
            ? $"write {digits}, without quotes" : null;

    private static bool IsNumber(ITypeSymbol? type) => type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_Double;
}
