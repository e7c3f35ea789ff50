using Fluke6.Frames;
using Fluke6.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>Verbs that packets have in other libraries, and that are written otherwise here.</summary>
internal static class FrameVerbHint
{
    /// <summary>write Log($"{frame}").</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is not "CS1061" || mistake.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is not { Expression: var receiver } access
            || mistake.TypeOf(receiver) is not { } type)
        {
            return null;
        }

        string verb = access.Name.Identifier.ValueText.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        if (verb is "port" && type.IsRefLikeType)
            return $"write {nameof(TcpHeader.SourcePort)} or {nameof(TcpHeader.DestinationPort)}";

        return SymbolEqualityComparer.Default.Equals(type, mistake.Find(typeof(Frame))) ? OfFrame(mistake, access, $"{receiver}", verb) : null;
    }

    // TCP of "TCP", and Tcp of PacketDotNet.TcpPacket.
    private static string LayerOf(string name) => name.Trim('"').Split('.')[^1].Replace("Packet", "", StringComparison.Ordinal);

    private static string? OfFrame(Mistake mistake, MemberAccessExpressionSyntax access, string frame, string verb)
    {
        switch (verb)
        {
            case "show" or "show2" or "summary" or "hexdump" or "display" or "dump" or "print" or "pprint" or "mysummary":
                return $"write Log($\"{{{frame}}}\"), or Log(Convert.ToHexString({frame}.{nameof(Frame.Octets)})) for its bytes";
            case "matches" or "match" or "filter" or "isfiltered":
                return "write When(\"tcp port 80\") at the top level, in the words of tcpdump's filters";
            case "delay" or "sleep" or "wait" or "queue" or "buffer":
                return $"write return {frame}.{nameof(Frame.Hold)}(TimeSpan.FromMilliseconds(50))";
            case "to" or "egress" or "output":
                return $"write {frame}.{nameof(Frame.From)}, the side that it came from, "
                    + $"or {frame}.{nameof(Frame.From)}.{nameof(SideExtensions.Opposite)}(), the one where it goes out";
            case "vlanid" or "vlan" or "vid":
                return $"write {frame}.{nameof(Frame.TryGetVlanTag)}(out var tag), and then tag.{nameof(VlanTag.Identifier)}";
        }

        if (verb.Contains("checksum", StringComparison.Ordinal) || verb.Contains("chksum", StringComparison.Ordinal)
            || verb.Contains("recalc", StringComparison.Ordinal))
        {
            return "checksums follow every edit by themselves: leave it out";
        }

        if (verb is not ("haslayer" or "getlayer" or "layer" or "has" or "get" or "contains" or "extract"))
            return null;

        // haslayer(TCP), getlayer("TCP"), Extract<TcpPacket>().
        string? asked = access.Name is GenericNameSyntax { TypeArgumentList.Arguments: [var argument] } ? $"{argument}"
            : access.Parent is InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: var layer }] } ? $"{layer}" : null;
        return asked is not null && FrameViews.Getter(mistake, LayerOf(asked)) is { } getter
            ? $"write {frame}.{getter}, which returns false for other frames" : null;
    }
}
