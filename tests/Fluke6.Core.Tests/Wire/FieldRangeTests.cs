using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

/// <summary>A value that a field has no room for is refused with words, and nothing of it is written: cut to the field's bits, it would be another.</summary>
public sealed class FieldRangeTests
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01");
    private static readonly Ipv4Address s_address = Ipv4Address.Parse("192.0.2.1");
    private static readonly Ipv6Address s_address6 = Ipv6Address.Parse("2001:db8::1");

    private static readonly Dictionary<string, (Func<byte[]> Frame, FrameEdit Edit)> s_setters = new()
    {
        ["DifferentiatedServices has 6 bits, so it is 0 to 63, not 64."] = (Tcp, frame => Ipv4(frame).DifferentiatedServices = 64),
        ["ExplicitCongestionNotification has 2 bits, so it is 0 to 3, not 4."] = (Tcp, frame => Ipv4(frame).ExplicitCongestionNotification = 4),
        ["FragmentOffset is a multiple of 8 from 0 to 65528, not 1481."] = (Tcp, frame => Ipv4(frame).FragmentOffset = 1481),
        ["FragmentOffset is a multiple of 8 from 0 to 65528, not 65536."] = (Tcp, frame => Ipv4(frame).FragmentOffset = 65536),
        ["FragmentOffset is a multiple of 8 from 0 to 65528, not -8."] = (Fragment, frame =>
        {
            Assert.True(frame.TryGetFragmentHeader(out FragmentHeader fragment));
            fragment.FragmentOffset = -8;
        }),
        ["FlowLabel has 20 bits, so it is 0 to 1048575, not 1048576."] = (Fragment, frame =>
        {
            Assert.True(frame.TryGetIpv6(out Ipv6Header ipv6));
            ipv6.FlowLabel = 1 << 20;
        }),
        ["ReservedBits has 3 bits, so it is 0 to 7, not 8."] = (Tcp, frame =>
        {
            Assert.True(frame.TryGetTcp(out TcpHeader tcp));
            tcp.ReservedBits = 8;
        }),
        ["Identifier has 12 bits, so it is 0 to 4095, not 5000."] = (Tagged, frame => Tag(frame).Identifier = 5000),
        ["Priority has 3 bits, so it is 0 to 7, not 8."] = (Tagged, frame => Tag(frame).Priority = 8),
        ["Label has 20 bits, so it is 0 to 1048575, not 1048576."] = (Labelled, frame => Label(frame).Label = 1 << 20),
        ["TrafficClass has 3 bits, so it is 0 to 7, not 255."] = (Labelled, frame => Label(frame).TrafficClass = 255),
        ["NetworkIdentifier has 24 bits, so it is 0 to 16777215, not 16777216."] = (Vxlan, frame =>
        {
            Assert.True(frame.TryGetVxlan(out VxlanHeader vxlan));
            vxlan.NetworkIdentifier = 1 << 24;
        }),
        ["DefaultRouterPreference has 2 bits, so it is 0 to 3, not 4."] = (Advertisement, frame =>
        {
            Assert.True(frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement));
            advertisement.DefaultRouterPreference = (RouterPreference)4;
        }),
        ["Opcode has 4 bits, so it is 0 to 15, not 16."] = (Dns, frame => Message(frame).Opcode = (DnsOpcode)16),
        ["Rcode has 4 bits, so it is 0 to 15, not 16."] = (Dns, frame => Message(frame).Rcode = (DnsRcode)16),
        ["Class has 15 bits, so it is 0 to 32767, not 32769."] = (Dns, frame =>
        {
            Assert.True(Message(frame).TryGetQuestion(out DnsQuestion question));
            question.Class = (DnsClass)0x8001;
        }),
    };

    private static readonly Dictionary<string, IHeaderFields> s_fields = new()
    {
        ["DifferentiatedServices"] = new Ipv4Fields(s_address, s_address) { DifferentiatedServices = 64 },
        ["ExplicitCongestionNotification"] = new Ipv4Fields(s_address, s_address) { ExplicitCongestionNotification = 4 },
        ["FragmentOffset of IPv4"] = new Ipv4Fields(s_address, s_address) { FragmentOffset = 4 },
        ["FragmentOffset of IPv6"] = new FragmentFields(1) { FragmentOffset = 65536 },
        ["FlowLabel"] = new Ipv6Fields(s_address6, s_address6) { FlowLabel = 1 << 20 },
        ["Identifier"] = new VlanTagFields(4096),
        ["Priority"] = new VlanTagFields(1) { Priority = 8 },
        ["Label"] = new MplsLabelFields(1 << 20),
        ["TrafficClass"] = new MplsLabelFields(1) { TrafficClass = 8 },
        ["NetworkIdentifier of VXLAN"] = new VxlanFields(1 << 24),
        ["NetworkIdentifier of GENEVE"] = new GeneveFields(1 << 24),
        ["TransactionId"] = new Dhcpv6Fields(Dhcpv6MessageType.Solicit, 1 << 24),
        ["DefaultRouterPreference"] = new RouterAdvertisementFields { DefaultRouterPreference = (RouterPreference)4 },
        ["Preference"] = new RouteInformationFields(Ipv6Prefix.Parse("2001:db8::/32")) { Preference = (RouterPreference)4 },
    };

    public static TheoryData<string> Setters => [.. s_setters.Keys];

    public static TheoryData<string> Fields => [.. s_fields.Keys];

    [Theory]
    [MemberData(nameof(Setters))]
    public void SetterRefusesWhatTheFieldCannotHold(string words)
    {
        (Func<byte[]> made, FrameEdit edit) = s_setters[words];
        byte[] octets = made();
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        buffer.BeginRule();
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => edit(new Frame(buffer)));
        Assert.StartsWith(words, refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(Convert.ToHexString(octets), Convert.ToHexString(buffer.Octets));
        Assert.False(buffer.Edited);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void WriterRefusesWhatTheFieldCannotHold(string field)
    {
        IHeaderFields fields = s_fields[field];
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => fields.Write(new byte[fields.Length]));
        Assert.StartsWith(field.Split(' ')[0] + (field.StartsWith("FragmentOffset", StringComparison.Ordinal) ? " is a multiple" : " has "), refusal.Message);
    }

    private static byte[] Tcp() => Packet.Ethernet(s_mac).Ipv4(s_address, s_address).Tcp(1, 2, TcpFlags.Syn).ToArray();

    private static byte[] Tagged() => Packet.Ethernet(s_mac).Vlan(5).Ipv4(s_address, s_address).Tcp(1, 2, TcpFlags.Syn).ToArray();

    private static byte[] Labelled() => Packet.Ethernet(s_mac).Mpls(5).Ipv4(s_address, s_address).Tcp(1, 2, TcpFlags.Syn).ToArray();

    private static byte[] Fragment() => Packet.Ethernet(s_mac).Ipv6(s_address6, s_address6).Fragment(new FragmentFields(1)).Udp(1, 2).ToArray();

    private static byte[] Vxlan() => Packet.Ethernet(s_mac).Ipv4(s_address, s_address).Udp(1, 4789).Vxlan(7).Ethernet(s_mac).ToArray();

    private static byte[] Advertisement() => Packet.Ethernet(s_mac).Ipv6(s_address6, Ipv6Address.AllNodes).RouterAdvertisement(new RouterAdvertisementFields()).ToArray();

    private static byte[] Dns() => Packet.Ethernet(s_mac).Ipv4(s_address, s_address).Udp(1, 53)
        .Payload(Convert.FromHexString("000701000001000000000000" + "0361626300" + "00010001")).ToArray();

    private static Ipv4Header Ipv4(Frame frame)
    {
        Assert.True(frame.TryGetIpv4(out Ipv4Header ipv4));
        return ipv4;
    }

    private static VlanTag Tag(Frame frame)
    {
        Assert.True(frame.TryGetVlanTag(out VlanTag tag));
        return tag;
    }

    private static MplsLabel Label(Frame frame)
    {
        Assert.True(frame.TryGetMplsLabel(out MplsLabel label));
        return label;
    }

    private static DnsMessage Message(Frame frame)
    {
        Assert.True(frame.TryGetDns(out DnsMessage message));
        return message;
    }

    private delegate void FrameEdit(Frame frame);
}
