using System.Globalization;
using Fluke6.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A bare <c>Drop</c> or <c>Left</c>, or a number or a text: the name belongs there, and the type before it.</summary>
internal static class EnumHint
{
    private static readonly Type[] s_types =
    [
        typeof(Verdict), typeof(Side), typeof(TcpOptionKind), typeof(DnsType), typeof(IpProtocol), typeof(EtherType), typeof(Icmpv6Type),
        typeof(Icmpv4Type),
    ];

    /// <summary>Verdict.Drop; IpProtocol.Tcp.</summary>
    public static string? For(Mistake mistake) => mistake.Id switch
    {
        "CS0103" when mistake.Node is IdentifierNameSyntax name => OfName(mistake, name),
        "CS0019" when mistake.Node is BinaryExpressionSyntax { Left: var left, Right: var right } =>
            OfValue(mistake, right, mistake.TypeOf(left)) ?? OfValue(mistake, left, mistake.TypeOf(right)),
        "CS0029" or "CS0266" when mistake.Node is ExpressionSyntax value && mistake.TargetOf(value) is { Name: not nameof(Verdict) } target =>
            OfValue(mistake, value, target),
        "CS1503" when mistake.Node.FirstAncestorOrSelf<ArgumentSyntax>() is { } argument =>
            mistake.ParametersFor(argument).Select(type => OfValue(mistake, argument.Expression, type)).FirstOrDefault(hint => hint is not null),
        _ => null,
    };

    private static string? OfName(Mistake mistake, IdentifierNameSyntax name)
    {
        // Something of it is wanted: tcp.Syn is no IpProtocol.Tcp. Nor is what TryGetTcp is to give.
        if (name.Parent is MemberAccessExpressionSyntax
            || (name.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call } }
                && call.Name.Identifier.ValueText.StartsWith("TryGet", StringComparison.Ordinal)))
        {
            return null;
        }

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

    // ip.Protocol == 6; frame.RemoveTcpOption(4).
    private static string? OfValue(Mistake mistake, ExpressionSyntax value, ITypeSymbol? type)
    {
        if (type is not { TypeKind: TypeKind.Enum }
            || !type.ContainingNamespace.ToDisplayString().StartsWith(nameof(Fluke6), StringComparison.Ordinal))
        {
            return null;
        }

        IFieldSymbol[] names = [.. type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue)];
        switch (mistake.Model.GetConstantValue(value).Value)
        {
            case string text:
                return SimilarName.Nearest(text, names.Select(field => field.Name)) is { } nearest
                    ? $"write {type.Name}.{nearest}"
                    : $"write {type.Name} and one of its names, such as {type.Name}.{names[^1].Name}";
            case int number:
                return names.FirstOrDefault(field => Convert.ToInt64(field.ConstantValue, CultureInfo.InvariantCulture) == number) is { } named
                    ? $"write {type.Name}.{named.Name}" : $"write ({type.Name}){value}";
            default:
                return mistake.TypeOf(value)?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Byte or SpecialType.System_UInt16
                    ? $"write ({type.Name})({value})" : null;
        }
    }
}
