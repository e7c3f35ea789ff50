namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="RoutingHeader"/>. RFC 8200 §4.4.</summary>
/// <param name="RoutingType">The kind of routing header.</param>
/// <param name="SegmentsLeft">How many nodes are still to be visited.</param>
/// <param name="NextHeader">What follows; in a packet, the next header says it.</param>
public readonly record struct RoutingFields(RoutingType RoutingType, byte SegmentsLeft, IpProtocol NextHeader = IpProtocol.NoNextHeader) : IIpv6Fields
{
    private const int AddressesOffset = 8;

    /// <summary>The addresses as they stand, of types 0, 2 and 4: in order of visit, in segment routing in reverse.</summary>
    public FieldList<Ipv6Address> Addresses { get; init; }

    /// <summary>Segment routing's flags. RFC 8754 §2.</summary>
    public byte Flags { get; init; }

    /// <summary>Segment routing's tag. RFC 8754 §2.</summary>
    public ushort Tag { get; init; }

    /// <inheritdoc/>
    public int Length => AddressesOffset + (Addresses.Count * Ipv6Address.Length);

    /// <summary>What a header says: of types 0, 2 and 4 all but what may follow the addresses, of others no more than their type.</summary>
    public static RoutingFields Read(RoutingHeader header)
    {
        var addresses = new Ipv6Address[header.AddressCount];
        for (int i = 0; i < addresses.Length; i++)
            header.TryGetAddress(i, out addresses[i]);
        bool isSegmentRouting = header.RoutingType == RoutingType.SegmentRouting;
        return new RoutingFields(header.RoutingType, header.SegmentsLeft, header.NextHeader)
        {
            Addresses = addresses,
            Flags = isSegmentRouting ? header.Octets[5] : (byte)0,
            Tag = isSegmentRouting ? (ushort)((header.Octets[6] << 8) | header.Octets[7]) : (ushort)0,
        };
    }

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)NextHeader;
        destination[1] = (byte)((Length / 8) - 1);
        destination[2] = (byte)RoutingType;
        destination[3] = SegmentsLeft;
        destination[4..AddressesOffset].Clear();
        if (RoutingType == RoutingType.SegmentRouting)
        {
            destination[4] = (byte)(Addresses.Count - 1);   // Last Entry
            (destination[5], destination[6], destination[7]) = (Flags, (byte)(Tag >> 8), (byte)Tag);
        }

        for (int i = 0; i < Addresses.Count; i++)
            Addresses[i].WriteTo(destination[(AddressesOffset + (i * Ipv6Address.Length))..]);
    }
}
