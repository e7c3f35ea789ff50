using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// The fields of a <see cref="TeredoPacket"/>, in front of an IPv6 packet; by default nothing, as between clients. RFC 4380 §5.1.1.
/// </summary>
public readonly record struct TeredoFields : ICarriesPackets
{
    private const int AuthenticationLength = 13, OriginLength = 8;

    /// <summary>What the server's answer repeats, in an authentication indication; null for none.</summary>
    public ulong? Nonce { get; init; }

    /// <summary>With <see cref="Nonce"/>, who the client is, at most 255 octets; empty as a rule.</summary>
    public FieldList<byte> ClientIdentifier { get; init; }

    /// <summary>With <see cref="Nonce"/>, what proves it, at most 255 octets; empty as a rule.</summary>
    public FieldList<byte> AuthenticationValue { get; init; }

    /// <summary>With <see cref="Nonce"/>: 0: all is well; 1: the server wants the client to get a new key.</summary>
    public byte Confirmation { get; init; }

    /// <summary>The IPv4 address that the packet came from, in an origin indication; null for none.</summary>
    public Ipv4Address? OriginAddress { get; init; }

    /// <summary>With <see cref="OriginAddress"/>, the UDP port that the packet came from.</summary>
    public ushort OriginPort { get; init; }

    /// <inheritdoc/>
    public int Length =>
        (Nonce is null ? 0 : AuthenticationLength + ClientIdentifier.Count + AuthenticationValue.Count) + (OriginAddress is null ? 0 : OriginLength);

    /// <summary>What a packet says.</summary>
    public static TeredoFields Read(TeredoPacket packet) => new()
    {
        Nonce = packet.HasAuthentication ? packet.Nonce : null,
        ClientIdentifier = packet.ClientIdentifier.ToArray(),
        AuthenticationValue = packet.AuthenticationValue.ToArray(),
        Confirmation = packet.Confirmation,
        OriginAddress = packet.HasOrigin ? packet.OriginAddress : null,
        OriginPort = packet.OriginPort,
    };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Span<byte> rest = destination[..Length];
        if (Nonce is { } nonce)
        {
            (rest[0], rest[1]) = (0, 1);
            (rest[2], rest[3]) = (checked((byte)ClientIdentifier.Count), checked((byte)AuthenticationValue.Count));
            ClientIdentifier.Span.CopyTo(rest[4..]);
            AuthenticationValue.Span.CopyTo(rest[(4 + ClientIdentifier.Count)..]);
            rest = rest[(4 + ClientIdentifier.Count + AuthenticationValue.Count)..];
            WriteUInt64BigEndian(rest, nonce);
            rest[8] = Confirmation;
            rest = rest[9..];
        }

        if (OriginAddress is { } address)
        {
            WriteUInt16BigEndian(rest, 0);
            WriteUInt16BigEndian(rest[2..], (ushort)~OriginPort);
            WriteUInt32BigEndian(rest[4..], ~address.Value);
        }
    }
}
