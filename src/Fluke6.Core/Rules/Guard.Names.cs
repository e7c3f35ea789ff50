using Fluke6.Wire;

namespace Fluke6.Rules;

// The guards by name.
public abstract partial class Guard
{
    /// <summary>No frame: for a rule that only sends, by timers.</summary>
    public static Guard Never { get; } = new NamedGuard(GuardKind.Never, nameof(Never));

    /// <summary>SYNs and SYN,ACKs. RFC 9293 §3.1.</summary>
    public static Guard TcpSyn { get; } = new NamedGuard(GuardKind.TcpFlags, nameof(TcpSyn), (ulong)Wire.TcpFlags.Syn);

    /// <summary>ARP. RFC 826.</summary>
    public static Guard Arp { get; } = EtherType(Wire.EtherType.Arp, nameof(Arp));

    /// <summary>IPv4. RFC 791.</summary>
    public static Guard Ipv4 { get; } = EtherType(Wire.EtherType.Ipv4, nameof(Ipv4));

    /// <summary>IPv6. RFC 8200.</summary>
    public static Guard Ipv6 { get; } = EtherType(Wire.EtherType.Ipv6, nameof(Ipv6));

    /// <summary>Frames with a VLAN tag.</summary>
    public static Guard VlanTag { get; } = new NamedGuard(GuardKind.VlanTag, nameof(VlanTag));

    /// <summary>Fragments, the first one included; an atomic fragment (RFC 6946) is none. RFC 791 §3.2, RFC 8200 §4.5.</summary>
    public static Guard Fragment { get; } = new NamedGuard(GuardKind.Fragment, nameof(Fragment));

    /// <summary>IPv6 packets with an extension header. RFC 8200 §4.</summary>
    public static Guard ExtensionHeader { get; } = new NamedGuard(GuardKind.ExtensionHeader, nameof(ExtensionHeader));

    /// <summary>The packets that <c>frame.TryGetTeredo</c> may find: UDP over IPv4, with a server's port or an IPv6 packet in it. RFC 4380 §5.1.1.</summary>
    public static Guard Teredo { get; } = new NamedGuard(GuardKind.Teredo, nameof(Teredo));

    /// <summary>
    /// Frames that carry another, as <c>frame.TryGetInner</c> opens it: tunnels, and ICMP errors, which quote a packet. What that one holds no guard
    /// looks at. Of UDP, every datagram is looked into.
    /// </summary>
    public static Guard Inner { get; } = new NamedGuard(GuardKind.Inner, nameof(Inner));

    /// <summary>Frames that arrive on a port.</summary>
    /// <exception cref="ArgumentException">There is no such port.</exception>
    public static Guard From(Side side) => new NamedGuard(GuardKind.From, $"{nameof(From)}({nameof(Side)}.{side.Checked()})", (ulong)side);

    /// <summary>Frames of a type, behind any VLAN tags.</summary>
    public static Guard EtherType(EtherType type) => EtherType(type, $"{nameof(EtherType)}(0x{(ushort)type:x4})");

    /// <summary>IP packets of a protocol, behind any IPv6 extension headers; all fragments.</summary>
    /// <exception cref="ArgumentException">It is an extension header, such as Fragment or Routing.</exception>
    public static Guard Protocol(IpProtocol protocol) => Ipv6ExtensionHeader.IsExtension(protocol)
        ? throw new ArgumentException($"{protocol} is an extension header, which another protocol follows; ask for {nameof(ExtensionHeader)}, or {nameof(Fragment)}")
        : Protocol(protocol, $"{nameof(Protocol)}({protocol})");

    /// <summary>TCP, all fragments included.</summary>
    public static Guard Tcp() => Protocol(IpProtocol.Tcp, $"{nameof(Tcp)}()");

    /// <summary>TCP from or to a port.</summary>
    public static Guard Tcp(ushort port) => Port(IpProtocol.Tcp, port, nameof(Tcp));

    /// <summary>TCP from or to one of some ports.</summary>
    public static Guard Tcp(params ReadOnlySpan<ushort> ports) => AnyOf(ports, Tcp);

    /// <summary>TCP segments with one of some flags.</summary>
    public static Guard TcpFlags(TcpFlags flags) =>
        new NamedGuard(GuardKind.TcpFlags, $"{nameof(TcpFlags)}({flags})", (ulong)(flags & Wire.TcpFlags.All));

    /// <summary>UDP, all fragments included.</summary>
    public static Guard Udp() => Protocol(IpProtocol.Udp, $"{nameof(Udp)}()");

    /// <summary>UDP from or to a port.</summary>
    public static Guard Udp(ushort port) => Port(IpProtocol.Udp, port, nameof(Udp));

    /// <summary>UDP from or to one of some ports.</summary>
    public static Guard Udp(params ReadOnlySpan<ushort> ports) => AnyOf(ports, Udp);

    /// <summary>ICMP over IPv4, all fragments included. RFC 792.</summary>
    public static Guard Icmpv4() => Ipv4 & Protocol(IpProtocol.Icmpv4);

    /// <summary>ICMP messages over IPv4 of a type. RFC 792.</summary>
    public static Guard Icmpv4(Icmpv4Type type) => Icmp(IpProtocol.Icmpv4, (byte)type, $"{nameof(Icmpv4)}({type})");

    /// <summary>ICMP messages over IPv4 of some types. RFC 792.</summary>
    public static Guard Icmpv4(params ReadOnlySpan<Icmpv4Type> types) => AnyOf(types, Icmpv4);

    /// <summary>ICMPv6, all fragments included. RFC 4443.</summary>
    public static Guard Icmpv6() => Ipv6 & Protocol(IpProtocol.Icmpv6);

    /// <summary>ICMPv6 messages of a type, such as <see cref="Icmpv6Type.RouterAdvertisement"/>. RFC 4443 §2.1, RFC 4861 §4.</summary>
    public static Guard Icmpv6(Icmpv6Type type) => Icmp(IpProtocol.Icmpv6, (byte)type, $"{nameof(Icmpv6)}({type})");

    /// <summary>ICMPv6 messages of some types. RFC 4443 §2.1, RFC 4861 §4.</summary>
    public static Guard Icmpv6(params ReadOnlySpan<Icmpv6Type> types) => AnyOf(types, Icmpv6);

    /// <summary>IPv4 packets from or to a prefix. Of ARP, no packet is: add <c>| Guard.Arp</c>.</summary>
    public static Guard Address(Ipv4Prefix prefix)
    {
        uint mask = prefix.Length == 0 ? 0 : uint.MaxValue << (32 - prefix.Length);
        return new NamedGuard(GuardKind.Ipv4Address, $"{nameof(Address)}({prefix})", prefix.Address.Value, mask);
    }

    /// <summary>IPv6 packets from or to a prefix.</summary>
    public static Guard Address(Ipv6Prefix prefix)
    {
        Ipv6Address address = prefix.Address, mask = new Ipv6Prefix(new Ipv6Address(ulong.MaxValue, ulong.MaxValue), prefix.Length).Address;
        return new NamedGuard(
            GuardKind.Ipv6Address, $"{nameof(Address)}({prefix})", address.NetworkPrefix, address.InterfaceIdentifier, mask.NetworkPrefix, mask.InterfaceIdentifier);
    }

    /// <summary>IPv4 packets from or to one of some addresses.</summary>
    public static Guard Address(params ReadOnlySpan<Ipv4Address> addresses) => AnyOf(addresses, address => Address(new Ipv4Prefix(address, 32)));

    /// <summary>IPv6 packets from or to one of some addresses.</summary>
    public static Guard Address(params ReadOnlySpan<Ipv6Address> addresses) => AnyOf(addresses, address => Address(new Ipv6Prefix(address, 128)));

    private static NamedGuard EtherType(EtherType type, string text) => new(GuardKind.EtherType, text, (ulong)type);

    private static NamedGuard Protocol(IpProtocol protocol, string text) => new(GuardKind.Protocol, text, (ulong)protocol);

    private static NamedGuard Port(IpProtocol protocol, ushort port, string name) => new(GuardKind.Port, $"{name}({port})", (ulong)protocol, port);

    private static NamedGuard Icmp(IpProtocol protocol, byte type, string text) => new(GuardKind.Icmp, text, (ulong)protocol, type);
}
