using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>Pieces that stand where a script has no place for them: in a class, a namespace, a static method; or are there twice.</summary>
internal static class PlaceHint
{
    private const string NoClass =
        "a rule is its file: write Verdict Apply(ref Frame frame) at the top level, without a class around it and without override";

    /// <summary>a rule is its file.</summary>
    public static string? For(Mistake mistake) => mistake.Id switch
    {
        "CS7021" => SlipHint.NoNamespace,
        "CS0246" or "CS0103" or "CS0116" when mistake.Node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Any() => SlipHint.NoNamespace,
        "CS0115" or "CS0509" => NoClass,
        "CS0246" when mistake.Node.Ancestors().OfType<BaseListSyntax>().Any() && $"{mistake.Node}".EndsWith("Rule", StringComparison.Ordinal) => NoClass,
        "CS0120" when mistake.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method && method.Modifiers.Any(SyntaxKind.StaticKeyword) =>
            $"leave out static before {method.Identifier.ValueText}: a rule's methods and variables are its own",
        "CS0106" when mistake.Node.FirstAncestorOrSelf<BlockSyntax>() is not null =>
            "a variable that is to last stands at the top level, before Apply",
        "CS0111" => "a rule has one method of that name: rename the other, or put what it does into the first",
        _ => null,
    };
}
