using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="VlanTag"/>. IEEE 802.1Q §9.6. Its own identifier (TPID) is the header's before it.</summary>
/// <param name="Identifier">VLAN identifier, 0 (priority only) to 4094; 4095 is reserved.</param>
/// <param name="EtherType">What follows; in a packet, the next header says it.</param>
public readonly record struct VlanTagFields(ushort Identifier, EtherType EtherType = EtherType.None) : ILinkFields
{
    /// <summary>Priority code point, 0 to 7.</summary>
    public byte Priority { get; init; }

    /// <summary>Drop eligible indicator.</summary>
    public bool DropEligible { get; init; }

    /// <inheritdoc/>
    public int Length => VlanTag.Length;

    /// <summary>The whole tag control information: priority, drop eligible, identifier.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The priority is more than 7, or the identifier more than 4,095.</exception>
    public ushort Control => (ushort)((FieldRange.Of(Priority, 3, nameof(Priority)) << 13) | (DropEligible ? 0x1000u : 0)
        | FieldRange.Of(Identifier, 12, nameof(Identifier)));

    /// <summary>What a tag says.</summary>
    public static VlanTagFields Read(VlanTag tag) =>
        new(tag.Identifier, tag.EtherType) { Priority = tag.Priority, DropEligible = tag.DropEligible };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        WriteUInt16BigEndian(destination, Control);
        WriteUInt16BigEndian(destination[2..], (ushort)EtherType);
    }
}
