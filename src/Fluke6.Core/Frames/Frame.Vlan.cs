using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>Where tags stand: after both MAC addresses.</summary>
    private const int VlanTagOffset = 2 * MacAddress.Length;

    /// <summary>
    /// Puts a VLAN tag before those that are there. IEEE 802.1Q §9.3. The MTU counts network packets only, and most interfaces take tags
    /// on top of it; of veth, a full-sized frame takes one, and a second is refused. On TUN ports there is nothing to tag:
    /// <see cref="EditResult.Unchanged"/>.
    /// </summary>
    /// <param name="control">The tag control information: priority (3 bits), drop eligible (1), VLAN identifier (12).</param>
    /// <param name="protocolIdentifier">
    /// The EtherType that announces the tag: <see cref="EtherType.Dot1Q"/>, <see cref="EtherType.Dot1Ad"/> or <see
    /// cref="EtherType.LegacyQinQ"/>; another is refused, as is a tag more than <see cref="Layers.MaxVlanTags"/>.
    /// </param>
    public readonly EditResult InsertVlanTag(ushort control, EtherType protocolIdentifier = EtherType.Dot1Q)
    {
        if (LinkType != LinkType.Ethernet || Length < EthernetHeader.Length)
            return EditResult.Unchanged;
        if (protocolIdentifier is not (EtherType.Dot1Q or EtherType.Dot1Ad or EtherType.LegacyQinQ)
            || Layers.VlanTags == Layers.MaxVlanTags || _buffer.HasFixedLength
            || !_buffer.HasHeadroom(VlanTag.Length) || !_buffer.HasTagRoom(VlanTag.Length))
        {
            return EditResult.Refused;
        }

        _buffer.BeforeHeaderEdit();
        _buffer.MoveHead(VlanTagOffset, VlanTag.Length);
        VlanTag.Write(_buffer.Octets[VlanTagOffset..], protocolIdentifier, control);
        return EditResult.Changed;
    }

    /// <summary>Takes the outermost VLAN tag off. IEEE 802.1Q §9.3.</summary>
    public readonly EditResult RemoveVlanTag()
    {
        if (Layers.VlanTags == 0)
            return EditResult.Unchanged;
        if (_buffer.HasFixedLength)
            return EditResult.Refused;

        _buffer.BeforeHeaderEdit();
        _buffer.MoveHead(VlanTagOffset, -VlanTag.Length);
        return EditResult.Changed;
    }
}
