using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

// Each step adds a header and says in the one before what follows it.
public partial struct Packet
{
    private const int MaxLength = ushort.MaxValue;

    /// <summary>Adds a header.</summary>
    /// <param name="fields">Its fields.</param>
    /// <param name="kind">What it needs once the packet's end is known.</param>
    /// <param name="protocol">What an IP header or an extension header before it calls it.</param>
    /// <param name="etherType">What a link header or GRE before it calls it.</param>
    internal readonly Packet<T> With<T>(in T fields, PacketLayerKind kind, IpProtocol protocol = default, EtherType etherType = default)
        where T : IHeaderFields
    {
        Packet next = this;
        int offset = Length;
        if (_layerCount == PacketLayers.Capacity)
            throw new InvalidOperationException($"A packet is written from at most {PacketLayers.Capacity} headers.");

        fields.Write(next.Extend(fields.Length)[offset..]);
        next.Announce(protocol, etherType);
        next._layers[next._layerCount++] = new PacketLayer(kind, (ushort)offset, Used: (byte)TcpHeader.MinLength);
        return new Packet<T>(next);
    }

    /// <summary>Adds an IPv4 header, and the MAC destination of a group.</summary>
    internal readonly Packet<Ipv4Fields> WithIpv4(in Ipv4Fields fields)
    {
        Packet next = this;
        if (fields.Destination.IsMulticast)
            next.SetMacDestination(MacAddress.ForMulticast(fields.Destination));
        return next.With(fields, PacketLayerKind.Ipv4, IpProtocol.Ipv4, EtherType.Ipv4);
    }

    /// <summary>Adds an IPv6 header, and the MAC destination of a group; without a hop limit, what follows chooses it.</summary>
    internal readonly Packet<Ipv6Fields> WithIpv6(Ipv6Address source, Ipv6Address destination, byte? hopLimit)
    {
        var fields = new Ipv6Fields(source, destination);
        return hopLimit is { } limit
            ? WithIpv6(fields with { HopLimit = limit }, PacketLayerKind.Ipv6)
            : WithIpv6(fields, PacketLayerKind.Ipv6WithAnyHopLimit);
    }

    /// <inheritdoc cref="WithIpv6(Ipv6Address, Ipv6Address, byte?)"/>
    internal readonly Packet<Ipv6Fields> WithIpv6(in Ipv6Fields fields, PacketLayerKind kind)
    {
        Packet next = this;
        if (fields.Destination.IsMulticast)
            next.SetMacDestination(MacAddress.ForMulticast(fields.Destination));
        return next.With(fields, kind, IpProtocol.Ipv6, EtherType.Ipv6);
    }

    /// <summary>Adds an ARP packet; a reply goes to whom it is for.</summary>
    internal readonly Packet WithArp(in ArpFields fields)
    {
        Packet next = this;
        if (fields.Operation == ArpOperation.Reply && fields.TargetHardwareAddress != default)
            next.SetMacDestination(fields.TargetHardwareAddress);
        return next.With(fields, PacketLayerKind.Other, etherType: EtherType.Arp);
    }

    /// <summary>Adds an ICMPv6 message that receivers take with one hop limit only, unless the rule chose another.</summary>
    internal readonly Packet<T> WithMessage<T>(in T fields, byte hopLimit)
        where T : IHeaderFields
    {
        Packet<T> packet = With(fields, PacketLayerKind.Icmpv6, IpProtocol.Icmpv6);
        Packet next = packet;
        int layer = next.FindLayer(next._layerCount - 1, static layer => layer.IsNetwork);
        if (next._layers[layer].Kind != PacketLayerKind.Ipv6WithAnyHopLimit)
            return packet;

        next.Extend(0)[next._layers[layer].Offset + 7] = hopLimit;
        return new Packet<T>(next);
    }

    /// <summary>Adds what is no header of its own, such as an option, at the end.</summary>
    internal readonly Packet WithPart<T>(in T fields)
        where T : IHeaderFields
    {
        Packet next = this;
        fields.Write(next.Extend(fields.Length)[Length..]);
        return next;
    }

    /// <summary>Adds octets at the end.</summary>
    internal readonly Packet WithOctets(ReadOnlySpan<byte> octets, IpProtocol? protocol = null, EtherType? etherType = null)
    {
        Packet next = this;
        octets.CopyTo(next.Extend(octets.Length)[Length..]);
        if (protocol is not null || etherType is not null)
            next.Announce(protocol ?? default, etherType ?? default);
        return next;
    }

    /// <summary>Adds a whole packet at the end.</summary>
    internal readonly Packet WithPacket(in Packet packet)
    {
        Packet next = this;
        packet.Write(next.Extend(packet.Length)[Length..]);
        return next;
    }

    /// <summary>Adds a TCP option to the last header.</summary>
    internal readonly Packet<TcpFields> WithTcpOption(TcpOptionKind kind, ReadOnlySpan<byte> data)
    {
        if (data.Length > TcpHeader.MaxLength - TcpHeader.MinLength - 2)
            throw NoRoom(kind);

        Span<byte> option = stackalloc byte[TcpHeader.MaxLength - TcpHeader.MinLength];
        return WithTcpOptions(option[..TcpOptionFields.Write(option, kind, data)], kind);
    }

    /// <summary>Adds encoded TCP options to the last header, which stays padded to whole words.</summary>
    /// <param name="octets">The options.</param>
    /// <param name="kind">What to call them if they do not fit.</param>
    internal readonly Packet<TcpFields> WithTcpOptions(ReadOnlySpan<byte> octets, TcpOptionKind? kind = null)
    {
        Packet next = this;
        ref PacketLayer tcp = ref next._layers[_layerCount - 1];
        int used = tcp.Used, end = used + octets.Length, padded = (end + 3) & ~3;
        if (end > TcpHeader.MaxLength)
            throw NoRoom(kind);

        Span<byte> header = next.Extend(tcp.Offset + padded - Length)[tcp.Offset..];
        octets.CopyTo(header[used..]);
        header[end..padded].Clear();
        header[12] = (byte)((padded / 4 << 4) | (header[12] & 0xF));
        tcp = tcp with { Used = (byte)end };
        return new Packet<TcpFields>(next);
    }

    private static InvalidOperationException NoRoom(TcpOptionKind? kind) =>
        new($"A TCP header has room for 40 bytes of options: {(kind is null ? "these do" : $"{kind} does")} not fit.");

    /// <summary>Tells the last header what follows it.</summary>
    private void Announce(IpProtocol protocol, EtherType etherType)
    {
        if (_layerCount == 0)
            return;

        PacketLayer last = _layers[_layerCount - 1];
        Span<byte> header = (_array ?? (Span<byte>)_inline)[last.Offset..];
        switch (last.Kind)
        {
            case PacketLayerKind.Ethernet or PacketLayerKind.EthernetToNobodyYet:
                WriteUInt16BigEndian(header[12..], (ushort)etherType);
                break;
            case PacketLayerKind.VlanTag or PacketLayerKind.Gre or PacketLayerKind.Geneve:
                WriteUInt16BigEndian(header[2..], (ushort)etherType);
                break;
            case PacketLayerKind.MplsLabel when etherType == EtherType.MplsUnicast:
                MplsLabel.LeaveBottom(header);
                break;
            case PacketLayerKind.Pppoe when etherType is EtherType.Ipv4 or EtherType.Ipv6:
                WriteUInt16BigEndian(header[6..], (ushort)(etherType == EtherType.Ipv4 ? PppProtocol.Ipv4 : PppProtocol.Ipv6));
                break;
            case PacketLayerKind.Ipv4:
                header[9] = (byte)protocol;
                break;
            case PacketLayerKind.Ipv6 or PacketLayerKind.Ipv6WithAnyHopLimit:
                header[6] = (byte)protocol;
                break;
            case PacketLayerKind.ExtensionHeader:
                header[0] = (byte)protocol;
                break;
        }
    }

    private void SetMacDestination(MacAddress destination)
    {
        for (int i = _layerCount - 1; i >= 0 && _layers[i].Kind is PacketLayerKind.VlanTag or PacketLayerKind.EthernetToNobodyYet; i--)
        {
            if (_layers[i].IsEthernet)
                destination.WriteTo(Extend(0)[_layers[i].Offset..]);
        }
    }

    private readonly int FindLayer(int before, Func<PacketLayer, bool> isOne)
    {
        int i = before - 1;
        while (!isOne(_layers[i]))
            i--;
        return i;
    }

    /// <summary>Makes room at the end, in memory that no other packet has.</summary>
    /// <returns>All octets, up to the new end.</returns>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    private Span<byte> Extend(int octets)
    {
        int length = Length + octets;
        if (length > MaxLength)
            throw new InvalidOperationException($"A packet is at most {MaxLength} bytes long, not {length}.");

        if (length > PacketOctets.Capacity)
        {
            byte[] longer = new byte[length];
            (_array ?? ((ReadOnlySpan<byte>)_inline)[..Length]).CopyTo(longer);
            _array = longer;
        }

        Length = length;
        return _array ?? ((Span<byte>)_inline)[..length];
    }
}
