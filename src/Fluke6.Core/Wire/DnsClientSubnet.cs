using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The EDNS option that tells the network a client is in, read and written in place. RFC 7871 §6.</summary>
public readonly ref struct DnsClientSubnet : ISpanFormattable
{
    private const int HeaderLength = 4;
    private const ushort FamilyIpv4 = 1;    // IANA "Address Family Numbers"
    private const ushort FamilyIpv6 = 2;

    private readonly DnsRecord _record;
    private readonly int _offset;
    private readonly int _length;

    internal DnsClientSubnet(DnsRecord record, int offset, int length)
    {
        _record = record;
        _offset = offset;
        _length = length;
    }

    /// <summary>Whether the address is one of IPv6; else of IPv4.</summary>
    public bool IsIpv6 => ReadUInt16BigEndian(Octets) == FamilyIpv6;

    /// <summary>How many bits of the address the client tells: 0 to 32, or to 128.</summary>
    public byte SourcePrefixLength => Octets[2];

    /// <summary>For how many bits an answer holds; 0 in queries.</summary>
    public byte ScopePrefixLength
    {
        get => Octets[3];
        set
        {
            Span<byte> octets = [value];
            _record.Write(_offset + 3, octets);
        }
    }

    /// <summary>The IPv4 address, zero after the bits that are told; 0.0.0.0 where <see cref="IsIpv6"/>.</summary>
    public Ipv4Address Ipv4Address
    {
        get
        {
            Span<byte> octets = stackalloc byte[Ipv4Address.Length];
            octets.Clear();
            if (!IsIpv6)
                Octets[HeaderLength..].CopyTo(octets);
            return Ipv4Address.Read(octets);
        }
    }

    /// <summary>The IPv6 address, zero after the bits that are told; :: where not <see cref="IsIpv6"/>.</summary>
    public Ipv6Address Ipv6Address
    {
        get
        {
            Span<byte> octets = stackalloc byte[Ipv6Address.Length];
            octets.Clear();
            if (IsIpv6)
                Octets[HeaderLength..].CopyTo(octets);
            return Ipv6Address.Read(octets);
        }
    }

    /// <summary>The option's data.</summary>
    internal ReadOnlySpan<byte> Octets => _record.Message.Slice(_offset, _length);

    /// <summary>Writes the option, its code and length before it, as an answer repeats it. RFC 7871 §7.2.1.</summary>
    /// <param name="destination">At least four octets more than <see cref="Octets"/>.</param>
    /// <param name="scope">For how many bits the answer holds.</param>
    /// <returns>How many octets it takes.</returns>
    internal int WriteAnswer(Span<byte> destination, byte scope)
    {
        ReadOnlySpan<byte> data = Octets;
        WriteUInt16BigEndian(destination, (ushort)DnsEdnsOptionCode.ClientSubnet);
        WriteUInt16BigEndian(destination[2..], (ushort)data.Length);
        data.CopyTo(destination[4..]);
        destination[4 + 3] = scope;
        return 4 + data.Length;
    }

    /// <summary>Whether the address has as many octets as the prefix needs. RFC 7871 §6: others are a format error.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<byte> data)
    {
        if (data.Length < HeaderLength)
            return false;

        int bits = ReadUInt16BigEndian(data) switch
        {
            FamilyIpv4 => 32,
            FamilyIpv6 => 128,
            _ => -1,
        };
        return data[2] <= bits && data[3] <= bits && data.Length == HeaderLength + ((data[2] + 7) / 8);
    }

    /// <summary>Address, source prefix length and scope prefix length, as dig would print them.</summary>
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
