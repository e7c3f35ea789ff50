using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>An <c>Apply</c> that ends without a verdict, or with something else.</summary>
internal static class VerdictHint
{
    private const string All = "Verdict.Continue, Verdict.Accept, Verdict.Drop, Verdict.Reflect or frame.Hold(delay)";

    /// <summary>return Verdict.Continue.</summary>
    public static string? For(Mistake mistake) => mistake.Id switch
    {
        "CS0161" or "CS0126" when mistake.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method && IsVerdict(mistake, mistake.TypeOf(method.ReturnType)) =>
            "where the rule has nothing to say, write return Verdict.Continue;",
        "CS0029" or "CS0037" or "CS0266" when mistake.Node is ExpressionSyntax expression && IsVerdict(mistake, mistake.TargetOf(expression)) => $"a verdict is {All}",
        _ => null,
    };

    private static bool IsVerdict(Mistake mistake, ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type, mistake.Find(typeof(Verdict)));
}
