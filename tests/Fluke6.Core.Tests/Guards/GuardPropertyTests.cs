using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Testing.Packets;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Guards;

/// <summary>
/// A guard is never narrower than the views that a rule would use, and wider only where a header is not there to be read; and its machine code
/// does what its parts say.
/// </summary>
public sealed class GuardPropertyTests
{
    private const int Frames = 15_000;

    // As a rule without a guard would ask.
    private delegate bool View(Frame frame);

    private static readonly Ipv4Prefix s_prefix4 = Ipv4Prefix.Parse("192.0.2.0/30");
    private static readonly Ipv6Prefix s_prefix6 = Ipv6Prefix.Parse("2001:db8::/125");

    private static readonly Dictionary<string, (Guard Guard, View View)> s_views = new()
    {
        ["TcpSyn"] = (Guard.TcpSyn, frame => frame.TryGetTcp(out TcpHeader tcp) && tcp.Syn),
        ["TcpFlags"] = (Guard.TcpFlags(TcpFlags.Ae | TcpFlags.Urg), frame => frame.TryGetTcp(out TcpHeader tcp) && (tcp.Flags & (TcpFlags.Ae | TcpFlags.Urg)) != 0),
        ["Tcp"] = (Guard.Tcp(), frame => frame.TryGetTcp(out _)),
        ["Tcp(80)"] = (Guard.Tcp(80), frame => frame.TryGetTcp(out _) && HasPort(frame, 80)),
        ["Udp"] = (Guard.Udp(), frame => frame.TryGetUdp(out _)),
        ["Dns"] = (Guard.Udp(53, 5353), frame => frame.TryGetDns(out _) || frame.TryGetDns(5353, out _)),
        ["Ports"] = (Guard.Tcp(443) | Guard.Udp(443), frame => HasPort(frame, 443)),
        ["Icmpv4"] = (Guard.Icmpv4(), frame => frame.TryGetIcmpv4(out _)),
        ["Icmpv4(Echo)"] = (Guard.Icmpv4(Icmpv4Type.Echo), frame => frame.TryGetIcmpv4(out Icmpv4Header icmp) && icmp.Type == Icmpv4Type.Echo),
        ["Icmpv6"] = (Guard.Icmpv6(), frame => frame.TryGetIcmpv6(out _)),
        ["RouterAdvertisement"] = (Guard.Icmpv6(Icmpv6Type.RouterAdvertisement), frame => frame.TryGetRouterAdvertisement(out _)),
        ["Neighbors"] = (Guard.Icmpv6(Icmpv6Type.NeighborSolicitation, Icmpv6Type.NeighborAdvertisement),
            frame => frame.TryGetNeighborSolicitation(out _) || frame.TryGetNeighborAdvertisement(out _)),
        ["Arp"] = (Guard.Arp, frame => frame.TryGetArp(out _)),
        ["Ipv4"] = (Guard.Ipv4, frame => frame.TryGetIpv4(out _)),
        ["Ipv6"] = (Guard.Ipv6, frame => frame.TryGetIpv6(out _)),
        ["VlanTag"] = (Guard.VlanTag, frame => frame.TryGetVlanTag(out _)),
        ["Fragment"] = (Guard.Fragment, frame => frame.Layers.IsFragment),
        ["ExtensionHeader"] = (Guard.ExtensionHeader, frame => frame.TryGetHopByHopOptions(out _) || frame.TryGetDestinationOptions(out _)
            || frame.TryGetRoutingHeader(out _) || frame.TryGetFragmentHeader(out _)),
        ["Teredo"] = (Guard.Teredo, frame => frame.TryGetTeredo(out _)),
        ["Inner"] = (Guard.Inner, frame => frame.TryGetInner(out _)),
        ["Gre"] = (Guard.Protocol(IpProtocol.Gre), frame => frame.TryGetGre(out _)),
        ["Address4"] = (Guard.Address(s_prefix4),
            frame => frame.TryGetIpv4(out Ipv4Header ip) && (s_prefix4.Contains(ip.Source) || s_prefix4.Contains(ip.Destination))),
        ["Address6"] = (Guard.Address(s_prefix6),
            frame => frame.TryGetIpv6(out Ipv6Header ip) && (s_prefix6.Contains(ip.Source) || s_prefix6.Contains(ip.Destination))),
    };

    // Where these are wider, that is what they are for: all that claims to be of the kind, headers that no view reads, what may be Teredo.
    private static readonly string[] s_wider = ["Arp", "Ipv4", "Ipv6", "ExtensionHeader", "Teredo", "Inner", "Gre", "Dns", "RouterAdvertisement", "Neighbors", "VlanTag", "Tcp", "Udp", "Icmpv4", "Icmpv6"];

    private readonly Dictionary<(Guard, bool), GuardCheck> _checks = [];

    public static TheoryData<string> Named => [.. s_views.Keys];

    [Theory]
    [MemberData(nameof(Named))]
    public void HoldsForWhatTheViewShowsAndItsComplementForTheRest(string name)
    {
        (Guard guard, View view) = s_views[name];
        GuardCheck check = GuardCode.Compile(guard), complement = GuardCode.Compile(!guard);
        var corpus = new GuardCorpus(21);
        var buffer = new FrameBuffer(new FrameUndo());
        int shown = 0, held = 0, unknown = 0;
        for (int i = 0; i < Frames; i++)
        {
            byte[] octets = corpus.Frame();
            (int link, LinkType type) = i % 4 == 0 && octets.Length >= 14 ? (14, LinkType.RawIp) : (0, LinkType.Ethernet);
            buffer.Load(octets.AsSpan(link), type, Side.Left);
            bool isShown = view(new Frame(buffer)), holds = check(buffer), failsToo = complement(buffer);
            Assert.True(holds || failsToo, $"neither holds: {Convert.ToHexString(octets)}");
            Assert.True(holds || !isShown, $"narrower than the view: {Convert.ToHexString(octets)}");
            Assert.True(isShown || failsToo || s_wider.Contains(name), $"the complement is narrower: {Convert.ToHexString(octets)}");
            LayerStop stop = buffer.Layers.StoppedAt;
            bool isUnread = holds && failsToo;
            Assert.True(!isUnread || !buffer.Layers.AreUnderstood || stop == LayerStop.LaterFragment, $"unknown, though all was read: {Convert.ToHexString(octets)}");
            Assert.True(isShown == holds || isUnread || s_wider.Contains(name), $"wider than the view: {Convert.ToHexString(octets)}");
            (shown, held, unknown) = (shown + (isShown ? 1 : 0), held + (holds ? 1 : 0), unknown + (isUnread ? 1 : 0));
        }

        Assert.True(shown > 20 && held < Frames, $"{shown} shown, {held} held, {unknown} unknown");
    }

    [Fact]
    public void CodeOfManyPartsDoesWhatThesePartsDo()
    {
        var corpus = new GuardCorpus(22);
        var buffer = new FrameBuffer(new FrameUndo());
        for (int i = 0; i < 500; i++)
        {
            Guard guard = corpus.Guard(4);
            GuardCheck check = GuardCode.Compile(guard);
            for (int j = 0; j < 100; j++)
            {
                buffer.Load(corpus.Frame(), LinkType.Ethernet, j % 2 == 0 ? Side.Left : Side.Right);
                // Before its headers were read and after: there is code for each.
                bool before = check(buffer), holds = Holds(guard, true, buffer), after = check(buffer);
                Assert.True((before, after) == (holds, holds), $"{guard}: {Convert.ToHexString(buffer.Octets)}");
            }
        }
    }

    private bool Holds(Guard guard, bool isWanted, FrameBuffer buffer) => guard switch
    {
        GuardComplement complement => Holds(complement.Guard, !isWanted, buffer),
        GuardPair pair when pair.IsBoth == isWanted => Holds(pair.Left, isWanted, buffer) && Holds(pair.Right, isWanted, buffer),
        GuardPair pair => Holds(pair.Left, isWanted, buffer) || Holds(pair.Right, isWanted, buffer),
        _ => Check(guard, isWanted)(buffer),
    };

    private GuardCheck Check(Guard named, bool isWanted)
    {
        if (!_checks.TryGetValue((named, isWanted), out GuardCheck? check))
            _checks[(named, isWanted)] = check = GuardCode.Compile(isWanted ? named : !named);
        return check;
    }

    private static bool HasPort(Frame frame, ushort port) => frame.TryGetPorts(out TransportPorts ports) && (ports.Source == port || ports.Destination == port);
}
