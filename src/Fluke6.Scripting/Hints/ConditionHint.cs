using Fluke6.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>Conditions as C and Python take them: flags as a truth, a view compared with null, = for ==, a lambda as a guard.</summary>
internal static class ConditionHint
{
    /// <summary>write (tcp.Flags &amp; TcpFlags.Syn) != 0.</summary>
    public static string? For(Mistake mistake) => mistake.Id switch
    {
        "CS0019" when mistake.Node is BinaryExpressionSyntax both => OfBoth(mistake, both),
        "CS0029" when mistake.Node is ExpressionSyntax flags && mistake.TypeOf(flags) is { TypeKind: TypeKind.Enum } type
            && flags.Parent is IfStatementSyntax or WhileStatementSyntax or ConditionalExpressionSyntax => Flags(flags, type),
        // a && b = c is read as (a && b) = c.
        "CS0131" when mistake.Node.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { Left: BinaryExpressionSyntax { Right: var left } } assigned =>
            $"write {left} == {assigned.Right}",
        "CS0193" when mistake.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is { } pointed =>
            $"write {pointed.Expression}.{pointed.Name}",
        "CS1660" when WhenCall(mistake) is not null =>
            $"a guard is made of Guard's own: write When(Guard.{nameof(Guard.Tcp)}(80) | Guard.{nameof(Guard.Arp)}); Apply may ask all else",
        "CS1501" when WhenCall(mistake) is { ArgumentList.Arguments: { Count: > 1 } guards } =>
            $"write When({string.Join(" & ", guards)}) for all of them, or | for any",
        "CS1503" when mistake.Node.FirstAncestorOrSelf<ArgumentSyntax>() is { Expression: InvocationExpressionSyntax done } later
            && mistake.TypeOf(done) is { SpecialType: SpecialType.System_Void } && mistake.ParametersFor(later).Any(type => type.Name == nameof(Action)) =>
            $"write () => {done}",
        _ => null,
    };

    private static InvocationExpressionSyntax? WhenCall(Mistake mistake) =>
        mistake.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { Expression: IdentifierNameSyntax { Identifier.ValueText: "When" } } call
            ? call : null;

    private static string? OfBoth(Mistake mistake, BinaryExpressionSyntax both)
    {
        if (both.IsKind(SyntaxKind.LogicalAndExpression) || both.IsKind(SyntaxKind.LogicalOrExpression))
        {
            ExpressionSyntax[] flags = [.. new[] { both.Left, both.Right }.Where(part => mistake.TypeOf(part)?.TypeKind == TypeKind.Enum)];
            return flags is [var first, ..] ? Flags(first, mistake.TypeOf(first)!) : null;
        }

        ExpressionSyntax? view = both.Right.IsKind(SyntaxKind.NullLiteralExpression) ? both.Left
            : both.Left.IsKind(SyntaxKind.NullLiteralExpression) ? both.Right : null;
        return mistake.TypeOf(view) is { IsRefLikeType: true }
            ? $"{view} is never null: where TryGet... returned true it is there, so ask for that" : null;
    }

    private static string Flags(ExpressionSyntax flags, ITypeSymbol type) =>
        flags is BinaryExpressionSyntax ? $"write ({flags}) != 0" : $"write {flags} == {type.Name}. and one of its names";
}
