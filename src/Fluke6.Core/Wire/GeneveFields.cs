using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="GeneveHeader"/>. RFC 8926 §3.4.</summary>
/// <param name="NetworkIdentifier">VNI: which virtual network, 24 bits.</param>
/// <param name="ProtocolType">What is carried; in a packet, the next header says it.</param>
public readonly record struct GeneveFields(uint NetworkIdentifier, EtherType ProtocolType = EtherType.None)
    : ICarriesPackets, ICarriesFrames, ICarriesLabels
{
    /// <summary>O: a message for the tunnel's other end, and no frame of a network in it.</summary>
    public bool IsControl { get; init; }

    /// <summary>C: an option is there that a tunnel's end must know, or drop the packet.</summary>
    public bool HasCriticalOptions { get; init; }

    /// <summary>The options as they stand, a multiple of 4 bytes up to 252. RFC 8926 §3.5.</summary>
    public FieldList<byte> Options { get; init; }

    /// <inheritdoc/>
    public int Length => GeneveHeader.MinLength + Options.Count;

    /// <summary>What a header says.</summary>
    public static GeneveFields Read(GeneveHeader header) => new(header.NetworkIdentifier, header.ProtocolType)
    {
        IsControl = header.IsControl, HasCriticalOptions = header.HasCriticalOptions, Options = header.Options.ToArray(),
    };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The options are no whole words, or more than 252 bytes.</exception>
    public void Write(Span<byte> destination)
    {
        if (Options.Count % GeneveHeader.OptionUnit != 0 || Options.Count > GeneveHeader.MaxOptionsLength)
        {
            throw new InvalidOperationException(
                $"GENEVE's options are a multiple of 4 bytes up to {GeneveHeader.MaxOptionsLength}, not {Options.Count}.");
        }

        destination[0] = (byte)(Options.Count / GeneveHeader.OptionUnit);
        destination[1] = (byte)((IsControl ? GeneveHeader.Control : 0) | (HasCriticalOptions ? GeneveHeader.Critical : 0));
        WriteUInt16BigEndian(destination[2..], (ushort)ProtocolType);
        WriteUInt32BigEndian(destination[4..], FieldRange.Of(NetworkIdentifier, 24, nameof(NetworkIdentifier)) << 8);
        Options.Span.CopyTo(destination[GeneveHeader.MinLength..]);
    }
}
