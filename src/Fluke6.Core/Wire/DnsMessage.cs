using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>A DNS message in a UDP datagram, read and written in place. RFC 1035 §4.</summary>
/// <remarks>
/// Only the header is sure to be there: the sections are walked when asked for, and a walk ends where the message is malformed.
/// Setters keep the UDP checksum as right as it was.
/// </remarks>
public readonly ref struct DnsMessage : ISpanFormattable
{
    /// <summary>The header: twelve octets.</summary>
    public const int HeaderLength = 12;

    private readonly Span<byte> _octets;
    private readonly ChecksumField _checksum;

    private DnsMessage(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Message => _checksum.Checked(_octets);

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Octets => Message;

    /// <summary>What the response repeats from its query.</summary>
    public ushort Id
    {
        get => ReadUInt16BigEndian(Message);
        set => Write(0, value);
    }

    /// <summary>QR: a response, not a query.</summary>
    public bool IsResponse { get => Flag(0x8000); set => SetFlag(0x8000, value); }

    /// <summary>What kind of query, 4 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 15.</exception>
    public DnsOpcode Opcode
    {
        get => (DnsOpcode)((Flags >> 11) & 0xF);
        set => Write(2, (ushort)((Flags & ~0x7800u) | (FieldRange.Of((uint)value, 4) << 11)));
    }

    /// <summary>AA: the server is an authority for the name asked for.</summary>
    public bool AuthoritativeAnswer { get => Flag(0x0400); set => SetFlag(0x0400, value); }

    /// <summary>TC: there was more than fits; ask again over TCP. RFC 2181 §9.</summary>
    public bool Truncated { get => Flag(0x0200); set => SetFlag(0x0200, value); }

    /// <summary>RD: the server is to ask others.</summary>
    public bool RecursionDesired { get => Flag(0x0100); set => SetFlag(0x0100, value); }

    /// <summary>RA: the server does ask others.</summary>
    public bool RecursionAvailable { get => Flag(0x0080); set => SetFlag(0x0080, value); }

    /// <summary>AD: the server has verified all the data. RFC 4035 §3.2.3.</summary>
    public bool AuthenticData { get => Flag(0x0020); set => SetFlag(0x0020, value); }

    /// <summary>CD: the client wants data that fails verification too. RFC 4035 §3.2.2.</summary>
    public bool CheckingDisabled { get => Flag(0x0010); set => SetFlag(0x0010, value); }

    /// <summary>How the query went: the header's 4 bits. EDNS may have 8 more: <see cref="DnsEdns.ExtendedRcode"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 15.</exception>
    public DnsRcode Rcode
    {
        get => (DnsRcode)(Flags & 0xF);
        set => Write(2, (ushort)((Flags & ~0xFu) | FieldRange.Of((uint)value, 4)));
    }

    /// <summary>How many questions the header promises. QDCOUNT.</summary>
    public ushort QuestionCount => ReadUInt16BigEndian(Message[4..]);

    /// <summary>How many records the header promises in the answer section. ANCOUNT.</summary>
    public ushort AnswerCount => ReadUInt16BigEndian(Message[6..]);

    /// <summary>How many records the header promises in the authority section. NSCOUNT.</summary>
    public ushort AuthorityCount => ReadUInt16BigEndian(Message[8..]);

    /// <summary>How many records the header promises in the additional section. ARCOUNT.</summary>
    public ushort AdditionalCount => ReadUInt16BigEndian(Message[10..]);

    /// <summary>The questions; nearly always one.</summary>
    public DnsQuestions Questions => new(Message, _checksum);

    /// <summary>The records of all sections in order, EDNS's OPT included.</summary>
    public DnsRecords Records => new(Message, _checksum);

    /// <summary>Whether the message is not made as its header says: a walk through all of it ends early.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(Records.GetEnumerator());

    /// <summary>The message that is all of a datagram's data; false if that is shorter than a header.</summary>
    /// <param name="octets">The datagram's data.</param>
    /// <param name="message">A view over it.</param>
    /// <param name="checksum">The UDP checksum, which covers it from an even offset on.</param>
    public static bool TryRead(Span<byte> octets, out DnsMessage message, ChecksumField checksum = default)
    {
        bool isLongEnough = octets.Length >= HeaderLength;
        message = isLongEnough ? new DnsMessage(octets, checksum) : default;
        return isLongEnough;
    }

    /// <summary>The only question; false if there is none, or more than one, or it is malformed. RFC 9619 §4.</summary>
    public bool TryGetQuestion(out DnsQuestion question)
    {
        question = default;
        DnsQuestions.Enumerator questions = Questions.GetEnumerator();
        if (QuestionCount != 1 || !questions.MoveNext())
            return false;

        question = questions.Current;
        return true;
    }

    /// <summary>Whether this is a query with one question, of this name and type in class Internet; QU or not (RFC 6762 §5.4).</summary>
    public bool Asks(DnsName name, DnsType type) =>
        Asks(out DnsQuestion question) && question.Type == type && question.Name.Equals(name);

    /// <summary>Whether this is a query with one question in class Internet; QU or not (RFC 6762 §5.4).</summary>
    /// <param name="question">The question.</param>
    public bool Asks(out DnsQuestion question)
    {
        question = default;
        return !IsResponse && Opcode == DnsOpcode.Query
            && TryGetQuestion(out question)
            && question.Class == DnsClass.Internet;
    }

    /// <summary>What EDNS adds to the header, if it is spoken. RFC 6891 §6.1.</summary>
    public bool TryGetEdns(out DnsEdns edns)
    {
        foreach (DnsRecord record in Records)
        {
            // RFC 6891 §6.1.1: in the additional section, owned by the root.
            if (record.Type == DnsType.Opt && record.Section == DnsSection.Additional && record.Name.IsRoot)
            {
                edns = new DnsEdns(record);
                return true;
            }
        }

        edns = default;
        return false;
    }

    private ushort Flags => ReadUInt16BigEndian(Message[2..]);

    private bool Flag(int mask) => (Flags & mask) != 0;

    private void SetFlag(int mask, bool value) => Write(2, (ushort)(value ? Flags | mask : Flags & ~mask));

    private void Write(int offset, ushort value) => PayloadField.Write(Message, offset, value, _checksum);

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
