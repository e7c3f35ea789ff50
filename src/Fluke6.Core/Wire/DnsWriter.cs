using System.Runtime.CompilerServices;
using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Writes a message from its header on, names compressed. RFC 1035 §4.1.4. What does not fit is left out whole.</summary>
internal ref struct DnsWriter
{
    private const int MaxPointer = 0x3FFF;

    /// <summary>An OPT record without options.</summary>
    public const int EdnsLength = 11;

    private readonly Span<byte> _message;
    private int _limit;
    private Suffixes _suffixes;     // where in the message labels begin that a pointer may lead to
    private int _suffixCount;
    private bool _overflowed;

    /// <summary>A writer of a message as long as <paramref name="message"/> at most, which must have room for a header.</summary>
    public DnsWriter(Span<byte> message)
    {
        _message = message;
        _limit = message.Length;
        message[..DnsMessage.HeaderLength].Clear();
        Length = DnsMessage.HeaderLength;
    }

    /// <summary>How much is written.</summary>
    public int Length { get; private set; }

    /// <summary>Keeps so many octets at the end free for what comes last.</summary>
    public void Reserve(int octets) => _limit = _message.Length - octets;

    /// <summary>Writes the header's identifier and its part of the response code, and clears the flags.</summary>
    public readonly void WriteHeader(ushort id, DnsRcode rcode)
    {
        WriteUInt16BigEndian(_message, id);
        WriteUInt16BigEndian(_message[2..], (ushort)((int)rcode & 0xF));
    }

    /// <summary>Repeats a question, its name's letters in the case they have.</summary>
    public bool TryWrite(DnsQuestion question)
    {
        Span<byte> name = stackalloc byte[DnsName.MaxLength];
        WriteName(name[..question.Name.CopyTo(name)]);
        Write((ushort)question.Type);
        Write(question.ClassField);
        return End(DnsMessage.HeaderLength, 0, countAt: 4);
    }

    /// <summary>Asks a question in class Internet.</summary>
    public bool TryWrite(DnsName name, DnsType type)
    {
        WriteName(name.Octets);
        Write((ushort)type);
        Write((ushort)DnsClass.Internet);
        return End(DnsMessage.HeaderLength, 0, countAt: 4);
    }

    /// <summary>Writes a record into a section; sections must come in their order.</summary>
    /// <returns>False, and nothing written, if it does not fit.</returns>
    public bool TryWrite(in DnsRecordFields record, DnsSection section)
    {
        (int start, int suffixes) = (Length, _suffixCount);
        WriteName(record.Name.Octets);
        Write((ushort)record.Type);
        Write((ushort)DnsClass.Internet);
        Write(record.TimeToLive);
        Write((ushort)0);
        int data = Length;
        WriteData(record);
        if (!_overflowed)
            WriteUInt16BigEndian(_message[(data - 2)..], (ushort)(Length - data));

        return End(start, suffixes, countAt: 6 + (2 * (int)section));
    }

    /// <summary>Writes an OPT record. RFC 6891 §6.1.2.</summary>
    /// <param name="options">Options as they stand on the wire.</param>
    public bool TryWriteEdns(ushort udpPayloadSize, DnsRcode rcode, bool dnssecOk, scoped ReadOnlySpan<byte> options)
    {
        (int start, int suffixes) = (Length, _suffixCount);
        Write([0]);
        Write((ushort)DnsType.Opt);
        Write(udpPayloadSize);
        // RFC 3225 §3: the DO bit of the query is repeated.
        Write(((uint)((int)rcode >> 4) << 24) | (dnssecOk ? 0x8000u : 0));
        Write((ushort)options.Length);
        Write(options);
        return End(start, suffixes, countAt: 10);
    }

    private void WriteData(in DnsRecordFields record)
    {
        switch (record.Type)
        {
            case DnsType.A when record.Data.IsEmpty:
                Write((uint)record.Address.InterfaceIdentifier);
                break;
            case DnsType.Aaaa when record.Data.IsEmpty:
                Span<byte> address = stackalloc byte[Ipv6Address.Length];
                record.Address.WriteTo(address);
                Write(address);
                break;
            case DnsType.Ns or DnsType.Cname or DnsType.Ptr when record.Data.IsEmpty:
                WriteName(record.Target.Octets);
                break;
            case DnsType.Soa when record.Data.IsEmpty:
                WriteName(record.Target.Octets);
                WriteName(record.Mailbox.Octets);
                Write(record.Timers.Serial);
                Write(record.Timers.Refresh);
                Write(record.Timers.Retry);
                Write(record.Timers.Expire);
                Write(record.Timers.Minimum);
                break;
            case DnsType.Txt when record.Text is { } text:
                WriteText(text);
                break;
            default:
                Write(record.Data.Span);
                break;
        }
    }

    private void WriteText(string text)
    {
        // Written where it belongs but for the length octets, which push it back string by string.
        int length = Encoding.UTF8.GetByteCount(text), strings = Math.Max((length + byte.MaxValue - 1) / byte.MaxValue, 1);
        if (length + strings > _limit - Length)
        {
            _overflowed = true;
            return;
        }

        Span<byte> data = _message.Slice(Length, length + strings);
        Encoding.UTF8.GetBytes(text, data[strings..]);
        for (int i = 0; i < strings; i++)
        {
            int from = strings + (i * byte.MaxValue), count = Math.Min(length - (i * byte.MaxValue), byte.MaxValue);
            data.Slice(from, count).CopyTo(data[((i * (byte.MaxValue + 1)) + 1)..]);
            data[i * (byte.MaxValue + 1)] = (byte)count;
        }

        Length += data.Length;
    }

    private void WriteName(scoped ReadOnlySpan<byte> name)
    {
        while (name.Length > 1)
        {
            for (int i = 0; i < _suffixCount; i++)
            {
                if (IsAt(_suffixes[i], name))
                {
                    Write((ushort)(0xC000 | _suffixes[i]));
                    return;
                }
            }

            if (_suffixCount < Suffixes.Capacity && Length <= MaxPointer)
                _suffixes[_suffixCount++] = (ushort)Length;

            Write(name[..(1 + name[0])]);
            name = name[(1 + name[0])..];
        }

        Write([0]);
    }

    /// <summary>Whether a name stands at an offset. A name that is only half written ends at the end of what is.</summary>
    private readonly bool IsAt(int offset, scoped ReadOnlySpan<byte> name)
    {
        var labels = new DnsLabels(_message[..Length], offset, guard: default);
        while (labels.MoveNext())
        {
            if (name[0] != labels.Current.Length || !DnsName.EqualOctets(name.Slice(1, name[0]), labels.Current))
                return false;

            name = name[(1 + name[0])..];
        }

        return !labels.IsMalformed && name.Length == 1;
    }

    private void Write(ushort value) => Write([(byte)(value >> 8), (byte)value]);

    private void Write(uint value)
    {
        Write((ushort)(value >> 16));
        Write((ushort)value);
    }

    private void Write(scoped ReadOnlySpan<byte> octets)
    {
        _overflowed |= octets.Length > _limit - Length;
        if (_overflowed)
            return;

        octets.CopyTo(_message[Length..]);
        Length += octets.Length;
    }

    private bool End(int start, int suffixes, int countAt)
    {
        if (_overflowed)
        {
            _overflowed = false;
            Length = start;
            _suffixCount = suffixes;
            return false;
        }

        WriteUInt16BigEndian(_message[countAt..], (ushort)(ReadUInt16BigEndian(_message[countAt..]) + 1));
        return true;
    }

    [InlineArray(Capacity)]
    private struct Suffixes
    {
        /// <summary>Further labels are written out; an answer that has so many different ones gains little from pointers to them.</summary>
        public const int Capacity = 128;

        private ushort _first;
    }
}
