using System.Runtime.InteropServices;
using Fluke6.Linux.Native;

namespace Fluke6.Linux.Survey;

/// <summary>An interface, as rtnetlink describes it. rtnetlink(7).</summary>
internal sealed record LinkFacts
{
    /// <summary>Its number in its network namespace.</summary>
    public required int Index { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of link, ARPHRD_….</summary>
    public ushort HardwareType { get; init; }

    /// <summary>IFF_….</summary>
    public uint Flags { get; init; }

    /// <summary>The largest packet, in bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>What made it, such as <c>veth</c> or <c>macvlan</c>; empty for a card's.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The hardware address; empty if it has none.</summary>
    public string Mac { get; init; } = "";

    /// <summary>The interface that it is a member of: a bridge, a bond, a team, a VRF; 0 if there is none.</summary>
    public int Master { get; init; }

    /// <summary>What that is, such as <c>bridge</c>; empty if there is none, or no such kind.</summary>
    public string MasterKind { get; init; } = "";

    /// <summary>As a member of a bridge: whether that forwards to it and from it.</summary>
    public BridgePortState BridgeState { get; init; } = BridgePortState.Forwarding;

    /// <summary>The interface below it, or the other end of a pair, in this namespace; 0 if there is none, or it is in another.</summary>
    public int Parent { get; init; }

    /// <summary>Whether there is a signal on the wire.</summary>
    public bool HasCarrier { get; init; } = true;

    /// <summary>IF_OPER_…. RFC 2863 §3.1.14.</summary>
    public OperationalState State { get; init; }

    /// <summary>How many ask for frames to other hosts.</summary>
    public int Promiscuity { get; init; }

    /// <summary>How an XDP program sees what arrives before anybody else does.</summary>
    public XdpMode Xdp { get; init; }

    /// <summary>Its counters.</summary>
    public LinkCounters Counters { get; init; }

    /// <summary>Whether it is administratively up.</summary>
    public bool IsUp => (Flags & If.IFF_UP) != 0;

    /// <summary>Whether all that it sends comes back to this machine.</summary>
    public bool IsLoopback => HardwareType == IfArp.ARPHRD_LOOPBACK;

    /// <summary>The interfaces of the calling thread's network namespace.</summary>
    public static IReadOnlyList<LinkFacts> All()
    {
        using var kernel = new NetlinkSocket("interfaces");
        return All(kernel);
    }

    /// <summary>The interfaces of the network namespace that a socket is of.</summary>
    public static unsafe IReadOnlyList<LinkFacts> All(NetlinkSocket kernel) =>
        [.. kernel.List(RtNetlink.RTM_GETLINK, default(ifinfomsg)).Where(entry => entry.Length > sizeof(ifinfomsg)).Select(Read)];

    private static unsafe LinkFacts Read(byte[] entry)
    {
        ifinfomsg header = MemoryMarshal.Read<ifinfomsg>(entry);
        ReadOnlySpan<byte> attributes = entry.AsSpan(sizeof(ifinfomsg));
        ReadOnlySpan<byte> information = NetlinkAttributes.Find(attributes, RtNetlink.IFLA_LINKINFO);
        string masterKind = NetlinkAttributes.Text(information, RtNetlink.IFLA_INFO_SLAVE_KIND);
        byte? portState = masterKind == "bridge"
            ? NetlinkAttributes.Number<byte>(NetlinkAttributes.Find(information, RtNetlink.IFLA_INFO_SLAVE_DATA),
                RtNetlink.IFLA_BRPORT_STATE) : null;
        return new LinkFacts
        {
            Index = header.ifi_index,
            Name = NetlinkAttributes.Text(attributes, RtNetlink.IFLA_IFNAME),
            HardwareType = header.ifi_type,
            Flags = header.ifi_flags,
            Mtu = NetlinkAttributes.Number<int>(attributes, RtNetlink.IFLA_MTU) ?? 0,
            Kind = NetlinkAttributes.Text(information, RtNetlink.IFLA_INFO_KIND),
            Mac = string.Join(':', NetlinkAttributes.Find(attributes, RtNetlink.IFLA_ADDRESS).ToArray().Select(octet => $"{octet:x2}")),
            Master = NetlinkAttributes.Number<int>(attributes, RtNetlink.IFLA_MASTER) ?? 0,
            MasterKind = masterKind,
            BridgeState = (BridgePortState)(portState ?? (byte)BridgePortState.Forwarding),
            Parent = NetlinkAttributes.Find(attributes, RtNetlink.IFLA_LINK_NETNSID).IsEmpty
                ? NetlinkAttributes.Number<int>(attributes, RtNetlink.IFLA_LINK) ?? 0 : 0,
            HasCarrier = NetlinkAttributes.Number<byte>(attributes, RtNetlink.IFLA_CARRIER) != 0,
            State = (OperationalState)(NetlinkAttributes.Number<byte>(attributes, RtNetlink.IFLA_OPERSTATE) ?? 0),
            Promiscuity = NetlinkAttributes.Number<int>(attributes, RtNetlink.IFLA_PROMISCUITY) ?? 0,
            Xdp = (XdpMode)(NetlinkAttributes.Number<byte>(NetlinkAttributes.Find(attributes, RtNetlink.IFLA_XDP),
                RtNetlink.IFLA_XDP_ATTACHED) ?? 0),
            Counters = LinkCounters.Read(NetlinkAttributes.Find(attributes, RtNetlink.IFLA_STATS64)),
        };
    }
}

/// <summary>IF_OPER_… of <c>linux/if.h</c>.</summary>
internal enum OperationalState : byte
{
    /// <summary>Not known, as of TAP interfaces; frames pass.</summary>
    Unknown,

    /// <summary>Not there.</summary>
    NotPresent,

    /// <summary>Down.</summary>
    Down,

    /// <summary>What it stands on is down.</summary>
    LowerLayerDown,

    /// <summary>Under test.</summary>
    Testing,

    /// <summary>Waits for something, such as an authentication by IEEE 802.1X.</summary>
    Dormant,

    /// <summary>Up.</summary>
    Up,
}

/// <summary>XDP_ATTACHED_… of <c>linux/if_link.h</c>.</summary>
internal enum XdpMode : byte
{
    /// <summary>No program.</summary>
    None,

    /// <summary>In the driver.</summary>
    Driver,

    /// <summary>Before the network stack.</summary>
    Generic,

    /// <summary>In the card.</summary>
    Hardware,

    /// <summary>Several of these.</summary>
    Several,
}

/// <summary>BR_STATE_… of <c>linux/if_bridge.h</c>.</summary>
internal enum BridgePortState : byte
{
    /// <summary>Off.</summary>
    Disabled,

    /// <summary>Takes part in the spanning tree, and forwards nothing yet.</summary>
    Listening,

    /// <summary>Learns addresses, and forwards nothing yet.</summary>
    Learning,

    /// <summary>Forwards.</summary>
    Forwarding,

    /// <summary>Kept from forwarding by the spanning tree.</summary>
    Blocking,
}

/// <summary>What an interface counted since it was made, of <c>struct rtnl_link_stats64</c>.</summary>
internal readonly record struct LinkCounters
{
    private const int RxPackets = 0, TxPackets = 1, RxErrors = 4, RxDropped = 6, TxDropped = 7, Multicast = 8, RxOverErrors = 11,
        RxFifoErrors = 14, RxMissed = 15;

    /// <summary>Packets that it received.</summary>
    public long Received { get; init; }

    /// <summary>Packets that it sent.</summary>
    public long Sent { get; init; }

    /// <summary>Received packets that were damaged.</summary>
    public long ReceiveErrors { get; init; }

    /// <summary>Received packets that the kernel dropped before anybody saw them.</summary>
    public long ReceiveDropped { get; init; }

    /// <summary>Packets that it was to send and that were dropped.</summary>
    public long SendDropped { get; init; }

    /// <summary>Received packets to groups, where the driver counts them.</summary>
    public long ReceivedByGroups { get; init; }

    /// <summary>Packets for which the card had no room: its ring was full.</summary>
    public long Overruns { get; init; }

    /// <summary>What was counted after an earlier look.</summary>
    public static LinkCounters operator -(LinkCounters later, LinkCounters earlier) => new()
    {
        Received = later.Received - earlier.Received,
        Sent = later.Sent - earlier.Sent,
        ReceiveErrors = later.ReceiveErrors - earlier.ReceiveErrors,
        ReceiveDropped = later.ReceiveDropped - earlier.ReceiveDropped,
        SendDropped = later.SendDropped - earlier.SendDropped,
        ReceivedByGroups = later.ReceivedByGroups - earlier.ReceivedByGroups,
        Overruns = later.Overruns - earlier.Overruns,
    };

    internal static LinkCounters Read(ReadOnlySpan<byte> octets)
    {
        ReadOnlySpan<long> counters = MemoryMarshal.Cast<byte, long>(octets);
        return counters.Length <= RxMissed ? default : new LinkCounters
        {
            Received = counters[RxPackets],
            Sent = counters[TxPackets],
            ReceiveErrors = counters[RxErrors],
            ReceiveDropped = counters[RxDropped],
            SendDropped = counters[TxDropped],
            ReceivedByGroups = counters[Multicast],
            Overruns = counters[RxOverErrors] + counters[RxFifoErrors] + counters[RxMissed],
        };
    }
}
