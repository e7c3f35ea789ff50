using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Testing.Oracle;

/// <summary>
/// From a packet's IP header to what it carries, by a plain walk that shares nothing with the code under test.
/// </summary>
/// <param name="Version">4 or 6.</param>
/// <param name="Start">Where the transport begins, after the IP header.</param>
/// <param name="End">Where the packet ends, by its own length.</param>
/// <param name="Protocol">What the transport is.</param>
/// <param name="Addresses">The two addresses that the pseudo-header holds.</param>
public sealed record PacketWalk(int Version, int Start, int End, byte Protocol, byte[] Addresses)
{
    private const byte Icmp = 1;

    /// <summary>Whether the pseudo-header holds addresses that the packet does not: a Shim6 context's. RFC 5533.</summary>
    public bool IsOfContext { get; private init; }

    /// <summary>The sum that a sender puts in the checksum's field when it leaves the rest to the network card.</summary>
    public ushort PseudoHeaderSum => PseudoHeaderSumOf(End - Start);

    /// <summary>Walks through a packet.</summary>
    /// <param name="packet">From its IP header to its end, or further.</param>
    public static PacketWalk Of(ReadOnlySpan<byte> packet)
    {
        if (packet[0] >> 4 == 4)
        {
            int length = (packet[0] & 15) * 4;
            return new PacketWalk(4, length, ReadUInt16BigEndian(packet[2..]), packet[9], Ipv4Addresses(packet[..length]));
        }

        byte[] source = packet.Slice(8, 16).ToArray(), destination = packet.Slice(24, 16).ToArray();
        int at = 40;
        byte next = packet[6];
        bool isOfContext = false;
        while (next is 0 or 43 or 44 or 51 or 60 or 140)
        {
            ReadOnlySpan<byte> header = packet.Slice(at, LengthOf(next, packet[(at + 1)..]));
            if (next == 60)
                source = HomeAddress(header) ?? source;
            if (next == 43 && header[3] > 0)
                destination = LastStop(header, destination);
            if (next == 140)
                (source, destination, isOfContext) = (new byte[16], new byte[16], true);
            (next, at) = (header[0], at + header.Length);
        }

        return new PacketWalk(6, at, 40 + ReadUInt16BigEndian(packet[4..]), next, [.. source, .. destination]) { IsOfContext = isOfContext };
    }

    /// <summary>The pseudo-header's sum, of a transport this long. ICMP over IPv4 has none.</summary>
    public ushort PseudoHeaderSumOf(int length) => Protocol == Icmp
        ? (ushort)0
        : NaiveSum.Sum([.. Addresses, 0, Protocol, (byte)(length >> 8), (byte)length]);

    /// <summary>Writes a protocol into the last header of a chain, which says what follows it.</summary>
    /// <param name="packet">From its IPv6 header on.</param>
    /// <param name="length">How long all headers are together.</param>
    public static void SetProtocol(Span<byte> packet, int length, byte protocol)
    {
        int field = 6, at = 40;
        while (at < length)
            (field, at) = (at, at + LengthOf(packet[field], packet[(at + 1)..]));
        packet[field] = protocol;
    }

    private static int LengthOf(byte kind, ReadOnlySpan<byte> lengthField) =>
        kind switch { 44 => 8, 51 => (lengthField[0] + 2) * 4, _ => (lengthField[0] + 1) * 8 };

    // RFC 791 §3.1: a source route that has not ended lists the destination last.
    private static byte[] Ipv4Addresses(ReadOnlySpan<byte> header)
    {
        for (int i = 20; i + 2 < header.Length && header[i] != 0; i += header[i] == 1 ? 1 : Math.Max(header[i + 1], (byte)2))
        {
            if (header[i] is 131 or 137 && header[i + 2] <= header[i + 1] && header[i + 1] is >= 7 && i + header[i + 1] <= header.Length)
                return [.. header.Slice(12, 4), .. header.Slice(i + header[i + 1] - 4, 4)];
        }

        return header.Slice(12, 8).ToArray();
    }

    // RFC 6275 §6.3.
    private static byte[]? HomeAddress(ReadOnlySpan<byte> header)
    {
        for (int i = 2; i + 1 < header.Length; i += header[i] == 0 ? 1 : 2 + header[i + 1])
        {
            if (header[i] == 0xC9 && i + 18 <= header.Length)
                return header.Slice(i + 2, 16).ToArray();
        }

        return null;
    }

    // RFC 8200 §8.1: the final destination. Type 0 lists it last, mobile IPv6 and segment routing first; type 3 without what all addresses share.
    private static byte[] LastStop(ReadOnlySpan<byte> header, byte[] destination) => header[2] switch
    {
        0 => header[^16..].ToArray(),
        2 or 4 => header.Slice(8, 16).ToArray(),
        3 => [.. destination[..(header[4] & 15)], .. header[^(16 - (header[4] & 15) + (header[5] >> 4))..^(header[5] >> 4)]],
        _ => new byte[16],
    };
}
