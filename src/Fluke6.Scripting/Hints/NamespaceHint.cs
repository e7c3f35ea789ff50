using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A type whose namespace the script does not use.</summary>
internal static class NamespaceHint
{
    private const int MaxNamed = 2;

    /// <summary>using PacketDotNet;</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is not ("CS0103" or "CS0246") || mistake.Node.FirstAncestorOrSelf<SimpleNameSyntax>() is not { } name)
            return null;

        var found = new List<string>();
        Search(mistake.Compilation.GlobalNamespace, name.Identifier.ValueText, name.Arity, found);
        found.Sort(ByDepth);
        return found.Count == 0 ? null
            : "begin the script with " + string.Join(" or ", found.Take(MaxNamed).Select(space => $"'using {space};'"));
    }

    // A namespace nearer to the root is more likely meant.
    private static int ByDepth(string one, string other)
    {
        int depth = one.Count(c => c == '.') - other.Count(c => c == '.');
        return depth != 0 ? depth : string.CompareOrdinal(one, other);
    }

    private static void Search(INamespaceSymbol space, string name, int arity, List<string> found)
    {
        if (!space.IsGlobalNamespace
            && space.GetTypeMembers(name).Any(type => type.DeclaredAccessibility == Accessibility.Public && (arity == 0 || type.Arity == arity)))
        {
            found.Add(space.ToDisplayString());
        }

        foreach (INamespaceSymbol inner in space.GetNamespaceMembers())
            Search(inner, name, arity, found);
    }
}
