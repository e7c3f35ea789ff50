using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>What EDNS adds to the header of a message, in the fields of an OPT record, read and written in place. RFC 6891 §6.1.3.</summary>
public readonly ref struct DnsEdns : ISpanFormattable
{
    private const ushort DnssecOkFlag = 0x8000;

    private readonly DnsRecord _record;

    internal DnsEdns(DnsRecord record) => _record = record;

    /// <summary>The largest message that the sender can take over UDP, in octets; below 512 means 512. RFC 6891 §6.2.3.</summary>
    public ushort UdpPayloadSize
    {
        get => _record.ClassField;
        set => _record.Write(_record.Fields + 2, value);
    }

    /// <summary>The upper 8 of 12 bits that tell how the query went; the header has the others.</summary>
    public byte ExtendedRcode
    {
        get => (byte)(_record.TimeToLive >> 24);
        set => _record.Write(_record.Fields + 4, (ushort)((value << 8) | Version));
    }

    /// <summary>The version of EDNS: 0.</summary>
    public byte Version
    {
        get => (byte)(_record.TimeToLive >> 16);
        set => _record.Write(_record.Fields + 4, (ushort)((ExtendedRcode << 8) | value));
    }

    /// <summary>DO: the sender wants DNSSEC records. RFC 3225 §3.</summary>
    public bool DnssecOk
    {
        get => (Flags & DnssecOkFlag) != 0;
        set => _record.Write(_record.Fields + 6, (ushort)(value ? Flags | DnssecOkFlag : Flags & ~DnssecOkFlag));
    }

    /// <summary>The options. RFC 6891 §6.1.2.</summary>
    public DnsEdnsOptions Options => new(_record);

    /// <summary>The first client subnet option that is well-formed. RFC 7871 §6.</summary>
    public bool TryGetClientSubnet(out DnsClientSubnet subnet)
    {
        foreach (DnsEdnsOption option in Options)
        {
            if (option.TryGetClientSubnet(out subnet))
                return true;
        }

        subnet = default;
        return false;
    }

    private ushort Flags => ReadUInt16BigEndian(_record.Message[(_record.Fields + 6)..]);

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
