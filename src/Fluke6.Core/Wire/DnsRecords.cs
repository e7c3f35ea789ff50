using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The records of the answer, authority and additional sections, for foreach. RFC 1035 §4.1.3.</summary>
public readonly ref struct DnsRecords : ISpanFormattable
{
    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;

    internal DnsRecords(Span<byte> message, ChecksumField checksum)
    {
        _message = message;
        _checksum = checksum;
    }

    private Span<byte> Message => _checksum.Checked(_message);

    /// <summary>The records from the first on.</summary>
    public Enumerator GetEnumerator() => new(Message, _checksum);

    /// <summary>Walks the sections.</summary>
    public ref struct Enumerator : IOptionWalk<DnsRecord>
    {
        private readonly Span<byte> _message;
        private readonly ChecksumField _checksum;
        private int _index = -1;
        private int _offset;
        private int _fields;
        private int _end;

        internal Enumerator(Span<byte> message, ChecksumField checksum)
        {
            _message = message;
            _checksum = checksum;
            DnsQuestions.Enumerator questions = new DnsQuestions(message, checksum).GetEnumerator();
            while (questions.MoveNext())
            {
            }

            IsMalformed = questions.IsMalformed;
            _end = questions.End;
        }

        private readonly Span<byte> Message => _checksum.Checked(_message);

        /// <summary>Whether the walk ended at a malformed name, at an impossible length or at the end of the message.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The record at hand.</summary>
        public readonly DnsRecord Current => new(Message, _offset, _fields, Section, _checksum);

        private readonly DnsSection Section =>
            _index < Count(6) ? DnsSection.Answer
            : _index < Count(6) + Count(8) ? DnsSection.Authority
            : DnsSection.Additional;

        /// <summary>Goes to the next record; false after the last or where the message is malformed.</summary>
        public bool MoveNext()
        {
            if (IsMalformed || Message.IsEmpty || _index + 1 >= Count(6) + Count(8) + Count(10))
                return false;

            if (!DnsNameView.TryRead(Message, _end, out _, out int fields)
                || fields + DnsRecord.FieldsLength > Message.Length
                || fields + DnsRecord.FieldsLength + ReadUInt16BigEndian(Message[(fields + 8)..]) > Message.Length)
            {
                IsMalformed = true;
                _checksum.FoundMalformed();
                return false;
            }

            _index++;
            _offset = _end;
            _fields = fields;
            _end = fields + DnsRecord.FieldsLength + ReadUInt16BigEndian(Message[(fields + 8)..]);
            return true;
        }

        private readonly int Count(int offset) => ReadUInt16BigEndian(Message[offset..]);
    }

    /// <summary>The records as dig prints them, with semicolons between them.</summary>
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
