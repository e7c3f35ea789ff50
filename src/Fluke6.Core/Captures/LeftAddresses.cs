using System.Diagnostics.CodeAnalysis;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Captures;

/// <summary>
/// Whose frames come from the left, where a capture does not tell: those from any of some addresses, prefixes or link-layer addresses.
/// </summary>
internal sealed class LeftAddresses
{
    private readonly List<MacAddress> _macs = [];
    private readonly List<Ipv4Prefix> _ipv4 = [];
    private readonly List<Ipv6Prefix> _ipv6 = [];

    /// <summary>Reads a list such as <c>02:00:00:00:00:01,192.0.2.0/24,2001:db8::1</c>.</summary>
    /// <param name="text">The list.</param>
    /// <param name="addresses">The addresses; null if a part is none.</param>
    /// <param name="wrong">That part; null if all are addresses.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out LeftAddresses? addresses, [NotNullWhen(false)] out string? wrong)
    {
        addresses = new LeftAddresses();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (addresses.TryAdd(part))
                continue;

            (addresses, wrong) = (null, part);
            return false;
        }

        wrong = null;
        return true;
    }

    /// <summary>Whether a frame's source, of its link or its outermost network header, is one of them; also where the frame is cut short.</summary>
    /// <param name="octets">A frame, or any octets.</param>
    /// <param name="linkType">What it begins with.</param>
    public bool AreSourceOf(ReadOnlySpan<byte> octets, LinkType linkType)
    {
        if (linkType == LinkType.Ethernet && _macs.Count > 0 && octets.Length >= EthernetHeader.Length
            && _macs.Contains(MacAddress.Read(octets[MacAddress.Length..])))
        {
            return true;
        }

        LayerWalk.Walk(octets, linkType, out Layers layers);
        ReadOnlySpan<byte> packet = octets[layers.NetworkOffset..];
        return layers.EtherType switch
        {
            EtherType.Ipv4 when packet.Length >= 16 => Has(Ipv4Address.Read(packet[12..])),
            EtherType.Ipv6 when packet.Length >= 24 => Has(Ipv6Address.Read(packet[8..])),
            EtherType.Arp when ArpPacket.IsEthernetIpv4(packet) => Has(Ipv4Address.Read(packet[14..])),
            _ => false,
        };
    }

    private bool TryAdd(string part)
    {
        if (MacAddress.TryParse(part, null, out MacAddress mac))
            _macs.Add(mac);
        else if (Ipv4Prefix.TryParse(part, null, out Ipv4Prefix ipv4))
            _ipv4.Add(ipv4);
        else if (Ipv4Address.TryParse(part, null, out Ipv4Address host4))
            _ipv4.Add(new Ipv4Prefix(host4, 32));
        else if (Ipv6Prefix.TryParse(part, null, out Ipv6Prefix ipv6))
            _ipv6.Add(ipv6);
        else if (Ipv6Address.TryParse(part, null, out Ipv6Address host6))
            _ipv6.Add(new Ipv6Prefix(host6, 128));
        else
            return false;
        return true;
    }

    private bool Has(Ipv4Address source)
    {
        foreach (Ipv4Prefix prefix in _ipv4)
        {
            if (prefix.Contains(source))
                return true;
        }

        return false;
    }

    private bool Has(Ipv6Address source)
    {
        foreach (Ipv6Prefix prefix in _ipv6)
        {
            if (prefix.Contains(source))
                return true;
        }

        return false;
    }
}
