using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="TlsClientHello"/>, written with the records that carry it. RFC 8446 §4.1.2, §5.1.</summary>
/// <param name="Extensions">The extensions.</param>
public readonly record struct TlsClientHelloFields(FieldList<TlsExtensionFields> Extensions) : IHeaderFields
{
    /// <summary>The version that the records say.</summary>
    public ushort RecordVersion { get; init; } = 0x0301;

    /// <summary>How much of the message a record holds, in octets: 1 to 16,384. Where that is less than the message, there are several.</summary>
    public int RecordLength { get; init; } = TlsClientHello.MaxRecordContent;

    /// <summary>The version that the message says.</summary>
    public ushort LegacyVersion { get; init; } = 0x0303;

    /// <summary>The client's random number: 32 octets, zeros after those that are given.</summary>
    public FieldList<byte> Random { get; init; }

    /// <summary>The session that the client wants to go on with, at most 32 octets.</summary>
    public FieldList<byte> SessionId { get; init; }

    /// <summary>The cipher suites, the preferred one first: TLS_AES_128_GCM_SHA256.</summary>
    public FieldList<ushort> CipherSuites { get; init; } = [0x1301];

    /// <summary>The compression methods: 0, for none.</summary>
    public FieldList<byte> CompressionMethods { get; init; } = [0];

    /// <inheritdoc/>
    public int Length => MessageLength + (Records * TlsOctets.RecordHeaderLength);

    private int Records => (MessageLength + RecordLength - 1) / RecordLength;

    private int MessageLength => TlsClientHello.MessageHeaderLength + TlsClientHello.VersionLength + TlsClientHello.RandomLength
        + 1 + SessionId.Count + 2 + (2 * CipherSuites.Count) + 1 + CompressionMethods.Count + 2 + ExtensionsLength;

    private int ExtensionsLength
    {
        get
        {
            int length = 0;
            foreach (TlsExtensionFields extension in Extensions)
                length += extension.Length;
            return length;
        }
    }

    /// <summary>What a message says; extensions from one that cannot be read on are left out.</summary>
    public static TlsClientHelloFields Read(TlsClientHello hello)
    {
        var extensions = new List<TlsExtensionFields>();
        foreach (TlsExtension extension in hello.Extensions)
            extensions.Add(TlsExtensionFields.Read(extension));

        var suites = new List<ushort>();
        foreach (ushort suite in hello.CipherSuites)
            suites.Add(suite);

        return new(extensions.ToArray())
        {
            RecordVersion = hello.RecordVersion,
            RecordLength = hello.FirstRecordLength < hello.Message.Length ? hello.FirstRecordLength : TlsClientHello.MaxRecordContent,
            LegacyVersion = hello.LegacyVersion,
            Random = hello.Random.ToArray(),
            SessionId = hello.SessionId.ToArray(),
            CipherSuites = suites.ToArray(),
            CompressionMethods = hello.CompressionMethods.ToArray(),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A field is too long, a record's length out of its range, or <paramref name="destination"/> too short.</exception>
    public void Write(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Random.Count, TlsClientHello.RandomLength, nameof(Random));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SessionId.Count, TlsClientHello.MaxSessionIdLength, nameof(SessionId));
        ArgumentOutOfRangeException.ThrowIfLessThan(RecordLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RecordLength, TlsClientHello.MaxRecordContent);
        byte[] message = new byte[MessageLength];
        WriteMessage(message);
        ReadOnlySpan<byte> rest = message;
        for (int i = Records; i > 0; i--)
        {
            ReadOnlySpan<byte> content = rest[..Math.Min(rest.Length, RecordLength)];
            destination[0] = TlsClientHello.HandshakeRecord;
            WriteUInt16BigEndian(destination[1..], RecordVersion);
            WriteUInt16BigEndian(destination[3..], (ushort)content.Length);
            content.CopyTo(destination[TlsOctets.RecordHeaderLength..]);
            destination = destination[(TlsOctets.RecordHeaderLength + content.Length)..];
            rest = rest[content.Length..];
        }
    }

    private void WriteMessage(Span<byte> rest)
    {
        const int MessageHeader = TlsClientHello.MessageHeaderLength;
        WriteUInt32BigEndian(rest, ((uint)TlsClientHello.ClientHelloMessage << 24) | (uint)(rest.Length - MessageHeader));
        WriteUInt16BigEndian(rest[MessageHeader..], LegacyVersion);
        rest = rest[(MessageHeader + TlsClientHello.VersionLength)..];
        Random.Span.CopyTo(rest);
        rest = rest[TlsClientHello.RandomLength..];
        rest[0] = (byte)SessionId.Count;
        SessionId.Span.CopyTo(rest[1..]);
        rest = rest[(1 + SessionId.Count)..];
        WriteUInt16BigEndian(rest, checked((ushort)(2 * CipherSuites.Count)));
        rest = rest[2..];
        foreach (ushort suite in CipherSuites)
        {
            WriteUInt16BigEndian(rest, suite);
            rest = rest[2..];
        }

        rest[0] = checked((byte)CompressionMethods.Count);
        CompressionMethods.Span.CopyTo(rest[1..]);
        rest = rest[(1 + CompressionMethods.Count)..];
        WriteUInt16BigEndian(rest, checked((ushort)ExtensionsLength));
        rest = rest[2..];
        foreach (TlsExtensionFields extension in Extensions)
        {
            extension.Write(rest);
            rest = rest[extension.Length..];
        }
    }
}
