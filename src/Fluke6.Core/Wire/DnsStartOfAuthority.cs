using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The data of an SOA record, read and written in place. RFC 1035 §3.3.13. Times are in seconds.</summary>
public readonly ref struct DnsStartOfAuthority : ISpanFormattable
{
    /// <summary>Five numbers of 32 bits, after two names.</summary>
    private const int NumbersLength = 20;

    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;
    private readonly int _numbers;

    private DnsStartOfAuthority(Span<byte> message, int numbers, ChecksumField checksum)
    {
        _message = message;
        _numbers = numbers;
        _checksum = checksum;
    }

    private Span<byte> Message => _checksum.Checked(_message);

    /// <summary>The zone's primary server. MNAME.</summary>
    public DnsNameView PrimaryServer { get; private init; }

    /// <summary>The mailbox of whoever is responsible, its first label before the @. RNAME.</summary>
    public DnsNameView Mailbox { get; private init; }

    /// <summary>The version of the zone. RFC 1982.</summary>
    public uint Serial { get => Read(0); set => Write(0, value); }

    /// <summary>How often secondary servers look for a new version.</summary>
    public uint Refresh { get => Read(4); set => Write(4, value); }

    /// <summary>How long they wait after a failure.</summary>
    public uint Retry { get => Read(8); set => Write(8, value); }

    /// <summary>After how long without success they give up.</summary>
    public uint Expire { get => Read(12); set => Write(12, value); }

    /// <summary>How long the absence of a name or record may be remembered, if the SOA's own TTL is not less. RFC 2308 §5.</summary>
    public uint Minimum { get => Read(16); set => Write(16, value); }

    internal static bool TryRead(Span<byte> message, int offset, int end, ChecksumField checksum, out DnsStartOfAuthority authority)
    {
        authority = default;
        if (!DnsNameView.TryRead(message, offset, out DnsNameView server, out int next, checksum.Guard)
            || !DnsNameView.TryRead(message, next, out DnsNameView mailbox, out int numbers, checksum.Guard)
            || numbers + NumbersLength != end)
        {
            return false;
        }

        authority = new DnsStartOfAuthority(message, numbers, checksum) { PrimaryServer = server, Mailbox = mailbox };
        return true;
    }

    private uint Read(int offset) => ReadUInt32BigEndian(Message[(_numbers + offset)..]);

    private void Write(int offset, uint value) => PayloadField.Write(Message, _numbers + offset, value, _checksum);

    /// <summary>Both names and the five numbers, as dig would print them.</summary>
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
