using Fluke6.Frames;
using Fluke6.Linux.Native;
using Fluke6.Wire;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

// The MTU counts network packets. Tags and labels come on top, of which send(2) grants one, and only if it is of the type 0x8100.
internal sealed unsafe partial class PacketPort
{
    private const int LabelLength = 4;
    private const int DefaultMtu = 1500;

    // As much as veth takes beyond its MTU (is_skb_forwardable in net/core/dev.c), or all tags that are followed.
    private int _tagRoom;

    /// <summary>The length of the longest frame that an interface takes, if its packet is as long as the MTU.</summary>
    private static int LongestTagged(PortSpecification specification, InterfaceControl control) =>
        (control.TryGetMtu(InterfaceControl.NameOctets(specification.Interface), out int mtu) ? mtu : DefaultMtu)
        + IfEther.ETH_HLEN + (Layers.MaxVlanTags * VlanTagLength);

    private void LearnTagRoom() => _tagRoom =
        _ring is null || InterfaceIndex == 0 || !_ring.TryBind(InterfaceIndex) || _control.IsDriver(_name, "veth"u8)
            ? VlanTagLength : Layers.MaxVlanTags * VlanTagLength;

    /// <summary>Sends a frame that is longer than the MTU only by its tags and labels.</summary>
    /// <returns>0, or the errno.</returns>
    private int SendTagged(FrameBuffer frame)
    {
        int packet = frame.Length - IfEther.ETH_HLEN - TagsAndLabels(frame);
        if (packet > Mtu || packet == frame.Length - IfEther.ETH_HLEN)
            return EMSGSIZE;

        int number = _ring is null ? EMSGSIZE : _ring.Send(frame);
        // veth drops what is longer, and says no more than that.
        return number == ENOBUFS && frame.Length > IfEther.ETH_HLEN + Mtu + _tagRoom ? EMSGSIZE : number;
    }

    private static int TagsAndLabels(FrameBuffer frame)
    {
        const ushort mplsUnicast = 0x8847, mplsMulticast = 0x8848;
        const byte bottomOfStack = 0x01;
        ref readonly Layers layers = ref frame.Layers;
        int end = IfEther.ETH_HLEN + (layers.VlanTags * VlanTag.Length);
        if ((ushort)layers.EtherType is mplsUnicast or mplsMulticast)
        {
            bool isBottom = false;
            for (; !isBottom && end + LabelLength <= frame.Length; end += LabelLength)
                isBottom = (frame.Octets[end + 2] & bottomOfStack) != 0;
        }

        return end - IfEther.ETH_HLEN;
    }
}
