using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>Slips of the pen, and habits from other languages and from programs.</summary>
internal static class SlipHint
{
    /// <summary>Said of a script in a namespace.</summary>
    public const string NoNamespace = "a rule has no namespace: leave it out";

    /// <summary>out var tcp; ==; readonly.</summary>
    public static string? For(Mistake mistake) => mistake.Id switch
    {
        "CS0103" when mistake.Node is IdentifierNameSyntax name => OfName(name),
        "CS0200" or "CS0029" when mistake.Node.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { } assignment && IsCondition(assignment) =>
            $"write {assignment.Left} == {assignment.Right}",
        "CS0283" or "CS0133" => "write readonly in place of const",
        "CS0246" when mistake.Node.Ancestors().OfType<FieldDeclarationSyntax>().FirstOrDefault() is { } field
            && field.Modifiers.Any(SyntaxKind.ConstKeyword) && field.Declaration.Variables is [{ Identifier.ValueText: "" }, ..] =>
            $"a constant has a type: write const int {field.Declaration.Type} = ...;",
        "CS0127" when mistake.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { Identifier.ValueText: RuleContract.MethodName } =>
            "write Verdict Apply(ref Frame frame)",
        _ => null,
    };

    private static string? OfName(IdentifierNameSyntax name)
    {
        string written = name.Identifier.ValueText;
        if (name.Parent is ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.OutKeyword })
            return $"write out var {written}";

        return written switch
        {
            "var" => "write out var and the name",
            "print" or "println" or "printf" or "echo" or "puts" => "write Log(...)",
            "rand" or "random" => "write Random.NextDouble() or Random.Next(100)",
            "elif" or "elsif" => "write else if",
            "Sleep" or "sleep" or "Delay" or "Wait" => $"return frame.Hold(delay) holds a frame; {AsyncHint.CannotWait}",
            _ => null,
        };
    }

    private static bool IsCondition(AssignmentExpressionSyntax assignment) =>
        assignment.Parent is IfStatementSyntax or WhileStatementSyntax or ConditionalExpressionSyntax or BinaryExpressionSyntax
            or ParenthesizedExpressionSyntax { Parent: BinaryExpressionSyntax };
}
