using Fluke6.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>Guards that are put together as conditions are, or asked for by what both TCP and UDP have.</summary>
internal static class GuardHint
{
    /// <summary>Guard.TcpSyn | Guard.Arp.</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id == "CS0218" && mistake.Node is BinaryExpressionSyntax both)
            return $"write {both.Left} {both.OperatorToken.Text[0]} {both.Right}";

        if (mistake.Id != "CS0117" || mistake.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is not { Expression: var type } access
            || !SymbolEqualityComparer.Default.Equals(mistake.Model.GetSymbolInfo(type).Symbol, mistake.Find(typeof(Guard))))
        {
            return null;
        }

        string wanted = access.Name.Identifier.ValueText;
        if (wanted.StartsWith("Port", StringComparison.OrdinalIgnoreCase))
            return $"write Guard.{nameof(Guard.Tcp)}(...) | Guard.{nameof(Guard.Udp)}(...)";

        return wanted.ToUpperInvariant() is "HOST" or "IP" or "SRC" or "DST" or "SOURCE" or "DESTINATION" or "NET" or "NETWORK"
            ? $"write Guard.{nameof(Guard.Address)}(...), or When(\"host 192.0.2.1\") in the words of tcpdump's filters" : null;
    }
}
