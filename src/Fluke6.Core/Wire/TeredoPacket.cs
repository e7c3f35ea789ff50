using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>What Teredo puts in front of an IPv6 packet in UDP: authentication, origin, both or neither; in place. RFC 4380 §5.1.1.</summary>
/// <remarks>Where an indication is missing its fields read as their defaults, and setting them does nothing.</remarks>
public readonly ref struct TeredoPacket : ISpanFormattable
{
    /// <summary>The UDP port of Teredo servers. RFC 4380 §2.7.</summary>
    public const ushort Port = 3544;

    private const int NonceAndConfirmationLength = 9;
    private const int OriginLength = 8;

    private readonly Span<byte> _octets;
    private readonly ChecksumField _checksum;
    private readonly int _authenticationLength;
    private readonly int _originLength;

    private TeredoPacket(Span<byte> octets, int authenticationLength, int originLength, ChecksumField checksum)
    {
        _octets = octets;
        _authenticationLength = authenticationLength;
        _originLength = originLength;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>Both indications together, in octets; 0 in what clients send each other.</summary>
    public int HeaderLength => _authenticationLength + _originLength;

    /// <summary>Whether an authentication indication is there, as between client and server.</summary>
    public bool HasAuthentication => _authenticationLength > 0;

    /// <summary>Who the client is, as its server knows it; empty as a rule.</summary>
    public ReadOnlySpan<byte> ClientIdentifier => HasAuthentication ? Octets.Slice(4, Octets[2]) : default;

    /// <summary>What proves it; empty as a rule.</summary>
    public ReadOnlySpan<byte> AuthenticationValue => HasAuthentication ? Octets.Slice(4 + Octets[2], Octets[3]) : default;

    /// <summary>What the server's answer repeats.</summary>
    public ulong Nonce
    {
        get => HasAuthentication ? ReadUInt64BigEndian(Octets[NonceOffset..]) : 0;
        set
        {
            Span<byte> octets = stackalloc byte[sizeof(ulong)];
            WriteUInt64BigEndian(octets, value);
            if (HasAuthentication)
                Write(NonceOffset, octets);
        }
    }

    /// <summary>0: all is well; 1: the server wants the client to get a new key.</summary>
    public byte Confirmation
    {
        get => HasAuthentication ? Octets[_authenticationLength - 1] : (byte)0;
        set
        {
            if (HasAuthentication)
                Write(_authenticationLength - 1, [value]);
        }
    }

    /// <summary>Whether an origin indication is there: a server tells what the packet's IPv4 source was.</summary>
    public bool HasOrigin => _originLength > 0;

    /// <summary>The UDP port that the packet came from, as it was: on the wire its bits are inverted.</summary>
    public ushort OriginPort
    {
        get => HasOrigin ? (ushort)~ReadUInt16BigEndian(Octets[(_authenticationLength + 2)..]) : (ushort)0;
        set
        {
            Span<byte> octets = stackalloc byte[sizeof(ushort)];
            WriteUInt16BigEndian(octets, (ushort)~value);
            if (HasOrigin)
                Write(_authenticationLength + 2, octets);
        }
    }

    /// <summary>The IPv4 address that the packet came from, as it was: on the wire its bits are inverted.</summary>
    public Ipv4Address OriginAddress
    {
        get => HasOrigin ? new Ipv4Address(~ReadUInt32BigEndian(Octets[(_authenticationLength + 4)..])) : default;
        set
        {
            Span<byte> octets = stackalloc byte[sizeof(uint)];
            WriteUInt32BigEndian(octets, ~value.Value);
            if (HasOrigin)
                Write(_authenticationLength + 4, octets);
        }
    }

    /// <summary>The IPv6 packet, and any trailers behind it. RFC 6081 §4.</summary>
    public ReadOnlySpan<byte> Packet => Octets[HeaderLength..];

    /// <summary>Whether the packet is a bubble, an IPv6 header alone, sent to open a way through a NAT. RFC 4380 §2.8.</summary>
    public bool IsBubble => ReadUInt16BigEndian(Packet[4..]) == 0 && Packet[6] == (byte)IpProtocol.NoNextHeader;

    private int NonceOffset => _authenticationLength - NonceAndConfirmationLength;

    /// <summary>The Teredo packet that is all of a datagram's data; false if that is something else or cut short.</summary>
    /// <param name="octets">The datagram's data.</param>
    /// <param name="packet">A view over it.</param>
    /// <param name="isServerPort">
    /// Whether a server's port is the source or destination. If not, the data must be one IPv6 packet, from or to an address in 2001::/32,
    /// with nothing before or after it.
    /// </param>
    /// <param name="checksum">The UDP checksum, which covers the data from an even offset on.</param>
    public static bool TryRead(Span<byte> octets, out TeredoPacket packet, bool isServerPort = true, ChecksumField checksum = default)
    {
        packet = default;
        int authentication = isServerPort ? AuthenticationLength(octets) : 0;
        if (authentication > octets.Length)
            return false;

        Span<byte> rest = octets[authentication..];
        int origin = isServerPort && rest.Length >= OriginLength && ReadUInt16BigEndian(rest) == 0 ? OriginLength : 0;
        rest = rest[origin..];
        if (!Ipv6Header.TryRead(rest, out Ipv6Header ipv6))
            return false;

        if (!isServerPort && (rest.Length != Ipv6Header.Length + ipv6.PayloadLength
            || !(TeredoAddress.IsTeredo(ipv6.Source) || TeredoAddress.IsTeredo(ipv6.Destination))))
        {
            return false;
        }

        packet = new TeredoPacket(octets, authentication, origin, checksum);
        return true;
    }

    private static int AuthenticationLength(Span<byte> octets) =>
        octets.Length >= 4 && ReadUInt16BigEndian(octets) == 1
            ? 4 + octets[2] + octets[3] + NonceAndConfirmationLength
            : 0;

    private void Write(int offset, ReadOnlySpan<byte> value)
    {
        _checksum.Guard.BeforeWholeEdit();
        _checksum.Write(Octets, offset, value);
    }

    /// <summary>In one line, as tcpdump would print it.</summary>
    public override string ToString() => HeaderText.Of(this);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        HeaderText.Write(ref line, this);
        charsWritten = line.Length;
        return line.Complete;
    }
}
