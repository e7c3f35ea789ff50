using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Flows;

/// <summary>
/// What neighbour discovery said on the link: routers and prefixes as advertised and as delivered, addresses that were asked for, and who
/// answered. Bounded. The bridge's thread alone writes; the lists are copies, to be had from any thread.
/// </summary>
internal sealed class NeighborLedger
{
    private const int MaxRouters = 64, MaxPrefixes = 256, MaxNeighbors = 1024;
    private readonly SightingTable<Ipv6Address, RouterSighting> _routers = new(MaxRouters);
    private readonly SightingTable<(Ipv6Address, Ipv6Prefix), PrefixSighting> _prefixes = new(MaxPrefixes);
    private readonly SightingTable<Ipv6Address, NeighborSighting> _neighbors = new(MaxNeighbors);
    private long _now;

    /// <summary>The routers that were advertised.</summary>
    public IReadOnlyList<RouterSighting> Routers => _routers.Read();

    /// <summary>The prefixes that were advertised.</summary>
    public IReadOnlyList<PrefixSighting> Prefixes => _prefixes.Read();

    /// <summary>The addresses that were asked for or advertised.</summary>
    public IReadOnlyList<NeighborSighting> Neighbors => _neighbors.Read();

    /// <summary>Whether rules only take back what they did, since the bridge stops.</summary>
    internal bool IsEnding { get; set; }

    /// <summary>Whether an ICMPv6 message is one of neighbour discovery. RFC 4861 §4.</summary>
    internal static bool Concerns(byte type) => type is >= (byte)Icmpv6Type.RouterSolicitation and <= (byte)Icmpv6Type.Redirect;

    /// <summary>Notes a message that arrived, and what became of it.</summary>
    /// <param name="message">The message as it arrived, from its ICMPv6 type on.</param>
    /// <param name="source">The IPv6 source that it arrived with.</param>
    /// <param name="frame">The frame as it leaves.</param>
    /// <param name="verdict">Whether and where it leaves.</param>
    /// <param name="now">UTC ticks.</param>
    internal void Passed(Span<byte> message, Ipv6Address source, FrameBuffer frame, Verdict verdict, long now)
    {
        _now = now;
        if (RouterAdvertisement.TryRead(message, out RouterAdvertisement router))
            Advertised(router, source, frame.From, delivered: false, byRule: false);
        else if (NeighborSolicitation.TryRead(message, out NeighborSolicitation solicitation))
            Solicited(solicitation, source);
        else if (NeighborAdvertisement.TryRead(message, out NeighborAdvertisement neighbor))
            Answered(neighbor, byRule: false);

        if (verdict is Verdict.Continue or Verdict.Accept)
            Delivered(frame, byRule: false);
        else if (verdict == Verdict.Reflect)
            Delivered(frame, byRule: true);
    }

    /// <summary>Notes a frame that a rule sent.</summary>
    internal void Sent(FrameBuffer frame, long now)
    {
        _now = now;
        Delivered(frame, byRule: true);
    }

    private void Delivered(FrameBuffer buffer, bool byRule)
    {
        var frame = new Frame(buffer);
        if (!frame.TryGetIpv6(out Ipv6Header ipv6))
            return;

        if (frame.TryGetRouterAdvertisement(out RouterAdvertisement router))
        {
            Advertised(router, ipv6.Source, buffer.From, delivered: true, byRule);
        }
        else if (frame.TryGetNeighborAdvertisement(out NeighborAdvertisement neighbor))
        {
            if (byRule)
            {
                Answered(neighbor, byRule: true);
                return;
            }

            Neighbor(neighbor.Target).AnswersDelivered++;
            _neighbors.EndWrite();
        }
    }

    private void Advertised(RouterAdvertisement message, Ipv6Address source, Side side, bool delivered, bool byRule)
    {
        var fields = new RouterFields
        {
            IsPresent = true,
            HopLimit = message.CurrentHopLimit,
            Managed = message.Managed,
            OtherConfiguration = message.OtherConfiguration,
            RouterLifetime = message.RouterLifetime,
            Mtu = message.Options.TryGetMtu(out MtuOption mtu) ? mtu.Mtu : 0,
        };

        ref RouterSighting router = ref _routers.BeginWrite(source, _now, out _);
        router.Router = source;
        router.Side = side;
        router.LastSeen = new DateTime(_now, DateTimeKind.Utc);
        if (message.Options.TryGetLinkLayerAddress(out LinkLayerAddressOption link))
            router.Mac = link.Address;
        if (delivered)
            router.Delivered = fields;
        else
            router.Offered = fields;
        _routers.EndWrite();

        foreach (NeighborDiscoveryOption option in message.Options)
        {
            if (option.TryGetPrefixInformation(out PrefixInformation prefix))
                Advertised(prefix, source, delivered, byRule);
        }
    }

    private void Advertised(PrefixInformation option, Ipv6Address source, bool delivered, bool byRule)
    {
        Ipv6Prefix prefix = option.Prefix;
        ref PrefixSighting sighting = ref _prefixes.BeginWrite((source, prefix), _now, out _);
        sighting.Router = source;
        sighting.Prefix = prefix;
        sighting.OnLink = option.OnLink;
        sighting.Autonomous = option.Autonomous;
        sighting.ValidLifetime = option.ValidLifetime;
        sighting.PreferredLifetime = option.PreferredLifetime;
        sighting.LastSeen = new DateTime(_now, DateTimeKind.Utc);
        if (byRule)
        {
            sighting.SentByRule++;
            sighting.IsSentOn |= !IsEnding;
        }
        else if (delivered)
        {
            sighting.Delivered++;
        }
        else
        {
            sighting.Offered++;
        }

        _prefixes.EndWrite();
    }

    private void Solicited(NeighborSolicitation message, Ipv6Address source)
    {
        ref NeighborSighting target = ref Neighbor(message.Target);
        target.Solicitations++;
        if (source.IsUnspecified)
            target.DuplicateProbes++;
        _neighbors.EndWrite();

        if (source.IsUnspecified || !message.Options.TryGetLinkLayerAddress(out LinkLayerAddressOption link))
            return;

        Neighbor(source).Mac = link.Address;
        _neighbors.EndWrite();
    }

    private void Answered(NeighborAdvertisement message, bool byRule)
    {
        MacAddress mac = message.Options.TryGetLinkLayerAddress(out LinkLayerAddressOption link) ? link.Address : default;
        ref NeighborSighting target = ref Neighbor(message.Target);
        if (byRule)
        {
            target.AnswersByRule++;
            target.MacByRule = mac;
        }
        else
        {
            target.AnswersByHost++;
            target.Mac = mac;
        }

        _neighbors.EndWrite();
    }

    private ref NeighborSighting Neighbor(Ipv6Address address)
    {
        ref NeighborSighting sighting = ref _neighbors.BeginWrite(address, _now, out _);
        sighting.Address = address;
        sighting.LastSeen = new DateTime(_now, DateTimeKind.Utc);
        return ref sighting;
    }
}
