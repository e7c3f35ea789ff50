using Fluke6.Frames;
using Fluke6.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A view that can only be walked, and that a script treats as a list.</summary>
internal static class OptionsHint
{
    /// <summary>frame.RemoveTcpOption(kind); foreach.</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is not ("CS0411" or "CS7036" or "CS1061" or "CS1929" or "CS1660")
            || mistake.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is not { Expression: var all } access
            || mistake.TypeOf(all) is not { IsRefLikeType: true } type || !IsWalked(type))
        {
            return null;
        }

        string wanted = access.Name.Identifier.ValueText;
        if (wanted is "Remove" or "RemoveAll" or "Delete" && SymbolEqualityComparer.Default.Equals(type, mistake.Find(typeof(TcpOptions))))
        {
            SeparatedSyntaxList<ArgumentSyntax> given = access.Parent is InvocationExpressionSyntax call ? call.ArgumentList.Arguments : [];
            string kind = given is [{ Expression: not LambdaExpressionSyntax } only] ? $"{only}" : "kind";
            return $"write frame.{nameof(Frame.RemoveTcpOption)}({kind}), or {all}.{nameof(TcpOptions.Strip)}({kind}) for NOPs in its place";
        }

        return SimilarName.Nearest(wanted, Mistake.NamesOf(type)) is null ? Walk(all, type) : null;
    }

    /// <summary>How a view's parts are to be had; null if it has none.</summary>
    public static string? Walk(ExpressionSyntax all, ITypeSymbol? type)
    {
        if (type is not { IsRefLikeType: true } || !IsWalked(type))
            return null;

        string? one = type.GetMembers("TryGet").Any() ? $" or {all}.TryGet(..., out var one)" : null;
        return $"write foreach (var one in {all}){one}: a view is no list";
    }

    private static bool IsWalked(ITypeSymbol type) => type.GetMembers("GetEnumerator").Any() && !BytesHint.AreBytes(type);
}
