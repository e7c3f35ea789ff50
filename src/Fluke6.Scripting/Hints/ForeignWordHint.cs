using Fluke6.Frames;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A word of another language or library that C# does not know: of Python and scapy, of C and eBPF, of netfilter, P4 and Lua.</summary>
internal static class ForeignWordHint
{
    private const string Machine = "numbers are as they are written, whatever the wire's order: leave it out";
    private const string Made =
        "a packet is made by Packet.Ethernet(source, destination).Ipv4(source, destination).Udp(sourcePort, destinationPort) and its like";

    private static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        ["None"] = "write null", ["nil"] = "write null", ["NULL"] = "write null", ["nullptr"] = "write null", ["undefined"] = "write null",
        ["True"] = "write true", ["TRUE"] = "write true", ["False"] = "write false", ["FALSE"] = "write false",
        ["XDP_DROP"] = "write Verdict.Drop", ["XDP_ABORTED"] = "write Verdict.Drop", ["XDP_PASS"] = "write Verdict.Continue",
        ["XDP_TX"] = "write Verdict.Reflect", ["XDP_REDIRECT"] = "write Verdict.Continue",
        ["TC_ACT_SHOT"] = "write Verdict.Drop", ["TC_ACT_OK"] = "write Verdict.Continue", ["TC_ACT_UNSPEC"] = "write Verdict.Continue",
        ["NF_DROP"] = "write Verdict.Drop", ["NF_ACCEPT"] = "write Verdict.Continue", ["NF_REPEAT"] = "write Verdict.Continue",
        ["mark_to_drop"] = "write return Verdict.Drop",
        ["htons"] = Machine, ["ntohs"] = Machine, ["htonl"] = Machine, ["ntohl"] = Machine, ["bpf_htons"] = Machine, ["bpf_ntohs"] = Machine,
        ["bpf_htonl"] = Machine, ["bpf_ntohl"] = Machine, ["bpf_printk"] = "write Log(...)",
        ["uint8_t"] = "write byte", ["__u8"] = "write byte", ["u8"] = "write byte", ["uint16_t"] = "write ushort", ["__u16"] = "write ushort",
        ["u16"] = "write ushort", ["__be16"] = "write ushort", ["uint32_t"] = "write uint", ["__u32"] = "write uint", ["u32"] = "write uint",
        ["__be32"] = "write uint", ["unsigned"] = "write uint", ["uint64_t"] = "write ulong", ["u64"] = "write ulong",
        ["boolean"] = "write bool", ["str"] = "write string", ["auto"] = "write var", ["let"] = "write var", ["val"] = "write var", ["local"] = "write var",
        ["hdr"] = "write frame.TryGetIpv4(out var ipv4) before: each header is asked for by itself",
        ["self"] = "a rule's variables and methods stand at its top level: leave self out",
        ["del"] = "checksums and lengths follow every edit by themselves: leave it out",
        ["end"] = "write }", ["Direction"] = "write Side.Left or Side.Right", ["ProtocolType"] = "write IpProtocol, such as IpProtocol.Tcp",
        ["sendp"] = "write Send(Side.Right, packet)", ["send"] = "write Send(Side.Right, packet)", ["sr1"] = "write Send(Side.Right, packet)",
    };

    // scapy's and PacketDotNet's names for what a packet is made of.
    private static readonly HashSet<string> s_layers = new(StringComparer.OrdinalIgnoreCase)
    {
        "Ether", "Ethernet", "Dot1Q", "IP", "IPv4", "IPv6", "TCP", "UDP", "ICMP", "ICMPv6", "ARP", "DNS",
    };

    /// <summary>write Verdict.Drop.</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is not ("CS0103" or "CS0246") || mistake.Node.FirstAncestorOrSelf<SimpleNameSyntax>() is not { } name
            || name.Parent is MemberAccessExpressionSyntax { Expression: var receiver } && receiver != name)
        {
            return null;
        }

        string word = name.Identifier.ValueText;
        if (s_layers.Contains(word) && OfLayer(mistake, name, word) is { } layer)
            return layer;
        if (word is "len" or "sizeof" && name.Parent is InvocationExpressionSyntax { ArgumentList.Arguments: [var measured] })
            return $"write {measured}.Length";

        return s_words.GetValueOrDefault(word);
    }

    // IP(dst=...)/TCP(); new Ethernet(); frame[TCP]; frame.haslayer(TCP).
    private static string? OfLayer(Mistake mistake, SimpleNameSyntax name, string word)
    {
        if (name.Parent is InvocationExpressionSyntax or ObjectCreationExpressionSyntax)
            return Made;
        if (name.Parent is not ArgumentSyntax { Parent.Parent: ExpressionSyntax asked })
            return null;

        ExpressionSyntax? of = asked switch
        {
            ElementAccessExpressionSyntax element => element.Expression,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call } => call.Expression,
            _ => null,
        };
        return SymbolEqualityComparer.Default.Equals(mistake.TypeOf(of), mistake.Find(typeof(Frame))) && FrameViews.Getter(mistake, word) is { } getter
            ? $"write {of}.{getter}, which returns false for other frames" : null;
    }
}
