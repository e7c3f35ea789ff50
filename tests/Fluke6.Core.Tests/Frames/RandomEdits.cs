using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Calls one setter, taken at random from those that the frame's views have.</summary>
internal static class RandomEdits
{
    public static void Apply(ref Frame frame, Random random)
    {
        switch (random.Next(3))
        {
            case 0:
                EditNetwork(ref frame, random);
                break;
            case 1:
                EditExtensionHeaders(ref frame, random);
                break;
            default:
                EditTransport(ref frame, random);
                break;
        }
    }

    private static void EditNetwork(ref Frame frame, Random random)
    {
        if (frame.TryGetIpv4(out Ipv4Header ipv4))
        {
            switch (random.Next(8))
            {
                case 0: ipv4.Source = new Ipv4Address(Word(random)); break;
                case 1: ipv4.Destination = new Ipv4Address(Word(random)); break;
                case 2: ipv4.TimeToLive = (byte)random.Next(256); break;
                case 3: ipv4.Identification = (ushort)random.Next(65536); break;
                case 4: ipv4.DifferentiatedServices = (byte)random.Next(64); break;
                case 5: ipv4.ExplicitCongestionNotification = (byte)random.Next(4); break;
                case 6: ipv4.DontFragment = random.Next(2) == 0; break;
                default:
                    foreach (Ipv4Option option in ipv4.Options)
                    {
                        if (random.Next(8) == 0)
                            ipv4.Options.Strip(option.Kind);
                        else
                            option.Write(0, Octets(random, option.Data.Length));
                    }

                    break;
            }
        }

        if (frame.TryGetIpv6(out Ipv6Header ipv6))
        {
            switch (random.Next(5))
            {
                case 0: ipv6.Source = Address(random); break;
                case 1: ipv6.Destination = Address(random); break;
                case 2: ipv6.HopLimit = (byte)random.Next(256); break;
                case 3: ipv6.TrafficClass = (byte)random.Next(256); break;
                default: ipv6.FlowLabel = Word(random) & 0xF_FFFF; break;
            }
        }
    }

    private static void EditExtensionHeaders(ref Frame frame, Random random)
    {
        if (frame.TryGetRoutingHeader(out RoutingHeader routing))
        {
            if (random.Next(3) == 0)
                routing.SegmentsLeft = (byte)random.Next(routing.AddressCount + 1);
            else
                Assert.NotEqual(EditResult.Refused, routing.SetAddress(random.Next(routing.AddressCount), Address(random)));
        }

        if (frame.TryGetHopByHopOptions(out Ipv6Options options))
        {
            foreach (Ipv6Option option in options)
                option.Write(0, Octets(random, option.Data.Length));
            if (random.Next(8) == 0)
                options.Strip(Ipv6OptionType.RouterAlert);
        }

        if (frame.TryGetFragmentHeader(out FragmentHeader fragment))
            fragment.Identification = Word(random);
    }

    private static void EditTransport(ref Frame frame, Random random)
    {
        if (frame.TryGetTcp(out TcpHeader tcp))
            EditTcp(tcp, random);

        if (frame.TryGetUdp(out UdpHeader udp))
        {
            if (random.Next(2) == 0)
                udp.SourcePort = (ushort)random.Next(65536);
            else
                udp.DestinationPort = (ushort)random.Next(65536);
        }

        if (frame.TryGetIcmpv4(out Icmpv4Header icmpv4))
        {
            switch (random.Next(4))
            {
                case 0: icmpv4.Identifier = (ushort)random.Next(65536); break;
                case 1: icmpv4.SequenceNumber = (ushort)random.Next(65536); break;
                case 2: icmpv4.Code = (byte)random.Next(256); break;
                default: WriteSomewhere(icmpv4, random); break;
            }
        }

        if (frame.TryGetIcmpv6(out Icmpv6Header icmpv6) && icmpv6.IsEchoRequest)
        {
            switch (random.Next(3))
            {
                case 0: icmpv6.Identifier = (ushort)random.Next(65536); break;
                case 1: icmpv6.SequenceNumber = (ushort)random.Next(65536); break;
                default: icmpv6.WriteBody(random.Next(icmpv6.Body.Length), Octets(random, 1)); break;
            }
        }

        EditNeighborDiscovery(ref frame, random);
    }

    private static void EditTcp(TcpHeader tcp, Random random)
    {
        switch (random.Next(9))
        {
            case 0: tcp.SourcePort = (ushort)random.Next(65536); break;
            case 1: tcp.DestinationPort = (ushort)random.Next(65536); break;
            case 2: tcp.SequenceNumber = Word(random); break;
            case 3: tcp.AcknowledgmentNumber = Word(random); break;
            case 4: tcp.Flags = (TcpFlags)random.Next(0x1000); break;
            case 5: tcp.Window = (ushort)random.Next(65536); break;
            case 6: tcp.UrgentPointer = (ushort)random.Next(65536); break;
            case 7: tcp.Options.Strip((TcpOptionKind)random.Next(2, 9)); break;
            default:
                foreach (TcpOption option in tcp.Options)
                {
                    int length = random.Next(option.Data.Length + 1);
                    Assert.NotEqual(EditResult.Refused, option.Write(option.Data.Length - length, Octets(random, length)));
                }

                break;
        }
    }

    private static void EditNeighborDiscovery(ref Frame frame, Random random)
    {
        if (frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement))
        {
            advertisement.CurrentHopLimit = (byte)random.Next(256);
            advertisement.Managed = random.Next(2) == 0;
            advertisement.DefaultRouterPreference = (RouterPreference)random.Next(4);
            advertisement.RouterLifetime = (ushort)random.Next(65536);
            advertisement.RetransTimer = Word(random);
            if (advertisement.Options.TryGetLinkLayerAddress(out LinkLayerAddressOption address))
                address.Address = MacAddress.FromUInt64((ulong)random.NextInt64());
            if (advertisement.Options.TryGetMtu(out MtuOption mtu))
                mtu.Mtu = Word(random);
            if (advertisement.Options.TryGetPrefixInformation(out PrefixInformation prefix))
            {
                prefix.Prefix = new Ipv6Prefix(Address(random), random.Next(129));
                prefix.OnLink = random.Next(2) == 0;
                prefix.ValidLifetime = Word(random);
            }

            if (advertisement.Options.TryGetRouteInformation(out RouteInformation route))
            {
                route.SetPrefix(new Ipv6Prefix(Address(random), random.Next(129)));
                route.Preference = (RouterPreference)random.Next(4);
            }

            if (advertisement.Options.TryGetRecursiveDnsServers(out RecursiveDnsServers servers))
                servers[0] = Address(random);
            if (advertisement.Options.TryGetDnsSearchList(out DnsSearchList names))
                names.Write(random.Next(3), Octets(random, 5));
        }

        if (frame.TryGetRedirect(out Redirect redirect))
        {
            redirect.Target = Address(random);
            redirect.Destination = Address(random);
            if (redirect.Options.TryGetRedirectedHeader(out RedirectedHeader redirected))
                redirected.Write(random.Next(4), Octets(random, 3));
        }
    }

    private static void WriteSomewhere(Icmpv4Header icmp, Random random)
    {
        int offset = random.Next(icmp.Body.Length);
        Assert.NotEqual(EditResult.Refused, icmp.WriteBody(offset, Octets(random, icmp.Body.Length - offset)));
    }

    private static uint Word(Random random) => (uint)random.NextInt64(1L << 32);

    private static Ipv6Address Address(Random random) => Ipv6Address.Read(Octets(random, Ipv6Address.Length));

    private static byte[] Octets(Random random, int length)
    {
        byte[] octets = new byte[length];
        random.NextBytes(octets);
        // Runs of zeros and ones are where the two zeros of one's complement arithmetic show.
        if (random.Next(4) == 0)
            Array.Fill(octets, random.Next(2) == 0 ? (byte)0 : (byte)0xFF);
        return octets;
    }
}
