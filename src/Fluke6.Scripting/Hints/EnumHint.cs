using Fluke6.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A bare <c>Drop</c> or <c>Left</c>: the type belongs before it.</summary>
internal static class EnumHint
{
    private static readonly Type[] s_types =
    [
        typeof(Verdict), typeof(Side), typeof(TcpOptionKind), typeof(DnsType), typeof(IpProtocol), typeof(EtherType), typeof(Icmpv6Type),
        typeof(Icmpv4Type),
    ];

    /// <summary>Verdict.Drop.</summary>
    public static string? For(Mistake mistake)
    {
        // Something of it is wanted: tcp.Syn is no IpProtocol.Tcp.
        if (mistake.Id != "CS0103" || mistake.Node is not IdentifierNameSyntax name || name.Parent is MemberAccessExpressionSyntax)
            return null;

        foreach (Type type in s_types)
        {
            if (mistake.Find(type) is { } symbol
                && symbol.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => string.Equals(
                    field.Name, name.Identifier.ValueText, StringComparison.OrdinalIgnoreCase)) is { } field)
            {
                return $"write {symbol.Name}.{field.Name}";
            }
        }

        return null;
    }
}
