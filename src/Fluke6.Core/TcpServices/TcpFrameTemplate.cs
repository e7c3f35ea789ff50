using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.TcpServices;

/// <summary>
/// The link and IP headers of what a service sends to a client, learned from the client's SYN: addresses and ports turned around, VLAN
/// tags kept, no IP option or extension header, a time to live or hop limit of 64.
/// </summary>
internal sealed class TcpFrameTemplate
{
    private const int MaxLinkLength = EthernetHeader.Length + (Layers.MaxVlanTags * VlanTag.Length);

    private readonly byte[] _link = new byte[MaxLinkLength];
    private int _linkLength;
    private Ipv4Fields _ipv4;
    private Ipv6Fields _ipv6;

    /// <summary>The service's port.</summary>
    public ushort OwnPort { get; private set; }

    /// <summary>The client's port.</summary>
    public ushort ClientPort { get; private set; }

    /// <summary>Link and IP header together, in octets: where the TCP header begins.</summary>
    public int Length => _linkLength + NetworkLength;

    /// <summary>The IP header alone, in octets.</summary>
    public int NetworkLength => IsIpv6 ? Ipv6Header.Length : Ipv4Header.MinLength;

    /// <summary>Whether the client speaks IPv6.</summary>
    public bool IsIpv6 { get; private set; }

    /// <summary>Learns from a SYN.</summary>
    public void Learn(ref readonly Frame frame, TcpHeader tcp)
    {
        (OwnPort, ClientPort) = (tcp.DestinationPort, tcp.SourcePort);
        _linkLength = frame.Layers.NetworkOffset;
        frame.Octets[.._linkLength].CopyTo(_link);
        if (frame.TryGetEthernet(out EthernetHeader ethernet))
            new EthernetFields(ethernet.Destination, ethernet.Source, ethernet.EtherType).Write(_link);

        IsIpv6 = frame.TryGetIpv6(out Ipv6Header ipv6);
        if (IsIpv6)
            _ipv6 = new Ipv6Fields(ipv6.Destination, ipv6.Source, IpProtocol.Tcp);
        else if (frame.TryGetIpv4(out Ipv4Header ipv4))
            _ipv4 = new Ipv4Fields(ipv4.Destination, ipv4.Source, IpProtocol.Tcp);
    }

    /// <summary>Writes all headers in front of a payload that stands in its place.</summary>
    /// <param name="frame">The whole frame, from the link header to the payload's end.</param>
    /// <param name="header">The TCP header's fields.</param>
    /// <param name="options">The TCP options, whole words.</param>
    /// <param name="partialChecksum">Whether to leave the checksum to whoever sends the frame.</param>
    public void Write(Span<byte> frame, in TcpFields header, ReadOnlySpan<byte> options, bool partialChecksum)
    {
        _link.AsSpan(0, _linkLength).CopyTo(frame);
        Span<byte> packet = frame[_linkLength..];
        if (IsIpv6)
            _ipv6.Write(packet);
        else
            _ipv4.Write(packet);
        header.Write(packet[NetworkLength..], options);
        UpperLayerChecksum.Write(packet, NetworkLength, IpProtocol.Tcp, partialChecksum);
    }
}
