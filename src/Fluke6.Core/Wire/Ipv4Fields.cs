using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of an <see cref="Ipv4Header"/>. RFC 791 §3.1.</summary>
/// <param name="Source">The source address.</param>
/// <param name="Destination">The destination address.</param>
/// <param name="Protocol">What the data is; in a packet, the next header says it.</param>
public readonly record struct Ipv4Fields(Ipv4Address Source, Ipv4Address Destination, IpProtocol Protocol = IpProtocol.NoNextHeader) : INetworkFields
{
    /// <summary>How many routers may forward the packet. IANA "IP Parameters".</summary>
    public byte TimeToLive { get; init; } = 64;

    /// <summary>Differentiated services code point, 0 to 63.</summary>
    public byte DifferentiatedServices { get; init; }

    /// <summary>Explicit congestion notification, 0 to 3.</summary>
    public byte ExplicitCongestionNotification { get; init; }

    /// <summary>Tells the fragments of one datagram from another's; 0 is right for what may not be fragmented. RFC 6864 §4.1.</summary>
    public ushort Identification { get; init; }

    /// <summary>DF: no router may fragment this.</summary>
    public bool DontFragment { get; init; } = true;

    /// <summary>MF: this is not the last fragment.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>Where the data belongs in the datagram, in octets, a multiple of 8 up to 65,528.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>The options, at most 40 octets; padding after the last follows by itself.</summary>
    public FieldList<Ipv4OptionFields> Options { get; init; }

    /// <inheritdoc/>
    public int Length
    {
        get
        {
            int length = Ipv4Header.MinLength;
            foreach (Ipv4OptionFields option in Options)
                length += option.Length;
            return (length + 3) & ~3;
        }
    }

    /// <summary>What a header says; options from one that cannot be read on are left out.</summary>
    public static Ipv4Fields Read(Ipv4Header header)
    {
        var options = new List<Ipv4OptionFields>();
        foreach (Ipv4Option option in header.Options)
            options.Add(Ipv4OptionFields.Read(option));
        return new Ipv4Fields(header.Source, header.Destination, header.Protocol)
        {
            TimeToLive = header.TimeToLive,
            DifferentiatedServices = header.DifferentiatedServices,
            ExplicitCongestionNotification = header.ExplicitCongestionNotification,
            Identification = header.Identification,
            DontFragment = header.DontFragment,
            MoreFragments = header.MoreFragments,
            FragmentOffset = header.FragmentOffset,
            Options = options.ToArray(),
        };
    }

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        int length = Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Ipv4Header.MaxLength, nameof(Options));
        Span<byte> header = destination[..length];
        header[0] = (byte)((4 << 4) | (length / 4));
        header[1] = (byte)((FieldRange.Of(DifferentiatedServices, 6, nameof(DifferentiatedServices)) << 2)
            | FieldRange.Of(ExplicitCongestionNotification, 2, nameof(ExplicitCongestionNotification)));
        WriteUInt16BigEndian(header[4..], Identification);
        int flags = (DontFragment ? 0x4000 : 0) | (MoreFragments ? 0x2000 : 0);
        WriteUInt16BigEndian(header[6..], (ushort)(flags | (FieldRange.FragmentOffset(FragmentOffset, nameof(FragmentOffset)) / 8)));
        header[8] = TimeToLive;
        header[9] = (byte)Protocol;
        Source.WriteTo(header[12..]);
        Destination.WriteTo(header[16..]);
        Span<byte> rest = header[Ipv4Header.MinLength..];
        foreach (Ipv4OptionFields option in Options)
        {
            option.Write(rest);
            rest = rest[option.Length..];
        }

        rest.Clear();
        Complete(destination);
    }

    /// <summary>
    /// Writes length and number of a packet that was cut out of a longer one. The checksum is adjusted: one that was wrong stays so.
    /// </summary>
    /// <param name="packet">The packet, from its header to its end.</param>
    /// <param name="index">How many packets come before it.</param>
    internal static void CompletePiece(Span<byte> packet, int index)
    {
        ushort oldLength = ReadUInt16BigEndian(packet[2..]), oldIdentification = ReadUInt16BigEndian(packet[4..]);
        ushort identification = (ushort)(oldIdentification + index);
        WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        WriteUInt16BigEndian(packet[4..], identification);
        ushort checksum = InternetChecksum.Adjust(ReadUInt16BigEndian(packet[10..]), oldLength, (ushort)packet.Length);
        WriteUInt16BigEndian(packet[10..], InternetChecksum.Adjust(checksum, oldIdentification, identification));
    }

    /// <summary>Writes what depends on all the rest: total length and header checksum.</summary>
    /// <param name="packet">The packet, from its header to its end.</param>
    internal static void Complete(Span<byte> packet)
    {
        WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        WriteChecksum(packet[..((packet[0] & 0xF) * 4)]);
    }

    /// <summary>Writes the header checksum.</summary>
    internal static void WriteChecksum(Span<byte> header) => UpperLayerChecksum.Complete(header, header[10..], initial: 0, neverZero: false);
}
