using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>Why the walk through a frame's headers ended where it did.</summary>
public enum LayerStop : byte
{
    /// <summary>At a transport header that was read in full, or at the end of an ARP packet.</summary>
    Complete,

    /// <summary>Shorter than a link header.</summary>
    Runt,

    /// <summary>A VLAN tag is cut short, or more are stacked than Fluke6 follows (<see cref="Layers.MaxVlanTags"/>).</summary>
    VlanTag,

    /// <summary>An EtherType that Fluke6 has no view for.</summary>
    UnknownEtherType,

    /// <summary>The network header is cut short or contradicts itself or the frame's length.</summary>
    NetworkHeader,

    /// <summary>An IPv6 extension header is cut short or reaches past the packet.</summary>
    ExtensionHeader,

    /// <summary>A fragment other than the first: it has no transport header. RFC 791 §3.2, RFC 8200 §4.5.</summary>
    LaterFragment,

    /// <summary>A transport protocol that Fluke6 has no view for, or No Next Header.</summary>
    UnknownProtocol,

    /// <summary>The transport header is cut short or contradicts itself.</summary>
    TransportHeader,

    /// <summary>A PPPoE header or an MPLS label stack: what stands behind it is another frame's layers (<see cref="Frame.TryGetInner"/>).</summary>
    Tunnel,
}

/// <summary>Which headers a frame has and where. All offsets are octets from the frame's first.</summary>
public struct Layers
{
    /// <summary>How many stacked VLAN tags are followed.</summary>
    public const int MaxVlanTags = 4;

    /// <summary>Why the walk ended.</summary>
    public LayerStop StoppedAt { get; internal set; }

    /// <summary>
    /// Whether every header that Fluke6 knows was whole: no runt, no unknown EtherType, nothing cut short or contradictory.
    /// </summary>
    public readonly bool AreUnderstood =>
        StoppedAt is LayerStop.Complete or LayerStop.LaterFragment or LayerStop.UnknownProtocol or LayerStop.Tunnel;

    /// <summary>How many VLAN tags stand before the EtherType.</summary>
    public byte VlanTags { get; internal set; }

    /// <summary>The innermost EtherType; for raw IP, that of the IP version.</summary>
    public EtherType EtherType { get; internal set; }

    /// <summary>The network layer that was read in full: Ipv4, Ipv6, Arp, or None.</summary>
    public EtherType Network { get; internal set; }

    /// <summary>The transport that was read in full: Tcp, Udp, Icmpv4, Icmpv6; meaningful if <see cref="HasTransport"/>.</summary>
    public IpProtocol Transport { get; internal set; }

    /// <summary>Whether a transport header was read in full.</summary>
    public bool HasTransport { get; internal set; }

    /// <summary>Whether the packet is a fragment, the first one included.</summary>
    public bool IsFragment { get; internal set; }

    /// <summary>
    /// Whether a source route has hops to go, so that the pseudo-header holds the final destination and not the IP header's: a routing
    /// header with segments left (RFC 8200 §8.1), or in IPv4 a source route option (RFC 791 §3.1).
    /// </summary>
    public bool IsSourceRouted { get; internal set; }

    /// <summary>Whether a home address option stands for the IPv6 header's source in the pseudo-header. RFC 6275 §11.3.1.</summary>
    public bool HasHomeAddress { get; internal set; }

    /// <summary>Whether a Shim6 header names the context whose addresses the pseudo-header holds. RFC 5533 §5.1.</summary>
    internal bool HasShim6Context { get; set; }

    /// <summary>
    /// Whether the pseudo-header may hold other addresses than the IP header's, so that the packet cannot be turned around or summed by
    /// these.
    /// </summary>
    internal readonly bool HasOtherAddresses => IsSourceRouted || HasHomeAddress || HasShim6Context;

    /// <summary>Whether the packet is a quotation in an ICMP error, so that its lengths may tell of more than is there.</summary>
    public bool IsQuoted { get; internal set; }

    /// <summary>The protocol or next header after the last IP header that was read.</summary>
    public IpProtocol NextProtocol { get; internal set; }

    /// <summary>Where the network header begins.</summary>
    public int NetworkOffset { get; internal set; }

    /// <summary>Where the IP payload begins, after any extension headers.</summary>
    public int TransportOffset { get; internal set; }

    /// <summary>Where the IP packet ends; link-layer padding may follow.</summary>
    public int NetworkEnd { get; internal set; }

    /// <summary>Where the transport's payload begins.</summary>
    public int PayloadOffset { get; internal set; }

    /// <summary>Where the transport's payload ends.</summary>
    public int PayloadEnd { get; internal set; }
}
