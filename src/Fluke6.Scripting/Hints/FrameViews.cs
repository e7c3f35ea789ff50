using Fluke6.Frames;
using Microsoft.CodeAnalysis;

namespace Fluke6.Scripting.Hints;

/// <summary>The views that a frame gives of itself, and what they are called in scripts.</summary>
internal static class FrameViews
{
    private const string Prefix = "TryGet";
    private const int MostOthers = 2;

    // Names of scapy and Wireshark for views that have others here.
    private static readonly Dictionary<string, string> s_others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ip"] = "Ipv4", ["icmp"] = "Icmpv4", ["ether"] = "Ethernet", ["dot1q"] = "VlanTag", ["vlan"] = "VlanTag",
    };

    /// <summary>The method of <see cref="Frame"/> for a view, as to be written; null if there is none.</summary>
    /// <param name="mistake">Where.</param>
    /// <param name="wanted">The view as the user calls it: Tcp, IsTCP, eth.</param>
    /// <param name="variable">The script's name for it; null for the usual one.</param>
    public static string? Getter(Mistake mistake, string wanted, string? variable = null) => Getters(mistake)
        .Where(getter => SimilarName.Exact(s_others.GetValueOrDefault(wanted, wanted), [getter.Name[Prefix.Length..]]) is not null)
        .Select(getter => $"{getter.Name}(out var {variable ?? getter.Parameters[0].Name})")
        .FirstOrDefault();

    /// <summary>Where a member is that the user looked for elsewhere; null if no view of the frame has it.</summary>
    public static string? WithMember(Mistake mistake, string wanted) =>
        mistake.Find(typeof(Frame)) is { } frame ? WithMember(frame, "frame", wanted) : null;

    /// <summary>The same of the views that another view gives.</summary>
    /// <param name="type">What gives them.</param>
    /// <param name="outer">What the script calls it.</param>
    /// <param name="wanted">The member.</param>
    public static string? WithMember(ITypeSymbol type, string outer, string wanted)
    {
        List<(IMethodSymbol Getter, string Member)> found = [];
        foreach (IMethodSymbol getter in Getters(type))
        {
            if (SimilarName.Exact(wanted, Mistake.NamesOf(getter.Parameters[0].Type)) is { } member)
                found.Add((getter, member));
        }

        if (found is not [var (first, name), .. var others])
            return null;

        string variable = first.Parameters[0].Name;
        string more = string.Concat(others.Take(MostOthers).Select(other => $" or {other.Getter.Name}"));
        return $"write {outer}.{first.Name}(out var {variable}){more}, and then {variable}.{name}";
    }

    private static IEnumerable<IMethodSymbol> Getters(Mistake mistake) => mistake.Find(typeof(Frame)) is { } frame ? Getters(frame) : [];

    private static IEnumerable<IMethodSymbol> Getters(ITypeSymbol type) => type.GetMembers().OfType<IMethodSymbol>().Where(method =>
        method.Name.StartsWith(Prefix, StringComparison.Ordinal) && method.DeclaredAccessibility == Accessibility.Public
        && method.Parameters is [{ RefKind: RefKind.Out }, ..]);
}
