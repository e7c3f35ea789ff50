using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>A question of a DNS message, read and written in place. RFC 1035 §4.1.2.</summary>
public readonly ref struct DnsQuestion : ISpanFormattable
{
    /// <summary>Type and class, after the name.</summary>
    internal const int FieldsLength = 4;

    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;
    private readonly int _offset;
    private readonly int _fields;

    internal DnsQuestion(Span<byte> message, int offset, int fields, ChecksumField checksum)
    {
        _message = message;
        _offset = offset;
        _fields = fields;
        _checksum = checksum;
    }

    private Span<byte> Message => _checksum.Checked(_message);

    /// <summary>The name asked for.</summary>
    public DnsNameView Name
    {
        get
        {
            DnsNameView.TryRead(Message, _offset, out DnsNameView name, out _, _checksum.Guard);
            return name;
        }
    }

    /// <summary>The type of records asked for. QTYPE.</summary>
    public DnsType Type
    {
        get => (DnsType)ReadUInt16BigEndian(Message[_fields..]);
        set => Write(_fields, (ushort)value);
    }

    /// <summary>The class of records asked for, without <see cref="UnicastResponse"/>. QCLASS.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 32,767: its top bit is <see cref="UnicastResponse"/>.</exception>
    public DnsClass Class
    {
        get => (DnsClass)(ClassField & ~DnsRecord.TopBit);
        set => Write(_fields + 2, (ushort)((uint)(ClassField & DnsRecord.TopBit) | FieldRange.Of((uint)value, 15)));
    }

    /// <summary>QU, the top bit of the class: in multicast DNS, the answer may go to the asker alone. RFC 6762 §5.4.</summary>
    public bool UnicastResponse
    {
        get => (ClassField & DnsRecord.TopBit) != 0;
        set => Write(_fields + 2, (ushort)(value ? ClassField | DnsRecord.TopBit : ClassField & ~DnsRecord.TopBit));
    }

    internal ushort ClassField => ReadUInt16BigEndian(Message[(_fields + 2)..]);

    private void Write(int offset, ushort value) => PayloadField.Write(Message, offset, value, _checksum);

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
