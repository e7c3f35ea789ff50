using System.Globalization;
using System.Runtime.InteropServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>The header fields of a frame by name, as text. For people; it allocates.</summary>
internal sealed partial class FrameFields
{
    private const int UsualCount = 12;
    private static readonly Func<UInt128, string> s_flagNames =
        static flags => ((TcpFlags)(ushort)flags).ToString().ToLowerInvariant().Replace(", ", "+", StringComparison.Ordinal);

    private readonly bool _derives;

    private FrameFields(bool derives) => _derives = derives;

    /// <summary>Fields that say something of their own, in the order of the headers.</summary>
    public List<FrameField> Fields { get; } = new(UsualCount);

    /// <summary>Lengths and checksums.</summary>
    public List<FrameField> DerivedFields { get; } = [];

    /// <summary>Where what is not a header begins.</summary>
    public int PayloadOffset { get; private set; }

    /// <summary>Where it ends; link-layer padding may follow.</summary>
    public int PayloadEnd { get; private set; }

    /// <summary>Reads any octets.</summary>
    /// <param name="octets">The frame.</param>
    /// <param name="linkType">What it begins with.</param>
    /// <param name="layers">Where its headers are.</param>
    /// <param name="sections">Which headers' fields are wanted.</param>
    public static FrameFields Read(ReadOnlySpan<byte> octets, LinkType linkType, in Layers layers, FrameSections sections)
    {
        // Views are made over writable octets; nothing here writes.
        Span<byte> frame = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(octets), octets.Length);
        var fields = new FrameFields(sections.HasFlag(FrameSections.Derived)) { PayloadOffset = layers.NetworkOffset, PayloadEnd = octets.Length };
        if (linkType == LinkType.Ethernet && sections.HasFlag(FrameSections.Link))
            fields.AddLink(frame, layers);
        if (sections.HasFlag(FrameSections.Network))
            fields.AddNetwork(frame, layers);
        if (layers.HasTransport && sections.HasFlag(FrameSections.Transport))
            fields.AddTransport(frame, layers);
        else if (layers.HasTransport)
            (fields.PayloadOffset, fields.PayloadEnd) = (layers.PayloadOffset, layers.PayloadEnd);
        return fields;
    }

    private void AddLink(Span<byte> frame, in Layers layers)
    {
        if (!EthernetHeader.TryRead(frame, out EthernetHeader ethernet))
        {
            PayloadOffset = 0;
            return;
        }

        Add("ethernet destination", ethernet.Destination);
        Add("ethernet source", ethernet.Source);
        PayloadOffset = EthernetHeader.Length;
        for (int i = 0; i < layers.VlanTags && VlanTag.TryRead(frame[PayloadOffset..], out VlanTag tag); i++)
        {
            AddNext("vlan", tag.Identifier);
            AddNext("vlan priority", tag.Priority);
            PayloadOffset += VlanTag.Length;
        }

        Add("ethertype", layers.EtherType);
    }

    private void AddNetwork(Span<byte> frame, in Layers layers)
    {
        Span<byte> packet = frame[layers.NetworkOffset..];
        switch (layers.Network)
        {
            case EtherType.Arp when ArpPacket.TryRead(packet, out ArpPacket arp):
                Add("arp operation", arp.Operation);
                Add("arp sender hardware address", arp.SenderHardwareAddress);
                Add("arp sender protocol address", arp.SenderProtocolAddress);
                Add("arp target hardware address", arp.TargetHardwareAddress);
                Add("arp target protocol address", arp.TargetProtocolAddress);
                PayloadOffset = PayloadEnd = layers.NetworkEnd;
                return;

            case EtherType.Ipv4 when Ipv4Header.TryRead(packet, out Ipv4Header ipv4):
                AddIpv4(ipv4);
                break;

            case EtherType.Ipv6 when Ipv6Header.TryRead(packet, out Ipv6Header ipv6):
                Add("ipv6 source", ipv6.Source);
                Add("ipv6 destination", ipv6.Destination);
                Add("ipv6 hop limit", ipv6.HopLimit);
                Add("ipv6 traffic class", ipv6.TrafficClass);
                Add("ipv6 flow label", ipv6.FlowLabel);
                Add("ipv6 next header", ipv6.NextHeader);
                AddDerived("ipv6 payload length", ipv6.PayloadLength);
                AddExtensionHeaders(packet, layers.TransportOffset - layers.NetworkOffset);
                break;

            default:
                return;
        }

        PayloadOffset = layers.TransportOffset;
        PayloadEnd = layers.NetworkEnd;
    }

    private void AddIpv4(Ipv4Header ipv4)
    {
        Add("ipv4 source", ipv4.Source);
        Add("ipv4 destination", ipv4.Destination);
        Add("ipv4 time to live", ipv4.TimeToLive);
        Add("ipv4 differentiated services", ipv4.DifferentiatedServices);
        Add("ipv4 congestion notification", ipv4.ExplicitCongestionNotification);
        Add("ipv4 identification", ipv4.Identification);
        Add("ipv4 don't fragment", ipv4.DontFragment);
        Add("ipv4 more fragments", ipv4.MoreFragments);
        Add("ipv4 fragment offset", ipv4.FragmentOffset);
        Add("ipv4 protocol", ipv4.Protocol);
        if (!ipv4.Options.Octets.IsEmpty)
            Add("ipv4 options", Convert.ToHexStringLower(ipv4.Options.Octets));
        AddDerived("ipv4 header length", ipv4.HeaderLength);
        AddDerived("ipv4 total length", ipv4.TotalLength);
        AddDerived("ipv4 header checksum", ipv4.Checksum, "x4");
    }

    private void AddExtensionHeaders(Span<byte> packet, int end)
    {
        int position = Ipv6Header.Length;
        var next = (IpProtocol)packet[6];
        while (position < end && Ipv6ExtensionHeader.IsExtension(next)
            && Ipv6ExtensionHeader.TryGetLength(packet[position..end], next, out int length))
        {
            AddNext($"ipv6 {next} header", Convert.ToHexStringLower(packet.Slice(position, length)));
            next = (IpProtocol)packet[position];
            position += length;
        }
    }

    private void AddTransport(Span<byte> frame, in Layers layers)
    {
        Span<byte> segment = frame[layers.TransportOffset..layers.PayloadEnd];
        switch (layers.Transport)
        {
            case IpProtocol.Tcp when TcpHeader.TryRead(segment, out TcpHeader tcp):
                AddTcp(tcp);
                break;

            case IpProtocol.Udp when UdpHeader.TryRead(segment, out UdpHeader udp):
                Add("udp source port", udp.SourcePort);
                Add("udp destination port", udp.DestinationPort);
                AddDerived("udp length", udp.DatagramLength);
                AddDerived("udp checksum", udp.Checksum, "x4");
                break;

            case IpProtocol.Icmpv4 when Icmpv4Header.TryRead(segment, out Icmpv4Header icmpv4):
                Add("icmp type", icmpv4.Type);
                Add("icmp code", icmpv4.Code);
                Add("icmp body", Convert.ToHexStringLower(segment.Slice(4, 4)));
                AddDerived("icmp checksum", icmpv4.Checksum, "x4");
                break;

            case IpProtocol.Icmpv6 when Icmpv6Header.TryRead(segment, out Icmpv6Header icmpv6):
                Add("icmpv6 type", icmpv6.Type);
                Add("icmpv6 code", icmpv6.Code);
                AddDerived("icmpv6 checksum", icmpv6.Checksum, "x4");
                if (AddNeighborDiscovery(segment))
                {
                    PayloadOffset = PayloadEnd = layers.PayloadEnd;
                    return;
                }

                Add("icmpv6 body", Convert.ToHexStringLower(segment.Slice(4, 4)));
                break;
        }

        PayloadOffset = layers.PayloadOffset;
        PayloadEnd = layers.PayloadEnd;
    }

    private void AddTcp(TcpHeader tcp)
    {
        Add("tcp source port", tcp.SourcePort);
        Add("tcp destination port", tcp.DestinationPort);
        Add("tcp sequence number", tcp.SequenceNumber);
        Add("tcp acknowledgment number", tcp.AcknowledgmentNumber);
        Fields.Add(new FrameField("tcp flags", (ushort)(tcp.Flags & ~TcpFlags.Reserved), s_flagNames));
        Add("tcp reserved bits", tcp.ReservedBits);
        Add("tcp window", tcp.Window);
        Add("tcp urgent pointer", tcp.UrgentPointer);
        foreach (TcpOption option in tcp.Options)
        {
            if (option.Kind != TcpOptionKind.NoOperation)
                AddNext($"tcp option {TcpOptionText.NameOf(option.Kind)}", TcpOptionValue(option));
        }

        if (tcp.Options.IsMalformed)
            Add("tcp options that cannot be read", Convert.ToHexStringLower(tcp.Options.Octets));
        AddDerived("tcp header length", tcp.HeaderLength);
        if (_derives)
            DerivedFields.Add(new FrameField("tcp options", Convert.ToHexStringLower(tcp.Options.Octets)));
        AddDerived("tcp checksum", tcp.Checksum, "x4");
    }

    private static string TcpOptionValue(TcpOption option) => option.Kind switch
    {
        TcpOptionKind.MaximumSegmentSize when option.Length == 4 => $"{option.UInt16}",
        TcpOptionKind.WindowScale when option.Length == 3 => $"{option.Byte}",
        _ => Convert.ToHexStringLower(option.Data),
    };

    private void Add<T>(string name, T value)
        where T : unmanaged => Fields.Add(FrameField.Of(name, value));

    private void Add(string name, string text) => Fields.Add(new FrameField(name, text));

    /// <summary>Adds a field that may not be the only one by its name: each later one gets a number.</summary>
    private void AddNext<T>(string name, T value)
        where T : unmanaged => Add(Numbered(name), value);

    private void AddNext(string name, string text) => Add(Numbered(name), text);

    private string Numbered(string name)
    {
        string numbered = name;
        for (int times = 2; Fields.Exists(field => field.Name == numbered); times++)
            numbered = $"{name} #{times}";
        return numbered;
    }

    private void AddDerived<T>(string name, T value, string? format = null)
        where T : IFormattable
    {
        if (_derives)
            DerivedFields.Add(new FrameField(name, value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
