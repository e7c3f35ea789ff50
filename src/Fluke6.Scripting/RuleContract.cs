using Fluke6.Frames;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Fluke6.Scripting;

/// <summary>Holds a script against what a rule must have: <c>Verdict Apply(ref Frame frame)</c>, or the same returning nothing.</summary>
internal static class RuleContract
{
    /// <summary>The name of a rule's method.</summary>
    public const string MethodName = "Apply";

    private const string Wanted = "'Verdict Apply(ref Frame frame)'";

    /// <summary>The breach; null if there is none.</summary>
    public static RuleDiagnostic? Check(CSharpCompilation compilation, string path)
    {
        ISymbol[] members = [.. compilation.ScriptClass?.GetMembers(MethodName) ?? []];
        if (members.Length == 0)
            return Misplaced(compilation, path) ?? RuleDiagnostic.Error(path, RuleDiagnostic.Contract, $"no method {Wanted} at the top level");

        if (members.Length > 1)
            return At(members[1], path, $"a second '{MethodName}'; a rule has exactly one, {Wanted}");

        if (members[0] is not IMethodSymbol apply)
            return At(members[0], path, $"'{MethodName}' is not a method; write {Wanted}");

        return Breach(apply, compilation) is { } breach ? At(apply, path, $"{breach}; write {Wanted}") : null;
    }

    // A method that takes a frame, but has another name or stands in a class, is what was meant.
    private static RuleDiagnostic? Misplaced(CSharpCompilation compilation, string path)
    {
        if (compilation.ScriptClass is not { } script)
            return null;

        INamedTypeSymbol? frame = compilation.GetTypeByMetadataName(typeof(Frame).FullName!);
        IMethodSymbol? found = Methods(script)
            .Where(method => method is { MethodKind: MethodKind.Ordinary, Locations: [{ IsInSource: true }, ..] })
            .OrderByDescending(method => string.Equals(method.Name, MethodName, StringComparison.OrdinalIgnoreCase))
            .FirstOrDefault(method => string.Equals(method.Name, MethodName, StringComparison.OrdinalIgnoreCase)
                || (method.Parameters is [var only] && SymbolEqualityComparer.Default.Equals(only.Type, frame)));
        if (found is null)
            return null;

        string message = found.ContainingType.Equals(script, SymbolEqualityComparer.Default)
            ? $"'{found.Name}' is not called: rename it; a rule's method is {Wanted}, with a capital A"
            : $"'{found.Name}' is inside '{found.ContainingType.Name}': move it to the top level, as {Wanted}";
        return At(found, path, message);
    }

    private static IEnumerable<IMethodSymbol> Methods(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IMethodSymbol>().Concat(type.GetTypeMembers().SelectMany(Methods));

    private static string? Breach(IMethodSymbol apply, CSharpCompilation compilation)
    {
        if (apply.IsAsync)
            return $"'{MethodName}' is async; {Hints.AsyncHint.CannotWait}";

        if (apply.IsGenericMethod)
            return $"'{MethodName}' has type parameters";

        if (apply.Parameters.Length != 1)
            return $"'{MethodName}' has {apply.Parameters.Length} parameters, not one";

        IParameterSymbol parameter = apply.Parameters[0];
        if (!Is(parameter.Type, typeof(Frame), compilation))
            return $"the parameter of '{MethodName}' is a '{parameter.Type.ToDisplayString()}', not a 'Frame'";

        if (parameter.RefKind != RefKind.Ref)
            return $"the parameter of '{MethodName}' is not passed by 'ref'";

        if (!apply.ReturnsVoid && (apply.RefKind != RefKind.None || !Is(apply.ReturnType, typeof(Verdict), compilation)))
            return $"'{MethodName}' returns '{apply.ReturnType.ToDisplayString()}', not 'Verdict' or 'void'";

        return null;
    }

    private static bool Is(ITypeSymbol symbol, Type type, CSharpCompilation compilation) =>
        SymbolEqualityComparer.Default.Equals(symbol, compilation.GetTypeByMetadataName(type.FullName!));

    private static RuleDiagnostic At(ISymbol symbol, string path, string message) =>
        RuleDiagnostic.At(symbol.Locations[0], path, isError: true, RuleDiagnostic.Contract, message);
}
