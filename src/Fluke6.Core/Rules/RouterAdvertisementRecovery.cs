using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Rules;

/// <summary>Sends a frame out of a port: what a rule's <c>Send</c> does.</summary>
public delegate void FrameSender(Side side, ReadOnlySpan<byte> octets);

/// <summary>
/// Routers' advertisements and what a rule made of them, for hosts to recover when the rule ends: what they were given and the router does
/// not advertise is withdrawn, then the router's own advertisement is in force again. Belongs to one rule. Allocates nothing once it
/// remembers <see cref="Capacity"/> advertisements.
/// </summary>
public sealed class RouterAdvertisementRecovery
{
    /// <summary>How many different advertisements are remembered, a trunk's worth; the one that was not seen for longest gives way.</summary>
    public const int Capacity = 64;

    // An advertisement is never fragmented (RFC 6980 §2), so the link's MTU bounds it; longer ones are not remembered.
    private const int MaxLength = 2048;

    private readonly List<Advertisement> _advertisements = [];

    /// <summary>
    /// Remembers a router advertisement as the rule found it and as it is now: to be called when the rule is through with it. Other frames are
    /// passed over, and so are advertisements that hosts discard, as most forged ones, and routers that the rule never changed one of.
    /// </summary>
    public void Remember(ref readonly Frame frame)
    {
        if (!frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement)
            || !TryReadRouter(frame.Buffer.Outermost.FoundOctets, frame, out Router router)
            || frame.Buffer != frame.Buffer.Outermost || frame.Length > MaxLength || !HostsAccept(frame, advertisement))
        {
            return;
        }

        int index = IndexOf(router, frame);
        if (index < 0 && !frame.Buffer.Edited)
            return;

        Advertisement entry = index >= 0 ? _advertisements[index] : EntryFor(router, frame.LinkType);
        // Last seen, last in the list.
        _advertisements.Remove(entry);
        _advertisements.Add(entry);
        entry.FoundLength = frame.Buffer.Outermost.CopyFound(entry.Found);
        if (!frame.Buffer.Edited)
            return;

        TryReadRouter(frame.Octets, frame, out Router alleged);
        (entry.Alleged, entry.Mtu) = (alleged, frame.Mtu);
        frame.Octets.CopyTo(entry.Given);
        PartialChecksum.Complete(entry.Given.AsSpan(0, frame.Length), frame.LinkType, frame.Buffer.Offload);
        entry.GivenLength = frame.Length;
    }

    /// <summary>
    /// Sends to all nodes where the advertisements went: first, what the rule gave and the router does not, with lifetimes of 0, then the
    /// router's own last advertisement. Everything is forgotten then.
    /// </summary>
    /// <remarks>
    /// RFC 4862 §5.5.3: an address from a prefix whose lifetimes are 0 is deprecated at once and, as anybody could send that, valid for
    /// another two hours at most. Sent by a rule that ends alone, both run through the rules behind it: see
    /// <see cref="RuleContext.AtExit"/>. RFC 8106 §5.1, RFC 4191 §2.3, RFC 8781 §5, RFC 9463 §6.1: name servers, routes, NAT64 prefixes
    /// and resolvers with lifetime 0 are used no more. A hop limit, timer or MTU that the router leaves unspecified goes back to its
    /// default first. A captive portal (RFC 8910) has no lifetime and cannot be withdrawn.
    /// </remarks>
    public void Send(FrameSender send)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        foreach (Advertisement given in _advertisements)
        {
            Advertisement last = LastOf(given);
            buffer.Load(given.Given.AsSpan(0, given.GivenLength), given.LinkType, given.Router.From, given.Mtu);
            var frame = new Frame(buffer);
            if (Address(frame) && Withdraw(frame, last, given.Alleged != given.Router))
                send(given.Router.From.Opposite(), frame.Octets);
        }

        foreach (Advertisement own in _advertisements)
        {
            buffer.Load(own.Found.AsSpan(0, own.FoundLength), own.LinkType, own.Router.From);
            var frame = new Frame(buffer);
            if (LastOf(own) == own && Address(frame))
                send(own.Router.From.Opposite(), frame.Octets);
        }

        _advertisements.Clear();
    }

    /// <summary>Whether hosts take the advertisement: RFC 4861 §6.1.2, and RFC 6980 §5 for fragments.</summary>
    private static bool HostsAccept(Frame frame, RouterAdvertisement advertisement) =>
        frame.TryGetIpv6(out Ipv6Header ipv6) && ipv6.HopLimit == byte.MaxValue && ipv6.Source.IsLinkLocal
        && !frame.TryGetFragmentHeader(out _) && !frame.Layers.IsSourceRouted
        && !advertisement.Options.IsMalformed && TransportChecksum.IsRight(in frame);

    // The advertisement may have been the answer to one host's solicitation.
    private static bool Address(Frame frame)
    {
        if (!frame.TryGetIpv6(out Ipv6Header ipv6))
            return false;

        ipv6.Destination = Ipv6Address.AllNodes;
        if (frame.TryGetEthernet(out EthernetHeader ethernet))
            ethernet.Destination = MacAddress.ForMulticast(Ipv6Address.AllNodes);
        return true;
    }

    /// <summary>Ends what the router does not advertise itself.</summary>
    /// <param name="frame">What the rule gave.</param>
    /// <param name="own">The router's own last advertisement.</param>
    /// <param name="isAlleged">Whether hosts were told that it is of another router, or told so on another VLAN: then all of it ends.</param>
    /// <returns>Whether there was any.</returns>
    private static bool Withdraw(Frame frame, Advertisement own, bool isAlleged)
    {
        if (!frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement)
            || !TryRead(own.Found.AsSpan(0, own.FoundLength), own, out RouterAdvertisement found))
        {
            return false;
        }

        bool any = false;
        foreach (NeighborDiscoveryOption option in advertisement.Options)
            any |= (isAlleged || !LastingOption.Contains(found.Options, option)) && LastingOption.Withdraw(option);
        // RFC 4861 §6.3.4: a router with lifetime 0 is nobody's default.
        if (isAlleged && advertisement.RouterLifetime != 0)
            (advertisement.RouterLifetime, any) = (0, true);

        return Unspecify(advertisement, found, frame.Mtu) || any;
    }

    /// <summary>
    /// Puts back to its default what the rule specified and the router does not, as hosts keep the last value told. RFC 4861 §6.3.4, §10.
    /// </summary>
    private static bool Unspecify(RouterAdvertisement given, RouterAdvertisement own, int mtu)
    {
        const byte DefaultHopLimit = 64;            // IANA "IP Time to Live Parameter"
        const uint ReachableTime = 30_000, RetransTimer = 1_000;

        bool any = false;
        if (given.CurrentHopLimit != 0 && own.CurrentHopLimit == 0)
            (given.CurrentHopLimit, any) = (DefaultHopLimit, true);
        if (given.ReachableTime != 0 && own.ReachableTime == 0)
            (given.ReachableTime, any) = (ReachableTime, true);
        if (given.RetransTimer != 0 && own.RetransTimer == 0)
            (given.RetransTimer, any) = (RetransTimer, true);
        if (given.Options.TryGetMtu(out MtuOption option) && !own.Options.TryGetMtu(out _))
            (option.Mtu, any) = ((uint)mtu, true);
        return any;
    }

    /// <summary>
    /// The advertisement that this one replaces: the last of this router and, if this one was edited, one that told hosts of nothing that
    /// this one does not.
    /// </summary>
    private int IndexOf(Router router, Frame frame)
    {
        for (int i = _advertisements.Count - 1; i >= 0; i--)
        {
            Advertisement entry = _advertisements[i];
            if (entry.Router == router && (!frame.Buffer.Edited || Covers(frame, entry)))
                return i;
        }

        return -1;
    }

    private static bool Covers(Frame frame, Advertisement entry)
    {
        if (!frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement)
            || !TryReadRouter(frame.Octets, frame, out Router alleged) || alleged != entry.Alleged
            || !TryRead(entry.Given.AsSpan(0, entry.GivenLength), entry, out RouterAdvertisement before))
        {
            return false;
        }

        foreach (NeighborDiscoveryOption option in before.Options)
        {
            if (LastingOption.Is(option) && !LastingOption.Contains(advertisement.Options, option))
                return false;
        }

        return true;
    }

    private static bool TryRead(Span<byte> octets, Advertisement entry, out RouterAdvertisement advertisement)
    {
        LayerWalk.Walk(octets, entry.LinkType, out Layers layers);
        advertisement = default;
        return layers.HasTransport && RouterAdvertisement.TryRead(octets[layers.TransportOffset..layers.PayloadEnd], out advertisement);
    }

    private Advertisement LastOf(Advertisement entry) =>
        _advertisements.FindLast(other => other.Router == entry.Router)!;

    /// <summary>An entry for another advertisement: a new one or, where there is no room for more, the oldest.</summary>
    private Advertisement EntryFor(Router router, LinkType linkType)
    {
        Advertisement entry = _advertisements.Count < Capacity ? new Advertisement() : _advertisements[0];
        (entry.Router, entry.LinkType) = (router, linkType);
        return entry;
    }

    /// <summary>The router that an advertisement says it is of. A rule may change that, too.</summary>
    /// <param name="octets">The frame, as the rule found it or as it is now.</param>
    /// <param name="frame">Where it comes from.</param>
    /// <param name="router">Who it is.</param>
    private static bool TryReadRouter(ReadOnlySpan<byte> octets, Frame frame, out Router router)
    {
        LayerWalk.Walk(octets, frame.LinkType, out Layers layers);
        router = default;
        if (layers.Network != EtherType.Ipv6)
            return false;

        ulong vlans = 0;
        for (int i = 0; i < layers.VlanTags; i++)
        {
            ushort control = ReadUInt16BigEndian(octets[(EthernetHeader.Length + (i * VlanTag.Length))..]);
            vlans |= (control & 0xFFFul) << (12 * i);
        }

        router = new Router(Ipv6Address.Read(octets[(layers.NetworkOffset + 8)..]), frame.From, vlans);
        return true;
    }

    /// <summary>A router: its address alone does not tell, for a router may be fe80::1 on every VLAN of a trunk.</summary>
    /// <param name="Address">Where its advertisements come from.</param>
    /// <param name="From">The port that they arrive on.</param>
    /// <param name="Vlans">The identifiers of their VLAN tags, 12 bits each, the outermost lowest; 0 as well where there is none.</param>
    private readonly record struct Router(Ipv6Address Address, Side From, ulong Vlans);

    private sealed class Advertisement
    {
        public Router Router { get; set; }

        /// <summary>The router that hosts were told of.</summary>
        public Router Alleged { get; set; }

        public LinkType LinkType { get; set; }

        public byte[] Found { get; } = new byte[MaxLength];

        public byte[] Given { get; } = new byte[MaxLength];

        public int FoundLength { get; set; }

        public int GivenLength { get; set; }

        /// <summary>The largest packet that the link takes, in octets.</summary>
        public int Mtu { get; set; }
    }
}
