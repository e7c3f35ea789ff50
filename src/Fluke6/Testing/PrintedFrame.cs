using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Command.Testing;

/// <summary>
/// Reads frames in the words in which <see cref="FramePrinter"/> prints them: ARP; TCP, UDP and ping over IPv4 and IPv6, and fragments of them;
/// neighbour discovery; with or without Ethernet, VLAN tags, options of IPv4 and extension headers. What is not said (a payload's octets, an urgent
/// pointer, whom an ARP reply is for) is 0. Words that would not be printed of what was read are refused.
/// </summary>
internal static partial class PrintedFrame
{
    /// <summary>Writes the frame.</summary>
    /// <param name="words">The line.</param>
    /// <param name="payload">The last header's payload; null for zeros, as many as the line says.</param>
    /// <param name="frame">The frame; empty where the words are not understood.</param>
    /// <returns>False where they are not, or the frame would be printed otherwise.</returns>
    public static bool TryWrite(string words, byte[]? payload, out byte[] frame)
    {
        frame = [];
        Match line = Line().Match(words);
        if (!line.Success)
            return false;

        LinkType linkType = line.Groups["ethernet"].Success ? LinkType.Ethernet : LinkType.RawIp;
        try
        {
            Packet? packet = line.Groups["arp"].Success ? Arp(line)
                : line.Groups["v4"].Success ? Finish4(line, Ipv4(line), payload) : Finish6(line, line.Groups["rest"].Value, Ipv6(line), payload);
            frame = packet?.ToArray() ?? [];
            // Zeros after the packet, as short frames have them.
            if (frame.Length > 0 && Number(line, "frame") is var length && length > frame.Length && length <= FrameBuffer.MaxFrameLength)
                Array.Resize(ref frame, (int)length);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            return false;
        }

        return frame.Length > 0 && FramePrinter.Print(frame, linkType) == words;
    }

    private static Packet<EthernetFields> Ethernet(Match line) =>
        Packet.Ethernet(MacAddress.Parse(line.Groups["sourceMac"].Value), MacAddress.Parse(line.Groups["destinationMac"].Value));

    private static Packet<VlanTagFields>? Tagged(Match line)
    {
        Packet<VlanTagFields>? tagged = null;
        foreach (Match tag in Tags().Matches(line.Groups["tags"].Value))
        {
            var fields = new VlanTagFields((ushort)Number(tag, "vlan"))
            {
                Priority = (byte)Number(tag, "priority"), DropEligible = tag.Groups["dei"].Success,
            };
            EtherType identifier = tag.Groups["kind"].Value switch { "vlan" => EtherType.Dot1Q, "svlan" => EtherType.Dot1Ad, _ => EtherType.LegacyQinQ };
            tagged = tagged is { } outer ? outer.Vlan(fields, identifier) : Ethernet(line).Vlan(fields, identifier);
        }

        return tagged;
    }

    private static Packet? Arp(Match line)
    {
        Match arp = ArpWords().Match(line.Groups["arp"].Value);
        if (!arp.Success || !line.Groups["ethernet"].Success)
            return null;

        var fields = arp.Groups["target"].Success
            ? ArpFields.Request(
                MacAddress.Parse(line.Groups["sourceMac"].Value), Ipv4Address.Parse(arp.Groups["sender"].Value), Ipv4Address.Parse(arp.Groups["target"].Value))
            : ArpFields.Reply(Ipv4Address.Parse(arp.Groups["sender"].Value), MacAddress.Parse(arp.Groups["mac"].Value));
        return Tagged(line) is { } tagged ? tagged.Arp(fields) : Ethernet(line).Arp(fields);
    }

    private static Packet<Ipv4Fields> Ipv4(Match line)
    {
        var fields = new Ipv4Fields(Ipv4Address.Parse(line.Groups["source"].Value), Ipv4Address.Parse(line.Groups["destination"].Value))
        {
            TimeToLive = (byte)Number(line, "ttl"),
            Identification = (ushort)Number(line, "id"),
            DifferentiatedServices = (byte)Number(line, "dscp"),
            ExplicitCongestionNotification = (byte)Number(line, "ecn"),
            DontFragment = line.Groups["df"].Success,
            FragmentOffset = (int)Number(line, "offset"),
            MoreFragments = line.Groups["more"].Success,
            Options = [.. line.Groups["options"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(option => option != "EOL").Select(Ipv4OptionOf)],
        };
        return Tagged(line) is { } tagged ? tagged.Ipv4(fields) : line.Groups["ethernet"].Success ? Ethernet(line).Ipv4(fields) : Packet.Ipv4(fields);
    }

    private static Ipv4OptionFields Ipv4OptionOf(string text)
    {
        const string Unknown = "unknown-";
        string[] words = text.Split(' ');
        Ipv4OptionKind kind = words[0].StartsWith(Unknown, StringComparison.Ordinal)
            ? (Ipv4OptionKind)byte.Parse(words[0].AsSpan(Unknown.Length), CultureInfo.InvariantCulture)
            : Enum.GetValues<Ipv4OptionKind>().FirstOrDefault(kind => HeaderText.NameOf(kind) == words[0]);
        return words[1..] switch
        {
            [] => new Ipv4OptionFields(kind),
            ["ptr", var pointer, .. var addresses] => new Ipv4OptionFields(
                kind, [byte.Parse(pointer, CultureInfo.InvariantCulture), .. addresses.SelectMany(address => IPAddress.Parse(address).GetAddressBytes())]),
            [['0', 'x', .. var data]] => new Ipv4OptionFields(kind, Convert.FromHexString(data)),
            _ => throw new FormatException(text),
        };
    }

    private static Packet<Ipv6Fields> Ipv6(Match line)
    {
        var fields = new Ipv6Fields(Ipv6Address.Parse(line.Groups["source"].Value), Ipv6Address.Parse(line.Groups["destination"].Value))
        {
            HopLimit = (byte)Number(line, "hlim"),
            TrafficClass = (byte)Hexadecimal(line, "class"),
            FlowLabel = Hexadecimal(line, "flow"),
        };
        return Tagged(line) is { } tagged ? tagged.Ipv6(fields) : line.Groups["ethernet"].Success ? Ethernet(line).Ipv6(fields) : Packet.Ipv6(fields);
    }

    private static Packet? Finish4(Match line, Packet<Ipv4Fields> packet, byte[]? payload)
    {
        string rest = line.Groups["rest"].Value;
        if (Transport(line, rest, packet, payload) is { } whole)
            return whole;
        if (Echo().Match(rest) is not { Success: true } echo || echo.Groups["v6"].Success)
            return null;

        (ushort id, ushort sequence) = ((ushort)Number(echo, "id"), (ushort)Number(echo, "seq"));
        Packet<Icmpv4Fields> icmp = echo.Groups["kind"].Value == "request" ? packet.EchoRequest(id, sequence) : packet.EchoReply(id, sequence);
        return icmp.Payload(Octets(payload, echo, header: 8));
    }

    private static Packet? Finish6<T>(Match line, string rest, Packet<T> packet, byte[]? payload)
        where T : IIpv6Fields
    {
        if (PrintedExtensionHeader.TryRead(rest, out PrintedExtensionHeader header))
        {
            return header.Options is { } options
                ? header.Kind == IpProtocol.HopByHopOptions
                    ? Finish6(line, header.Rest, packet.HopByHopOptions(options), payload)
                    : Finish6(line, header.Rest, packet.DestinationOptions(options), payload)
                : header.Routing is { } routing ? Finish6(line, header.Rest, packet.Routing(routing), payload)
                : Finish6(line, header.Rest, packet.Fragment(header.Fragment), payload);
        }

        if (Transport(line, rest, packet, payload) is { } whole)
            return whole;
        if (PrintedNeighborDiscovery.TryWrite(rest, packet, out Packet message))
            return message;
        if (Echo().Match(rest) is not { Success: true } echo || !echo.Groups["v6"].Success)
            return null;

        (ushort id, ushort sequence) = ((ushort)Number(echo, "id"), (ushort)Number(echo, "seq"));
        Packet<Icmpv6Fields> icmp = echo.Groups["kind"].Value == "request" ? packet.EchoRequest(id, sequence) : packet.EchoReply(id, sequence);
        return icmp.Payload(Octets(payload, echo, header: 8));
    }

    /// <summary>What is alike over IPv4 and IPv6: TCP, UDP, and what begins with no transport header.</summary>
    private static Packet? Transport<T>(Match line, string rest, Packet<T> packet, byte[]? payload)
        where T : INetworkFields
    {
        if (Tcp().Match(rest) is { Success: true } tcp)
            return packet.Tcp(TcpFieldsOf(line, tcp)).Payload(Octets(payload, tcp, header: 0));
        if (Udp().Match(rest) is { Success: true } udp)
            return packet.Udp(Port(line, "sourcePort"), Port(line, "destinationPort")).Payload(Octets(payload, udp, header: 0));
        return NoTransport().Match(rest) is { Success: true } other
            ? packet.Payload((IpProtocol)checked((byte)Number(other, "protocol")), Octets(payload, other, header: 0))
            : null;
    }

    private static TcpFields TcpFieldsOf(Match line, Match tcp)
    {
        const string Letters = "FSRP.UEW";
        var flags = TcpFlags.None;
        foreach (char letter in tcp.Groups["flags"].Value.Where(letter => Letters.Contains(letter, StringComparison.Ordinal)))
            flags |= (TcpFlags)(1 << Letters.IndexOf(letter, StringComparison.Ordinal));
        return new TcpFields(Port(line, "sourcePort"), Port(line, "destinationPort"), flags)
        {
            SequenceNumber = Number(tcp, "seq"),
            AcknowledgmentNumber = Number(tcp, "ack"),
            Window = (ushort)Number(tcp, "win"),
            Options = [.. tcp.Groups["options"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(option => option != "eol").Select(OptionOf)],
        };
    }

    private static TcpOptionFields OptionOf(string text)
    {
        string[] words = text.Split(' ');
        return words switch
        {
            ["nop"] => TcpOptionFields.NoOperation,
            ["sackOK"] => TcpOptionFields.SackPermitted,
            ["mss", var octets] => TcpOptionFields.MaximumSegmentSize(ushort.Parse(octets, CultureInfo.InvariantCulture)),
            ["wscale", var shift] => TcpOptionFields.WindowScale(byte.Parse(shift, CultureInfo.InvariantCulture)),
            ["TS", "val", var value, "ecr", var echo] =>
                TcpOptionFields.Timestamps(uint.Parse(value, CultureInfo.InvariantCulture), uint.Parse(echo, CultureInfo.InvariantCulture)),
            _ => throw new FormatException(text),
        };
    }

    private static byte[] Octets(byte[]? payload, Match match, int header)
    {
        int length = Math.Max(0, (int)Number(match, "length") - header);
        return payload is null ? new byte[Math.Min(length, ushort.MaxValue)] : payload;
    }

    private static ushort Port(Match line, string name) => ushort.Parse(line.Groups[name].Value, CultureInfo.InvariantCulture);

    private static uint Number(Match match, string name) =>
        match.Groups[name] is { Success: true } group ? uint.Parse(group.Value, CultureInfo.InvariantCulture) : 0;

    private static uint Hexadecimal(Match match, string name) =>
        match.Groups[name] is { Success: true } group ? uint.Parse(group.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?<ethernet>(?<sourceMac>[0-9a-f:]{17}) > (?<destinationMac>[0-9a-f:]{17}), "
        + @"(?<tags>(?:(?:s?vlan|qinq) \d+, (?:p \d, )?(?:DEI, )?)*)ethertype (?:IPv[46]|ARP) \(0x[0-9a-f]{4}\), length (?<frame>\d+): )?"
        + @"(?:(?<arp>ARP, .*)|(?:(?<v4>IP) \(ttl (?<ttl>\d+), id (?<id>\d+)(?:, dscp (?<dscp>\d+))?(?:, ecn (?<ecn>\d+))?(?<df>, DF)?(?:, frag (?<offset>\d+)(?<more>\+)?)?"
        + @"(?:, options \[(?<options>[^\]]*)\])?\)"
        + @"|IP6 \(hlim (?<hlim>\d+)(?:, class 0x(?<class>[0-9a-f]+))?(?:, flowlabel 0x(?<flow>[0-9a-f]+))?\)) "
        + @"(?<source>\d+(?:\.\d+){3}|[0-9a-f:]+)(?:\.(?<sourcePort>\d+))? > (?<destination>\d+(?:\.\d+){3}|[0-9a-f:]+?)(?:\.(?<destinationPort>\d+))?: (?<rest>.*))$")]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<kind>s?vlan|qinq) (?<vlan>\d+), (?:p (?<priority>\d), )?(?<dei>DEI, )?")]
    private static partial Regex Tags();

    [GeneratedRegex(@"^ARP, (?:Request who-has (?<target>[\d.]+) tell (?<sender>[\d.]+)|Reply (?<sender>[\d.]+) is-at (?<mac>[0-9a-f:]{17})), length \d+$")]
    private static partial Regex ArpWords();

    [GeneratedRegex(@"^Flags \[(?<flags>[^\]]*)\], seq (?<seq>\d+)(?:, ack (?<ack>\d+))?, win (?<win>\d+)(?:, options \[(?<options>[^\]]*)\])?, length (?<length>\d+)$")]
    private static partial Regex Tcp();

    [GeneratedRegex(@"^UDP, length (?<length>\d+)$")]
    private static partial Regex Udp();

    [GeneratedRegex(@"^[A-Za-z0-9 ]+ \((?<protocol>\d+)\), length (?<length>\d+) \[(?:later fragment|unknown protocol)\]$")]
    private static partial Regex NoTransport();

    [GeneratedRegex(@"^(?:ICMP|(?<v6>ICMP6),) echo (?<kind>request|reply), id (?<id>\d+), seq (?<seq>\d+), length (?<length>\d+)$")]
    private static partial Regex Echo();
}
