using CsCheck;
using Fluke6.Wire;
using static Fluke6.Core.Tests.Wire.FieldGenerators;
using static Fluke6.Core.Tests.Wire.MessageGenerators;
using static Fluke6.Core.Tests.Wire.NeighborGenerators;

namespace Fluke6.Core.Tests.Wire;

/// <summary>What is written from fields is read back as the same fields, over whatever stood there, and touches nothing else.</summary>
public class RoundTripTests
{
    private const byte Filler = 0xA5;
    private const int Data = 48;

    [Fact]
    public void EthernetIsReadBack() => Check(AnyEthernet, octets => EthernetHeader.TryRead(octets, out var header) ? EthernetFields.Read(header) : default);

    [Fact]
    public void VlanTagIsReadBack() => Check(AnyVlanTag, octets => VlanTag.TryRead(octets, out var tag) ? VlanTagFields.Read(tag) : default);

    [Fact]
    public void ArpIsReadBack() => Check(AnyArp, octets => ArpPacket.TryRead(octets, out var arp) ? ArpFields.Read(arp) : default);

    [Fact]
    public void Ipv4IsReadBack() => Check(AnyIpv4, octets =>
    {
        Assert.True(Ipv4Header.TryRead(octets, out var header));
        Assert.Equal(octets.Length, header.TotalLength);
        Assert.Equal(0xFFFF, NaiveSum.Sum(octets.AsSpan(0, header.HeaderLength)));
        return Ipv4Fields.Read(header);
    });

    [Fact]
    public void Ipv6IsReadBack() => Check(AnyIpv6, octets =>
    {
        Assert.True(Ipv6Header.TryRead(octets, out var header));
        Assert.Equal(octets.Length - 40, header.PayloadLength);
        return Ipv6Fields.Read(header);
    });

    [Theory]
    [InlineData(IpProtocol.HopByHopOptions)]
    [InlineData(IpProtocol.DestinationOptions)]
    public void OptionsHeaderIsReadBack(IpProtocol kind) => Check(AnyOptionsHeader, octets =>
    {
        Assert.True(Ipv6ExtensionHeader.TryRead(octets, kind, out var header));
        Assert.True(header.TryGetOptions(out Ipv6Options options) && !options.IsMalformed);
        return OptionsHeaderFields.Read(header);
    });

    [Fact]
    public void RoutingHeaderIsReadBack() => Check(AnyRouting, octets =>
        Ipv6ExtensionHeader.TryRead(octets, IpProtocol.Routing, out var header) && header.TryGetRoutingHeader(out var routing)
            ? RoutingFields.Read(routing) : default);

    [Fact]
    public void FragmentHeaderIsReadBack() => Check(AnyFragment, octets =>
        Ipv6ExtensionHeader.TryRead(octets, IpProtocol.Fragment, out var header) && header.TryGetFragmentHeader(out var fragment)
            ? FragmentFields.Read(fragment) : default);

    [Fact]
    public void TcpIsReadBack() => Check(AnyTcp, octets => TcpHeader.TryRead(octets, out var header) ? TcpFields.Read(header) : default);

    [Fact]
    public void UdpIsReadBack() => Check(AnyUdp, octets =>
    {
        Assert.True(UdpHeader.TryRead(octets, out var header));
        Assert.Equal(octets.Length, header.DatagramLength);
        return UdpFields.Read(header);
    });

    [Fact]
    public void Icmpv4IsReadBack() => Check(AnyIcmpv4, octets =>
    {
        Assert.Equal(0xFFFF, NaiveSum.Sum(octets));
        return Icmpv4Header.TryRead(octets, out var header) ? Icmpv4Fields.Read(header) : default;
    });

    [Fact]
    public void Icmpv6IsReadBack() => Check(AnyIcmpv6, octets => Icmpv6Header.TryRead(octets, out var header) ? Icmpv6Fields.Read(header) : default);

    [Fact]
    public void GreIsReadBack() => Check(AnyGre, octets =>
    {
        Assert.True(GreHeader.TryRead(octets, out var header));
        Assert.True(!header.HasChecksum || NaiveSum.Sum(octets) == 0xFFFF);
        return GreFields.Read(header);
    });

    [Fact]
    public void VxlanIsReadBack() => Check(AnyVxlan, octets => VxlanHeader.TryRead(octets, out var header) ? VxlanFields.Read(header) : default);

    [Fact]
    public void GeneveIsReadBack() => Check(AnyGeneve, octets => GeneveHeader.TryRead(octets, out var header) ? GeneveFields.Read(header) : default);

    [Theory]
    [InlineData(3)]
    [InlineData(256)]
    public void GeneveOptionsThatItsLengthCannotSayAreRefused(int octets)
    {
        var fields = new GeneveFields(1) { Options = new byte[octets] };
        Assert.Throws<InvalidOperationException>(() => fields.Write(new byte[fields.Length]));
    }

    [Fact]
    public void MplsLabelIsReadBack() => Check(AnyMplsLabel, octets => MplsLabel.TryRead(octets, out var label) ? MplsLabelFields.Read(label) : default);

    [Fact]
    public void PppoeIsReadBack() => Check(AnyPppoe, octets =>
    {
        Assert.True(PppoeHeader.TryRead(octets, out var header));
        Assert.Equal(octets.Length - 6, header.PayloadLength);
        return PppoeFields.Read(header);
    });

    [Fact]
    public void TeredoIsReadBack() => AnyTeredo.Sample(fields =>
    {
        byte[] octets = new byte[fields.Length + Ipv6Header.Length];
        fields.Write(octets);
        new Ipv6Fields(default, default).Write(octets.AsSpan(fields.Length));
        Assert.True(TeredoPacket.TryRead(octets, out TeredoPacket packet));
        Assert.Equal(fields, TeredoFields.Read(packet));
    });

    [Fact]
    public void RouterSolicitationIsReadBack() => CheckMessage(
        AnyRouterSolicitation, octets => RouterSolicitation.TryRead(octets, out var message) ? RouterSolicitationFields.Read(message) : default);

    [Fact]
    public void RouterAdvertisementIsReadBack() => CheckMessage(
        AnyRouterAdvertisement, octets => RouterAdvertisement.TryRead(octets, out var message) ? RouterAdvertisementFields.Read(message) : default);

    [Fact]
    public void NeighborSolicitationIsReadBack() => CheckMessage(
        AnyNeighborSolicitation, octets => NeighborSolicitation.TryRead(octets, out var message) ? NeighborSolicitationFields.Read(message) : default);

    [Fact]
    public void NeighborAdvertisementIsReadBack() => CheckMessage(
        AnyNeighborAdvertisement, octets => NeighborAdvertisement.TryRead(octets, out var message) ? NeighborAdvertisementFields.Read(message) : default);

    [Fact]
    public void RedirectIsReadBack() => CheckMessage(
        AnyRedirect, octets => Redirect.TryRead(octets, out var message) ? RedirectFields.Read(message) : default);

    [Fact]
    public void MulticastListenerReportIsReadBack() => CheckMessage(
        AnyMulticastListenerReport,
        octets => MulticastListenerReport.TryRead(octets, out var message) ? MulticastListenerReportFields.Read(message) : default);

    [Fact]
    public void LinkLayerAddressIsReadBack() =>
        CheckOption(AnyLinkLayerAddress, option => option.TryGetLinkLayerAddress(out var found) ? LinkLayerAddressOptionFields.Read(found) : default);

    [Fact]
    public void PrefixInformationIsReadBack() =>
        CheckOption(AnyPrefixInformation, option => option.TryGetPrefixInformation(out var found) ? PrefixInformationFields.Read(found) : default);

    [Fact]
    public void MtuIsReadBack() => CheckOption(AnyMtu, option => option.TryGetMtu(out var found) ? MtuOptionFields.Read(found) : default);

    [Fact]
    public void RouteInformationIsReadBack() =>
        CheckOption(AnyRouteInformation, option => option.TryGetRouteInformation(out var found) ? RouteInformationFields.Read(found) : default);

    [Fact]
    public void RecursiveDnsServersAreReadBack() =>
        CheckOption(AnyRecursiveDnsServers, option => option.TryGetRecursiveDnsServers(out var found) ? RecursiveDnsServersFields.Read(found) : default);

    [Fact]
    public void DnsSearchListIsReadBack() =>
        CheckOption(AnyDnsSearchList, option => option.TryGetDnsSearchList(out var found) ? DnsSearchListFields.Read(found) : default);

    [Fact]
    public void Pref64IsReadBack() => CheckOption(AnyPref64, option => option.TryGetPref64(out var found) ? Pref64Fields.Read(found) : default);

    [Fact]
    public void RedirectedHeaderIsReadBack() =>
        CheckOption(AnyRedirectedHeader, option => option.TryGetRedirectedHeader(out var found) ? RedirectedHeaderFields.Read(found) : default);

    [Fact]
    public void EncryptedDnsIsReadBack() =>
        CheckOption(AnyEncryptedDns, option => option.TryGetEncryptedDns(out var found) ? EncryptedDnsFields.Read(found) : default);

    [Fact]
    public void AnyOptionIsReadBack() => CheckOption(AnyOption, NeighborDiscoveryOptionFields.Read);

    [Fact]
    public void Dhcpv4IsReadBack() =>
        CheckMessage(AnyDhcpv4, octets => Dhcpv4Message.TryRead(octets, out var message) && !message.IsMalformed ? Dhcpv4Fields.Read(message) : default);

    [Fact]
    public void Dhcpv6IsReadBack() =>
        CheckMessage(AnyDhcpv6, octets => Dhcpv6Message.TryRead(octets, out var message) && !message.IsMalformed ? Dhcpv6Fields.Read(message) : default);

    [Fact]
    public void Dhcpv6OfARelayIsReadBack() =>
        CheckMessage(AnyRelay, octets => Dhcpv6Message.TryRead(octets, out var message) && message.IsRelay ? Dhcpv6RelayFields.Read(message) : default);

    [Fact]
    public void Dhcpv6AssociationIsReadBack() => CheckDhcpv6Option(
        AnyAssociation, fields => fields, option => option.TryGetAssociation(out var found) ? Dhcpv6AssociationFields.Read(found) : default);

    [Fact]
    public void Dhcpv6AddressIsReadBack() => CheckDhcpv6Option(
        AnyAddress, fields => fields, option => option.TryGetAddress(out var found) ? Dhcpv6AddressFields.Read(found) : default);

    [Fact]
    public void Dhcpv6PrefixIsReadBack() => CheckDhcpv6Option(
        AnyPrefix, fields => fields, option => option.TryGetPrefix(out var found) ? Dhcpv6PrefixFields.Read(found) : default);

    [Fact]
    public void Dhcpv6DnsServersAreReadBack() => CheckDhcpv6Option(
        AnyDnsServers, fields => fields, option => option.TryGetDnsServers(out var found) ? Dhcpv6DnsServersFields.Read(found) : default);

    [Fact]
    public void Dhcpv6StatusIsReadBack() => CheckDhcpv6Option(
        AnyStatus, fields => fields, option => option.TryGetStatus(out var found) ? Dhcpv6StatusFields.Read(found) : default);

    [Fact]
    public void TlsClientHelloIsReadBack() => Check(AnyClientHello, octets => TlsClientHello.TryRead(octets, out var hello) && !hello.IsMalformed
        ? TlsClientHelloFields.Read(hello) : default);

    private delegate T OptionReader<T>(NeighborDiscoveryOption option);

    private delegate T Dhcpv6OptionReader<T>(Dhcpv6Option option);

    private static void CheckDhcpv6Option<T>(Gen<T> generator, Func<T, Dhcpv6OptionFields> write, Dhcpv6OptionReader<T> read)
        where T : IEquatable<T>
        => generator.Sample(fields =>
        {
            Dhcpv6OptionFields option = write(fields);
            var message = new Dhcpv6Fields(Dhcpv6MessageType.Reply) { Options = [option] };
            byte[] octets = Filled(message.Length);
            message.Write(octets);
            Assert.True(Dhcpv6Message.TryRead(octets, out Dhcpv6Message found) && !found.IsMalformed);
            Assert.True(found.Options.TryGet(option.Code, out Dhcpv6Option view));
            Assert.Equal(fields, read(view));
        });

    /// <summary>A header, with data after it.</summary>
    private static void Check<T>(Gen<T> generator, Func<byte[], T> read)
        where T : IHeaderFields, IEquatable<T>
        => generator.Sample(fields =>
        {
            byte[] octets = Filled(fields.Length + Data);
            fields.Write(octets);
            Assert.False(octets.AsSpan(fields.Length).ContainsAnyExcept(Filler));
            Assert.Equal(fields, read(octets));
        });

    /// <summary>A message, which options may follow.</summary>
    private static void CheckMessage<T>(Gen<T> generator, Func<byte[], T> read)
        where T : IHeaderFields, IEquatable<T>
        => generator.Sample(fields =>
        {
            byte[] octets = Filled(fields.Length);
            fields.Write(octets);
            Assert.Equal(fields, read(octets));
        });

    private static void CheckOption<T>(Gen<T> generator, OptionReader<T> read)
        where T : INeighborDiscoveryOptionFields, IEquatable<T>
        => generator.Sample(fields =>
        {
            byte[] message = Filled(RouterAdvertisement.MinLength + fields.Length);
            new RouterAdvertisementFields().Write(message);
            fields.Write(message.AsSpan(RouterAdvertisement.MinLength));
            Assert.True(RouterAdvertisement.TryRead(message, out var advertisement));
            Assert.False(advertisement.Options.IsMalformed);
            Assert.True(advertisement.Options.TryGet(fields.Type, out NeighborDiscoveryOption option));
            Assert.Equal(fields.Length, option.Length);
            Assert.Equal(fields, read(option));
        });

    private static byte[] Filled(int length)
    {
        byte[] octets = new byte[length];
        Array.Fill(octets, Filler);
        return octets;
    }
}
