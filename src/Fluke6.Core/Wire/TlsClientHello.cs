using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// The first message of a TLS client, in clear, read and written in place, whether it stands in one record or in several. RFC 8446 §4.1.2, RFC 5246
/// §7.4.1.2. Setters keep the TCP checksum as right as it was.
/// </summary>
/// <remarks>The fields of the message are sure to be there; extensions are walked when asked for, and a walk ends where they are malformed.</remarks>
public readonly ref struct TlsClientHello : ISpanFormattable
{
    internal const byte HandshakeRecord = 22, ClientHelloMessage = 1, MajorVersion = 3;
    internal const int MaxRecordContent = 1 << 14, MessageHeaderLength = 4, VersionLength = 2, RandomLength = 32, MaxSessionIdLength = 32;

    private const int SessionIdLengthAt = MessageHeaderLength + VersionLength + RandomLength;

    private readonly TlsOctets _message;
    private readonly ushort _recordVersion;
    private readonly int _recordLength;

    private TlsClientHello(TlsOctets message, ReadOnlySpan<byte> firstRecord)
    {
        _message = message;
        _recordVersion = ReadUInt16BigEndian(firstRecord[1..]);
        _recordLength = ReadUInt16BigEndian(firstRecord[3..]);
    }

    /// <summary>The whole message, its header of type and length included.</summary>
    public TlsOctets Message => _message.Slice(0, _message.Length);

    /// <summary>The version that the first record says: 0x0301, whatever is spoken. RFC 8446 §5.1.</summary>
    public ushort RecordVersion
    {
        get
        {
            _ = _message.Length;
            return _recordVersion;
        }
    }

    /// <summary>How much of the message its first record holds, in octets, its header included.</summary>
    public int FirstRecordLength => Math.Min(_recordLength, _message.Length);

    /// <summary>The version that the message says: 0x0303, also where the extension says more. RFC 8446 §4.1.2.</summary>
    public ushort LegacyVersion { get => _message.UInt16(MessageHeaderLength); set => _message.Set(MessageHeaderLength, value); }

    /// <summary>The client's random number, 32 octets.</summary>
    public TlsOctets Random => _message.Slice(MessageHeaderLength + VersionLength, RandomLength);

    /// <summary>The session that the client wants to go on with, up to 32 octets; of TLS 1.3, anything.</summary>
    public TlsOctets SessionId => _message.Slice(SessionIdLengthAt + 1, _message.Byte(SessionIdLengthAt));

    /// <summary>The cipher suites, the preferred one first.</summary>
    public TlsNumbers CipherSuites => new(_message.Slice(CipherSuitesAt + 2, _message.UInt16(CipherSuitesAt)));

    /// <summary>The compression methods: 0, for none.</summary>
    public TlsOctets CompressionMethods => _message.Slice(CompressionAt + 1, _message.Byte(CompressionAt));

    /// <summary>The extensions.</summary>
    public TlsExtensions Extensions => new(_message.Slice(CompressionAt + 1 + _message.Byte(CompressionAt) + 2, _message.Length));

    /// <summary>The name of the server that is asked for; empty if the client does not say it. RFC 6066 §3.</summary>
    public TlsText ServerName =>
        Extensions.TryGet(TlsExtensionType.ServerName, out TlsExtension extension) && extension.TryGetServerName(out TlsText name)
            ? name : new TlsText(_message.Slice(0, 0));

    /// <summary>The protocols that the client speaks, such as h2; none if it does not say. RFC 7301 §3.1.</summary>
    public TlsTexts ApplicationProtocols =>
        Extensions.TryGet(TlsExtensionType.ApplicationProtocols, out TlsExtension extension) && extension.TryGetApplicationProtocols(out TlsTexts names)
            ? names : new TlsTexts(_message.Slice(0, 0));

    /// <summary>
    /// The versions that the client speaks, such as 0x0304 for TLS 1.3; none where <see cref="LegacyVersion"/> is the highest. RFC 8446
    /// §4.2.1.
    /// </summary>
    public TlsNumbers SupportedVersions =>
        Extensions.TryGet(TlsExtensionType.SupportedVersions, out TlsExtension extension) && extension.TryGetSupportedVersions(out TlsNumbers versions)
            ? versions : new TlsNumbers(_message.Slice(0, 0));

    /// <summary>Whether an extension reaches past the message, so that what follows it cannot be told.</summary>
    public bool IsMalformed => Extensions.IsMalformed;

    private int CipherSuitesAt => SessionIdLengthAt + 1 + _message.Byte(SessionIdLengthAt);

    private int CompressionAt => CipherSuitesAt + 2 + _message.UInt16(CipherSuitesAt);

    /// <summary>The message that a stream begins with; false if it does not, or if not all of the message is there.</summary>
    /// <param name="stream">What the client sends, from the first octet on; more may follow the message.</param>
    /// <param name="hello">A view over it.</param>
    /// <param name="checksum">The TCP checksum, which covers it from an even offset on.</param>
    public static bool TryRead(Span<byte> stream, out TlsClientHello hello, ChecksumField checksum = default)
    {
        hello = default;
        if (Find(stream, out int length) != Beginning.Whole)
            return false;

        var message = new TlsOctets(stream, record: 0, offset: 0, length, checksum);
        if (!IsWellFormed(message))
            return false;

        hello = new TlsClientHello(message, stream);
        return true;
    }

    /// <summary>Whether a stream that begins so may still turn out to begin with a ClientHello: what is there is the beginning of one.</summary>
    /// <param name="stream">What the client has sent so far; may be empty.</param>
    public static bool IsBeginning(ReadOnlySpan<byte> stream) => Find(stream, out _) == Beginning.Part;

    private static Beginning Find(ReadOnlySpan<byte> stream, out int length)
    {
        length = 0;
        int gathered = 0;
        Span<byte> header = stackalloc byte[MessageHeaderLength];
        for (ReadOnlySpan<byte> rest = stream; ;)
        {
            if ((rest.Length > 0 && rest[0] != HandshakeRecord) || (rest.Length > 1 && rest[1] != MajorVersion))
                return Beginning.None;
            if (rest.Length < TlsOctets.RecordHeaderLength)
                return Beginning.Part;

            int content = ReadUInt16BigEndian(rest[3..]);
            // RFC 8446 §5.1: records of handshake messages are never empty.
            if (content is 0 or > MaxRecordContent)
                return Beginning.None;

            rest = rest[TlsOctets.RecordHeaderLength..];
            ReadOnlySpan<byte> there = rest[..Math.Min(content, rest.Length)];
            if (gathered < MessageHeaderLength)
                there[..Math.Min(there.Length, MessageHeaderLength - gathered)].CopyTo(header[gathered..]);
            gathered += there.Length;
            if (gathered > 0 && header[0] != ClientHelloMessage)
                return Beginning.None;
            if (gathered >= MessageHeaderLength)
                length = MessageHeaderLength + (int)(ReadUInt32BigEndian(header) & 0xFF_FFFF);
            if (length > 0 && gathered >= length)
                return Beginning.Whole;
            if (there.Length < content)
                return Beginning.Part;

            rest = rest[content..];
        }
    }

    /// <summary>Whether the fields before the extensions fit the message. Extensions may be missing: RFC 5246 §7.4.1.2.</summary>
    private static bool IsWellFormed(TlsOctets message)
    {
        int at = SessionIdLengthAt;
        if (at >= message.Length || message.Byte(at) > MaxSessionIdLength)
            return false;

        at += 1 + message.Byte(at);
        if (at + 2 > message.Length || message.UInt16(at) % 2 != 0)
            return false;

        at += 2 + message.UInt16(at);
        if (at >= message.Length)
            return false;

        at += 1 + message.Byte(at);
        return at == message.Length || (at + 2 <= message.Length && at + 2 + message.UInt16(at) == message.Length);
    }

    private enum Beginning
    {
        /// <summary>It is something else.</summary>
        None,

        /// <summary>More is to come.</summary>
        Part,

        /// <summary>All of it.</summary>
        Whole,
    }

    /// <summary>In one line, as a log tells of it: version, server name and protocols.</summary>
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
