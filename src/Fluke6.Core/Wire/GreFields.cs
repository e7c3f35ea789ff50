using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="GreHeader"/>. RFC 2784 §2, RFC 2890 §2.</summary>
/// <param name="ProtocolType">What is carried; in a packet, the next header says it.</param>
public readonly record struct GreFields(EtherType ProtocolType = EtherType.None) : ICarriesPackets, ICarriesFrames, ICarriesLabels
{
    /// <summary>C: a checksum covers this header and what it carries.</summary>
    public bool HasChecksum { get; init; }

    /// <summary>The key that tells tunnels apart; null for none.</summary>
    public uint? Key { get; init; }

    /// <summary>The packet's number; null for none.</summary>
    public uint? SequenceNumber { get; init; }

    /// <inheritdoc/>
    public int Length => GreHeader.MinLength + (HasChecksum ? 4 : 0) + (Key is null ? 0 : 4) + (SequenceNumber is null ? 0 : 4);

    /// <summary>What a header says.</summary>
    public static GreFields Read(GreHeader header) => new(header.ProtocolType)
    {
        HasChecksum = header.HasChecksum,
        Key = header.HasKey ? header.Key : null,
        SequenceNumber = header.HasSequenceNumber ? header.SequenceNumber : null,
    };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Span<byte> rest = destination[..Length];
        int flags = (HasChecksum ? GreHeader.ChecksumPresent : 0)
            | (Key is null ? 0 : GreHeader.KeyPresent)
            | (SequenceNumber is null ? 0 : GreHeader.SequencePresent);
        WriteUInt16BigEndian(rest, (ushort)flags);
        WriteUInt16BigEndian(rest[2..], (ushort)ProtocolType);
        rest = rest[GreHeader.MinLength..];
        if (HasChecksum)
        {
            WriteUInt32BigEndian(rest, 0);
            rest = rest[4..];
        }

        if (Key is { } key)
        {
            WriteUInt32BigEndian(rest, key);
            rest = rest[4..];
        }

        if (SequenceNumber is { } number)
            WriteUInt32BigEndian(rest, number);
        Complete(destination);
    }

    /// <summary>Writes the checksum, if there is one.</summary>
    /// <param name="packet">The header and all that it carries.</param>
    internal static void Complete(Span<byte> packet)
    {
        if ((ReadUInt16BigEndian(packet) & GreHeader.ChecksumPresent) == 0)
            return;

        WriteUInt16BigEndian(packet[4..], 0);
        WriteUInt16BigEndian(packet[4..], InternetChecksum.Compute(packet));
    }
}
