using Fluke6.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>An address that is asked whether it is in a prefix, or that is .NET's own.</summary>
internal static class AddressHint
{
    /// <summary>Ipv4Prefix.Parse("10.0.0.0/8").Contains(ip.Source).</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is "CS0029" && mistake.Node is ExpressionSyntax given && mistake.TypeOf(given)?.Name == nameof(System.Net.IPAddress)
            && mistake.TargetOf(given) is { } target && Prefix(mistake, target) is not null)
        {
            string text = given is InvocationExpressionSyntax { ArgumentList.Arguments: [var parsed] } ? $"{parsed}" : $"{given}.ToString()";
            return $"write {target.Name}.Parse({text})";
        }

        if (mistake.Id is not ("CS1061" or "CS1929")
            || mistake.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { ArgumentList.Arguments: [{ Expression: var wanted }] } call
            || call.Expression is not MemberAccessExpressionSyntax { Expression: var address }
            || Prefix(mistake, mistake.TypeOf(address)) is not var (prefix, example))
        {
            return null;
        }

        bool isWritten = wanted.IsKind(SyntaxKind.StringLiteralExpression) && $"{wanted}".Contains('/', StringComparison.Ordinal);
        return $"write {prefix}.Parse({(isWritten ? wanted : $"\"{example}\"")}).Contains({address}), with the prefix at the top level: "
            + "it need not be parsed for every frame";
    }

    private static (string Type, string Example)? Prefix(Mistake mistake, ITypeSymbol? address) =>
        SymbolEqualityComparer.Default.Equals(address, mistake.Find(typeof(Ipv4Address))) ? (nameof(Ipv4Prefix), "10.0.0.0/8")
        : SymbolEqualityComparer.Default.Equals(address, mistake.Find(typeof(Ipv6Address))) ? (nameof(Ipv6Prefix), "2001:db8::/32")
        : null;
}
