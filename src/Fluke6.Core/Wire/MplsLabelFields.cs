using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of an <see cref="MplsLabel"/>. RFC 3032 §2.1.</summary>
/// <param name="Label">The label, 20 bits; 0 to 15 have meanings of their own.</param>
public readonly record struct MplsLabelFields(uint Label) : ICarriesPackets, ICarriesLabels
{
    /// <summary>Traffic class, 0 to 7. RFC 5462; before, EXP.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>S: this is the last entry, and what is carried follows; in a packet, a label that follows says that it is not.</summary>
    public bool IsBottomOfStack { get; init; } = true;

    /// <summary>How many routers may still forward this.</summary>
    public byte TimeToLive { get; init; } = 64;

    /// <inheritdoc/>
    public int Length => MplsLabel.Length;

    /// <summary>What an entry says.</summary>
    public static MplsLabelFields Read(MplsLabel label) => new(label.Label)
    {
        TrafficClass = label.TrafficClass, IsBottomOfStack = label.IsBottomOfStack, TimeToLive = label.TimeToLive,
    };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        uint label = FieldRange.Of(Label, 20, nameof(Label)), trafficClass = FieldRange.Of(TrafficClass, 3, nameof(TrafficClass));
        WriteUInt32BigEndian(
            destination, (label << 12) | (trafficClass << 9) | (IsBottomOfStack ? MplsLabel.BottomOfStack : 0) | TimeToLive);
    }
}
