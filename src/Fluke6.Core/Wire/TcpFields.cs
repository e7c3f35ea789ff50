using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="TcpHeader"/>. RFC 9293 §3.1.</summary>
/// <param name="SourcePort">The source port.</param>
/// <param name="DestinationPort">The destination port.</param>
/// <param name="Flags">The control bits.</param>
public readonly record struct TcpFields(ushort SourcePort, ushort DestinationPort, TcpFlags Flags = TcpFlags.Ack) : IHeaderFields
{
    /// <summary>The first data octet's number; in a SYN, the initial sequence number.</summary>
    public uint SequenceNumber { get; init; }

    /// <summary>The next sequence number expected.</summary>
    public uint AcknowledgmentNumber { get; init; }

    /// <summary>The receive window, unscaled.</summary>
    public ushort Window { get; init; } = ushort.MaxValue;

    /// <summary>Where urgent data ends, from the sequence number on.</summary>
    public ushort UrgentPointer { get; init; }

    /// <summary>The options, at most 40 octets; padding after the last follows by itself.</summary>
    public FieldList<TcpOptionFields> Options { get; init; }

    /// <inheritdoc/>
    public int Length
    {
        get
        {
            int length = TcpHeader.MinLength;
            foreach (TcpOptionFields option in Options)
                length += option.Length;
            return (length + 3) & ~3;
        }
    }

    /// <summary>What a header says; options from one that cannot be read on are left out.</summary>
    public static TcpFields Read(TcpHeader header)
    {
        var options = new List<TcpOptionFields>();
        foreach (TcpOption option in header.Options)
            options.Add(TcpOptionFields.Read(option));
        return new TcpFields(header.SourcePort, header.DestinationPort, header.Flags)
        {
            SequenceNumber = header.SequenceNumber,
            AcknowledgmentNumber = header.AcknowledgmentNumber,
            Window = header.Window,
            UrgentPointer = header.UrgentPointer,
            Options = options.ToArray(),
        };
    }

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        int length = Length;
        Span<byte> rest = WriteFixed(destination, length);
        foreach (TcpOptionFields option in Options)
        {
            option.Write(rest);
            rest = rest[option.Length..];
        }

        rest.Clear();
    }

    /// <summary>
    /// As <see cref="Write(Span{byte})"/>, with a list of options that is not looked at, so that experiments may send malformed ones, instead of
    /// <see cref="Options"/>.
    /// </summary>
    /// <param name="encodedOptions">0 to 40 octets; zeros are added up to a whole word.</param>
    public void Write(Span<byte> destination, ReadOnlySpan<byte> encodedOptions)
    {
        Span<byte> options = WriteFixed(destination, TcpHeader.MinLength + ((encodedOptions.Length + 3) & ~3));
        encodedOptions.CopyTo(options);
        options[encodedOptions.Length..].Clear();
    }

    /// <summary>Goes on from the first piece of a segment that was cut up to a later one; its checksum is left alone.</summary>
    /// <param name="header">The header.</param>
    /// <param name="octets">How much of the data comes before this piece.</param>
    /// <param name="cleared">Control bits, of the lowest eight, that this piece lacks.</param>
    internal static void Advance(Span<byte> header, uint octets, TcpFlags cleared)
    {
        WriteUInt32BigEndian(header[4..], ReadUInt32BigEndian(header[4..]) + octets);
        header[13] &= unchecked((byte)~(byte)cleared);
    }

    /// <summary>Writes all but the options.</summary>
    /// <returns>Where the options belong.</returns>
    private Span<byte> WriteFixed(Span<byte> destination, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, TcpHeader.MaxLength, nameof(Options));
        Span<byte> header = destination[..length];
        WriteUInt16BigEndian(header, SourcePort);
        WriteUInt16BigEndian(header[2..], DestinationPort);
        WriteUInt32BigEndian(header[4..], SequenceNumber);
        WriteUInt32BigEndian(header[8..], AcknowledgmentNumber);
        WriteUInt16BigEndian(header[12..], (ushort)((length / 4 << 12) | (int)(Flags & TcpFlags.All)));
        WriteUInt16BigEndian(header[14..], Window);
        WriteUInt16BigEndian(header[16..], 0);
        WriteUInt16BigEndian(header[18..], UrgentPointer);
        return header[TcpHeader.MinLength..];
    }
}
