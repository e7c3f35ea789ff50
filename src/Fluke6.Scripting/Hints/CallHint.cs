using Fluke6.Frames;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A method of Fluke6 that is given too little, too much or something else than it takes.</summary>
internal static class CallHint
{
    private const int MostShown = 3;

    /// <summary>write After(TimeSpan delay, Action action).</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is not ("CS7036" or "CS1501" or "CS1503" or "CS1729")
            || mistake.Node.AncestorsAndSelf().OfType<ExpressionSyntax>()
                .FirstOrDefault(node => node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax) is not { } call)
        {
            return null;
        }

        string[] ways = [.. mistake.MethodsOf(call)
            .Where(method => method.DeclaredAccessibility == Accessibility.Public && IsOfFluke6(method, mistake))
            .OrderBy(method => method.Parameters.Length).ThenBy(method => method.ContainingType.Name == nameof(RuleGlobals))
            .Select(method => Describe(method, mistake.Model)).Distinct()];
        return ways.Length == 0 ? null : $"write {string.Join(" or ", ways.Take(MostShown))}";
    }

    private static bool IsOfFluke6(IMethodSymbol method, Mistake mistake) =>
        new[] { typeof(Frame), typeof(RuleGlobals) }.Any(known =>
            SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, mistake.Find(known)?.ContainingAssembly));

    private static string Describe(IMethodSymbol method, SemanticModel model) =>
        $"{(method.MethodKind == MethodKind.Constructor ? $"new {method.ContainingType.Name}" : method.Name)}"
        + $"({string.Join(", ", method.Parameters.Select(parameter => Describe(parameter, model)))})";

    private static string Describe(IParameterSymbol parameter, SemanticModel model)
    {
        string kind = parameter switch
        {
            { RefKind: RefKind.Out } => "out ",
            { RefKind: RefKind.Ref } => "ref ",
            { IsParams: true } => "params ",
            _ => "",
        };
        return $"{kind}{parameter.Type.ToMinimalDisplayString(model, 0)} {parameter.Name}";
    }
}
