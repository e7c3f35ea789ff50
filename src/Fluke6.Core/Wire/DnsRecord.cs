using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>A resource record of a DNS message, read and written in place. RFC 1035 §4.1.3.</summary>
/// <remarks>
/// Data that the record's type does not have reads as its default; setting it throws. A signature over what is changed is no longer right,
/// which a client that validates notices: RFC 4035 §5.
/// </remarks>
public readonly ref struct DnsRecord : ISpanFormattable
{
    /// <summary>Type, class, TTL and data length, after the name.</summary>
    internal const int FieldsLength = 10;

    /// <summary>Of the class field: multicast DNS has a meaning of its own for it. RFC 6762 §5.4, §10.2.</summary>
    internal const int TopBit = 0x8000;

    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;
    private readonly int _offset;
    private readonly int _fields;

    internal DnsRecord(Span<byte> message, int offset, int fields, DnsSection section, ChecksumField checksum)
    {
        _message = message;
        _offset = offset;
        _fields = fields;
        Section = section;
        _checksum = checksum;
    }

    /// <summary>The section that the record stands in.</summary>
    public DnsSection Section { get; }

    /// <summary>The name that owns the record.</summary>
    public DnsNameView Name => NameAt(_offset, out _);

    /// <summary>What the data is.</summary>
    public DnsType Type => (DnsType)ReadUInt16BigEndian(Message[_fields..]);

    /// <summary>The class of the data, without <see cref="CacheFlush"/>.</summary>
    public DnsClass Class => (DnsClass)(ClassField & ~TopBit);

    /// <summary>The top bit of the class: in multicast DNS, what was cached before under this name is to be forgotten. RFC 6762 §10.2.</summary>
    public bool CacheFlush
    {
        get => (ClassField & TopBit) != 0;
        set => Write(_fields + 2, (ushort)(value ? ClassField | TopBit : ClassField & ~TopBit));
    }

    /// <summary>How long the record may be kept, in seconds. RFC 2181 §8.</summary>
    public uint TimeToLive
    {
        get => ReadUInt32BigEndian(Message[(_fields + 4)..]);
        set => Write(_fields + 4, value);
    }

    /// <summary>The data as it stands. RDATA.</summary>
    public ReadOnlySpan<byte> Data => Message.Slice(DataOffset, DataLength);

    /// <summary>Overwrites data from <paramref name="offset"/> on, whatever the record's type.</summary>
    /// <param name="offset">In bytes from the data's first.</param>
    /// <param name="octets">The new bytes.</param>
    /// <returns>Refused, and nothing written, if it would reach past the data.</returns>
    public EditResult WriteData(int offset, ReadOnlySpan<byte> octets) =>
        offset < 0 || offset > DataLength - octets.Length ? EditResult.Refused : Write(DataOffset + offset, octets);

    /// <summary>The address of an A record; 0.0.0.0 for others. RFC 1035 §3.4.1.</summary>
    /// <exception cref="InvalidOperationException">Set, and <see cref="HasIpv4Address"/> is false.</exception>
    public Ipv4Address Ipv4Address
    {
        get => HasIpv4Address ? Ipv4Address.Read(Data) : default;
        set
        {
            if (!HasIpv4Address)
                throw HasNone("an IPv4 address", nameof(HasIpv4Address));

            Span<byte> octets = stackalloc byte[Ipv4Address.Length];
            value.WriteTo(octets);
            Write(DataOffset, octets);
        }
    }

    /// <summary>The address of an AAAA record; :: for others. RFC 3596 §2.2.</summary>
    /// <exception cref="InvalidOperationException">Set, and <see cref="HasIpv6Address"/> is false.</exception>
    public Ipv6Address Ipv6Address
    {
        get => HasIpv6Address ? Ipv6Address.Read(Data) : default;
        set
        {
            if (!HasIpv6Address)
                throw HasNone("an IPv6 address", nameof(HasIpv6Address));

            Span<byte> octets = stackalloc byte[Ipv6Address.Length];
            value.WriteTo(octets);
            Write(DataOffset, octets);
        }
    }

    /// <summary>Whether this is an A record with an address.</summary>
    public bool HasIpv4Address => Type == DnsType.A && Class == DnsClass.Internet && DataLength == Ipv4Address.Length;

    /// <summary>Whether this is an AAAA record with an address.</summary>
    public bool HasIpv6Address => Type == DnsType.Aaaa && Class == DnsClass.Internet && DataLength == Ipv6Address.Length;

    /// <summary>The name that is all the data of NS, CNAME, DNAME and PTR. RFC 1035 §3.3, RFC 6672 §2.1.</summary>
    /// <returns>False for other types and where the name is malformed or does not fill the data.</returns>
    public bool TryGetTarget(out DnsNameView target)
    {
        target = default;
        if (Type is not (DnsType.Ns or DnsType.Cname or DnsType.Dname or DnsType.Ptr))
            return false;

        if (!DnsNameView.TryRead(Message, DataOffset, out target, out int end, _checksum.Guard) || end != DataOffset + DataLength)
        {
            target = default;
            FoundMalformed();
            return false;
        }

        return true;
    }

    /// <summary>The data of SOA. RFC 1035 §3.3.13.</summary>
    /// <returns>False for other types and where the data is malformed.</returns>
    public bool TryGetStartOfAuthority(out DnsStartOfAuthority authority)
    {
        authority = default;
        if (Type != DnsType.Soa)
            return false;

        bool isOne = DnsStartOfAuthority.TryRead(Message, DataOffset, DataOffset + DataLength, _checksum, out authority);
        if (!isOne)
            FoundMalformed();
        return isOne;
    }

    /// <summary>The data of SVCB and HTTPS. RFC 9460 §2.2.</summary>
    /// <returns>False for other types and where the data is malformed.</returns>
    public bool TryGetService(out DnsService service)
    {
        service = default;
        if (Type is not (DnsType.Svcb or DnsType.Https))
            return false;

        bool isOne = DnsService.TryRead(this, out service);
        if (!isOne)
            FoundMalformed();
        return isOne;
    }

    /// <summary>The strings of TXT; none for other types. RFC 1035 §3.3.14.</summary>
    public DnsStrings Strings => new(Type == DnsType.Txt ? Data : default, _checksum);

    /// <summary>Who guards the message.</summary>
    internal ViewGuard Guard => _checksum.Guard;

    /// <summary>Class and TTL as EDNS uses them: they begin here.</summary>
    internal int Fields => _fields;

    internal ushort ClassField => ReadUInt16BigEndian(Message[(_fields + 2)..]);

    internal Span<byte> Message => _checksum.Checked(_message);

    internal int DataOffset => _fields + FieldsLength;

    private int DataLength => ReadUInt16BigEndian(Message[(_fields + 8)..]);

    /// <summary>Tells whoever owns the message that it cannot be read.</summary>
    internal void FoundMalformed() => _checksum.FoundMalformed();

    internal void Write(int offset, ushort value) => PayloadField.Write(Message, offset, value, _checksum);

    internal void Write(int offset, uint value) => PayloadField.Write(Message, offset, value, _checksum);

    internal EditResult Write(int offset, ReadOnlySpan<byte> octets) => PayloadField.Write(Message, offset, octets, _checksum);

    private InvalidOperationException HasNone(string what, string ask) =>
        new($"This {Type} record of {Name.ToString()} has no data that is {what}: ask {ask} first.");

    private DnsNameView NameAt(int offset, out int end) =>
        DnsNameView.TryRead(Message, offset, out DnsNameView name, out end, _checksum.Guard) ? name : default;

    /// <summary>In one line, as dig would print it.</summary>
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
