using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The question section, for foreach. RFC 1035 §4.1.2.</summary>
public readonly ref struct DnsQuestions : ISpanFormattable
{
    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;

    internal DnsQuestions(Span<byte> message, ChecksumField checksum)
    {
        _message = message;
        _checksum = checksum;
    }

    private Span<byte> Message => _checksum.Checked(_message);

    /// <summary>The questions from the first on.</summary>
    public Enumerator GetEnumerator() => new(Message, _checksum);

    /// <summary>Walks the section.</summary>
    public ref struct Enumerator
    {
        private readonly Span<byte> _message;
        private readonly ChecksumField _checksum;
        private int _left;
        private int _offset;
        private int _fields;

        internal Enumerator(Span<byte> message, ChecksumField checksum)
        {
            _message = message;
            _checksum = checksum;
            End = DnsMessage.HeaderLength;
            _left = message.IsEmpty ? 0 : ReadUInt16BigEndian(message[4..]);
        }

        private readonly Span<byte> Message => _checksum.Checked(_message);

        /// <summary>Whether the walk ended at a malformed name or at the end of the message.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The question at hand.</summary>
        public readonly DnsQuestion Current => new(Message, _offset, _fields, _checksum);

        /// <summary>Where what follows the question at hand begins, in octets from the message's first.</summary>
        public int End { get; private set; }

        /// <summary>Goes to the next question; false after the last or where the section is malformed.</summary>
        public bool MoveNext()
        {
            _checksum.Check();
            if (IsMalformed || _left == 0)
                return false;

            if (!DnsNameView.TryRead(Message, End, out _, out int fields) || fields + DnsQuestion.FieldsLength > Message.Length)
            {
                IsMalformed = true;
                _checksum.FoundMalformed();
                return false;
            }

            _left--;
            _offset = End;
            _fields = fields;
            End = fields + DnsQuestion.FieldsLength;
            return true;
        }
    }

    /// <summary>The questions as dig prints them, with semicolons between them.</summary>
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
