using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.TcpServices;

/// <summary>
/// The link and IP headers of what a service sends to a client, learned from the client's SYN: addresses and ports turned around, VLAN
/// tags kept, no IP option or extension header, a time to live or hop limit of 64.
/// </summary>
internal sealed class TcpFrameTemplate
{
    private const int MaxLinkLength = EthernetHeader.Length + (Layers.MaxVlanTags * VlanTag.Length);
    private const byte HopLimit = 64;

    private readonly byte[] _headers = new byte[MaxLinkLength + Ipv6Header.Length];
    private int _linkLength;
    private ushort _ownPort;
    private ushort _clientPort;

    /// <summary>Link and IP header together, in octets: where the TCP header begins.</summary>
    public int Length { get; private set; }

    /// <summary>The IP header alone, in octets.</summary>
    public int NetworkLength => Length - _linkLength;

    /// <summary>Whether the client speaks IPv6.</summary>
    public bool IsIpv6 { get; private set; }

    /// <summary>Learns from a SYN.</summary>
    public void Learn(ref readonly Frame frame, TcpHeader tcp)
    {
        ref readonly Layers layers = ref frame.Layers;
        ReadOnlySpan<byte> octets = frame.Octets;
        _linkLength = layers.NetworkOffset;
        IsIpv6 = layers.Network == EtherType.Ipv6;
        Length = _linkLength + (IsIpv6 ? Ipv6Header.Length : Ipv4Header.MinLength);
        (_ownPort, _clientPort) = (tcp.DestinationPort, tcp.SourcePort);

        octets[.._linkLength].CopyTo(_headers);
        if (frame.LinkType == LinkType.Ethernet)
        {
            octets.Slice(MacAddress.Length, MacAddress.Length).CopyTo(_headers);
            octets[..MacAddress.Length].CopyTo(_headers.AsSpan(MacAddress.Length));
        }

        Span<byte> network = _headers.AsSpan(_linkLength, NetworkLength);
        network.Clear();
        int at = IsIpv6 ? 8 : 12, length = IsIpv6 ? Ipv6Address.Length : Ipv4Address.Length;
        ReadOnlySpan<byte> addresses = octets.Slice(layers.NetworkOffset + at, 2 * length);
        addresses[length..].CopyTo(network[at..]);
        addresses[..length].CopyTo(network[(at + length)..]);
        if (IsIpv6)
        {
            network[0] = 6 << 4;
            network[6] = (byte)IpProtocol.Tcp;
            network[7] = HopLimit;
        }
        else
        {
            network[0] = (4 << 4) | (Ipv4Header.MinLength / 4);
            network[6] = 0x40;   // Don't Fragment, so that the identification may be 0: RFC 6864 §4.1
            network[8] = HopLimit;
            network[9] = (byte)IpProtocol.Tcp;
        }
    }

    /// <summary>Writes all headers in front of a payload that stands in its place.</summary>
    /// <param name="frame">The whole frame, from the link header to the payload's end.</param>
    /// <param name="header">The TCP header's fields.</param>
    /// <param name="options">The TCP options, whole words.</param>
    /// <param name="partialChecksum">Whether to leave the checksum to whoever sends the frame.</param>
    public void Write(Span<byte> frame, TcpHeaderFields header, ReadOnlySpan<byte> options, bool partialChecksum)
    {
        _headers.AsSpan(0, Length).CopyTo(frame);
        Span<byte> network = frame[_linkLength..], segment = frame[Length..];
        ReadOnlySpan<byte> addresses;
        if (IsIpv6)
        {
            WriteUInt16BigEndian(network[4..], (ushort)segment.Length);
            addresses = network.Slice(8, 2 * Ipv6Address.Length);
        }
        else
        {
            WriteUInt16BigEndian(network[2..], (ushort)network.Length);
            WriteUInt16BigEndian(network[10..], InternetChecksum.Compute(network[..Ipv4Header.MinLength]));
            addresses = network.Slice(12, 2 * Ipv4Address.Length);
        }

        WriteUInt16BigEndian(segment, _ownPort);
        WriteUInt16BigEndian(segment[2..], _clientPort);
        WriteUInt32BigEndian(segment[4..], header.SequenceNumber);
        WriteUInt32BigEndian(segment[8..], header.AcknowledgmentNumber);
        segment[12] = (byte)((TcpHeader.MinLength + options.Length) / 4 << 4);
        segment[13] = header.Flags;
        WriteUInt16BigEndian(segment[14..], header.Window);
        WriteUInt32BigEndian(segment[16..], 0);    // checksum, urgent pointer
        options.CopyTo(segment[TcpHeader.MinLength..]);
        ushort pseudoHeader = InternetChecksum.PseudoHeaderSum(addresses, (byte)IpProtocol.Tcp, segment.Length);
        WriteUInt16BigEndian(segment[16..], partialChecksum ? pseudoHeader : InternetChecksum.Compute(segment, pseudoHeader));
    }
}

/// <summary>The fields of a TCP header that change from segment to segment. RFC 9293 §3.1.</summary>
internal readonly record struct TcpHeaderFields(uint SequenceNumber, uint AcknowledgmentNumber, byte Flags, ushort Window);
