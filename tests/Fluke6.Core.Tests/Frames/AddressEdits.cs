using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Edits of addresses, wherever in a frame they stand: in the IP header, in source routes and routing headers, in home addresses.</summary>
internal static class AddressEdits
{
    public static void SetBothAddresses(Frame frame)
    {
        if (frame.TryGetIpv4(out Ipv4Header ipv4))
            (ipv4.Source, ipv4.Destination) = (Ipv4Address.Parse("203.0.113.77"), Ipv4Address.Parse("255.255.0.9"));
        if (frame.TryGetIpv6(out Ipv6Header ipv6))
            (ipv6.Source, ipv6.Destination) = (Ipv6Address.Parse("2001:db8:ffff::77"), Ipv6Address.Parse("2001:db8:fffe::9"));
    }

    public static void SetAddress(Frame frame, Random random)
    {
        bool isSource = random.Next(2) == 0;
        if (frame.TryGetIpv4(out Ipv4Header ipv4))
        {
            var address = new Ipv4Address((uint)random.NextInt64(1L << 32));
            if (isSource)
                ipv4.Source = address;
            else
                ipv4.Destination = address;
        }

        if (frame.TryGetIpv6(out Ipv6Header ipv6))
        {
            if (isSource)
                ipv6.Source = Address(random);
            else
                ipv6.Destination = Address(random);
        }
    }

    public static void SetRoute(Frame frame, Random random)
    {
        if (frame.TryGetIpv4(out Ipv4Header ipv4))
        {
            foreach (Ipv4Option option in ipv4.Options)
            {
                if (option.Length < 4)
                    continue;
                Ipv4Option route = option;
                switch (random.Next(8))
                {
                    case 0: route.Byte = (byte)random.Next(16); break;
                    case 1: ipv4.Options.Strip(option.Kind); break;
                    case 2: route.UInt16 = (ushort)random.Next(65536); break;
                    case 3: route.UInt32 = (uint)random.Next(); break;
                    default: Assert.NotEqual(EditResult.Refused, option.Write(1, FrameShapes.Data(option.Data.Length - 1, random.Next()))); break;
                }
            }
        }

        if (frame.TryGetRoutingHeader(out RoutingHeader routing))
        {
            if (routing.AddressCount == 0 || random.Next(3) == 0)
                routing.SegmentsLeft = (byte)random.Next(3);
            else
                Assert.NotEqual(EditResult.Refused, routing.SetAddress(random.Next(routing.AddressCount), Address(random)));
        }

        if (frame.TryGetDestinationOptions(out Ipv6Options options))
        {
            foreach (Ipv6Option option in options)
            {
                if (option.Length != 18)
                    continue;
                Ipv6Option home = option;
                switch (random.Next(6))
                {
                    case 0: home.Type = home.Type == Ipv6OptionType.HomeAddress ? Ipv6OptionType.IdentifierLocatorNonce : Ipv6OptionType.HomeAddress; break;
                    case 1 when random.Next(3) == 0: options.Strip(home.Type); break;
                    case 2: home.UInt32 = (uint)random.Next(); break;
                    case 3: home.UInt16 = (ushort)random.Next(65536); break;
                    case 4: home.Byte = (byte)random.Next(256); break;
                    default: Assert.NotEqual(EditResult.Refused, option.Write(0, FrameShapes.Data(16, random.Next()))); break;
                }
            }
        }
    }

    private static Ipv6Address Address(Random random)
    {
        byte[] octets = FrameShapes.Data(16, random.Next());
        // Runs of zeros and ones are where the two zeros of one's complement arithmetic show.
        if (random.Next(4) == 0)
            Array.Fill(octets, random.Next(2) == 0 ? (byte)0 : (byte)0xFF);
        return Ipv6Address.Read(octets);
    }
}
