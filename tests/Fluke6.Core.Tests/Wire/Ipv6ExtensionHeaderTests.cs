using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class Ipv6ExtensionHeaderTests
{
    private const string HopByHop = "3c01 0502 0000 c204 00010000 0100 0000";
    private const string SegmentRouting = "06040401 01000000" + KnownFrames.FinalAddress + KnownFrames.OtherAddress;

    [Fact]
    public void ReadsEveryField()
    {
        Assert.True(Ipv6ExtensionHeader.TryRead(Hex.Octets(HopByHop + "ffff"), IpProtocol.HopByHopOptions, out Ipv6ExtensionHeader header));
        Assert.Equal(IpProtocol.HopByHopOptions, header.Kind);
        Assert.Equal(IpProtocol.DestinationOptions, header.NextHeader);
        Assert.Equal(16, header.Length);
        Assert.Equal(16, header.Octets.Length);
        Assert.True(header.TryGetOptions(out Ipv6Options options));
        Assert.False(header.TryGetRoutingHeader(out _));
        Assert.False(header.TryGetFragmentHeader(out _));

        var types = new List<Ipv6OptionType>();
        foreach (Ipv6Option option in options)
            types.Add(option.Type);
        Assert.Equal(
            [Ipv6OptionType.RouterAlert, Ipv6OptionType.JumboPayload, Ipv6OptionType.PadN, Ipv6OptionType.Pad1, Ipv6OptionType.Pad1], types);
        Assert.True(options.TryGet(Ipv6OptionType.JumboPayload, out Ipv6Option jumbo));
        Assert.Equal(65536u, jumbo.UInt32);
        Assert.Equal(6, jumbo.Length);
        Assert.Equal(Ipv6UnknownOptionAction.DiscardAndReportUnlessMulticast, jumbo.ActionIfUnknown);
        Assert.False(jumbo.MayChangeEnRoute);
        Assert.False(jumbo.IsPadding);
        Assert.False(options.IsMalformed);
    }

    [Theory]
    [InlineData(0x05, Ipv6UnknownOptionAction.Skip, false)]
    [InlineData(0x26, Ipv6UnknownOptionAction.Skip, true)]
    [InlineData(0x6D, Ipv6UnknownOptionAction.Discard, true)]
    [InlineData(0x8B, Ipv6UnknownOptionAction.DiscardAndReport, false)]
    [InlineData(0xEE, Ipv6UnknownOptionAction.DiscardAndReportUnlessMulticast, true)]
    public void TopBitsOfTheTypeSayWhatToDo(byte type, Ipv6UnknownOptionAction action, bool mayChange)
    {
        Assert.True(Ipv6ExtensionHeader.TryRead([59, 0, type, 4, 0, 0, 0, 0], IpProtocol.DestinationOptions, out Ipv6ExtensionHeader header));
        Assert.True(header.TryGetOptions(out Ipv6Options options));
        Assert.True(options.TryGet((Ipv6OptionType)type, out Ipv6Option option));
        Assert.Equal(action, option.ActionIfUnknown);
        Assert.Equal(mayChange, option.MayChangeEnRoute);
    }

    [Fact]
    public void WritesEveryField()
    {
        byte[] octets = Hex.Prefilled(16);
        Hex.Octets("3b01 0502 a5a5 c204 a5a5a5a5 00 0101 a5").CopyTo(octets, 0);
        Assert.True(Ipv6ExtensionHeader.TryRead(octets, IpProtocol.HopByHopOptions, out Ipv6ExtensionHeader header));
        Assert.True(header.TryGetOptions(out Ipv6Options options));
        foreach (Ipv6Option option in options)
        {
            Ipv6Option writable = option;
            switch (option.Type)
            {
                case Ipv6OptionType.RouterAlert:
                    writable.UInt16 = 1;
                    break;
                case Ipv6OptionType.JumboPayload:
                    writable.UInt32 = 70000;
                    break;
                case Ipv6OptionType.Pad1:
                    writable.Type = Ipv6OptionType.RouterAlert;
                    Assert.True(writable.IsPad1);
                    break;
                case Ipv6OptionType.PadN:
                    writable.Type = (Ipv6OptionType)0x9E;
                    writable.Byte = 7;
                    Assert.Equal(EditResult.Refused, writable.Write(1, [1]));
                    break;
            }
        }

        Assert.Equal("3b01" + "05020001" + "c20400011170" + "00" + "9e0107", Hex.Of(octets));
        Assert.Equal(EditResult.Changed, options.Strip(Ipv6OptionType.JumboPayload));
        Assert.Equal("05020001" + "010400000000" + "00" + "9e0107", Hex.Of(options.Octets));
        Assert.Equal(EditResult.Unchanged, options.Strip(Ipv6OptionType.JumboPayload));
        Assert.Equal(EditResult.Unchanged, options.Strip(Ipv6OptionType.PadN));
    }

    [Theory]
    [InlineData("3b00 05020000 c202", true)]
    [InlineData("3b00 05020000 00 c2", true)]
    [InlineData("3b00 05ff 00000000", true)]
    [InlineData("3b00 0504 00000000", false)]
    [InlineData("3b00 000000000000", false)]
    public void ImpossibleOptionLengthEndsTheWalk(string hex, bool malformed)
    {
        Assert.True(Ipv6ExtensionHeader.TryRead(Hex.Octets(hex), IpProtocol.HopByHopOptions, out Ipv6ExtensionHeader header));
        Assert.True(header.TryGetOptions(out Ipv6Options options));
        Assert.Equal(malformed, options.IsMalformed);
    }

    [Theory]
    [InlineData(IpProtocol.HopByHopOptions, HopByHop)]
    [InlineData(IpProtocol.DestinationOptions, HopByHop)]
    [InlineData(IpProtocol.Routing, SegmentRouting)]
    [InlineData(IpProtocol.Fragment, "3a000008 12345678")]
    [InlineData(IpProtocol.AuthenticationHeader, "06040000 00000001 00000001 000102030405060708090a0b")]
    public void RejectsTruncated(IpProtocol kind, string hex)
    {
        byte[] octets = Hex.Octets(hex);
        for (int length = 0; length < octets.Length; length++)
            Assert.False(Ipv6ExtensionHeader.TryRead(octets.AsSpan(0, length), kind, out _));
        Assert.True(Ipv6ExtensionHeader.TryRead(octets, kind, out Ipv6ExtensionHeader header));
        Assert.Equal(octets.Length, header.Length);
        Assert.False(Ipv6ExtensionHeader.TryRead(octets, IpProtocol.Tcp, out _));
    }

    [Fact]
    public void FragmentHeaderReadsAndWrites()
    {
        byte[] octets = Hex.Octets("3aa5 05ab 12345678");
        Assert.True(Ipv6ExtensionHeader.TryRead(octets, IpProtocol.Fragment, out Ipv6ExtensionHeader header));
        Assert.True(header.TryGetFragmentHeader(out FragmentHeader fragment));
        Assert.Equal(IpProtocol.Icmpv6, fragment.NextHeader);
        Assert.Equal(1448, fragment.FragmentOffset);
        Assert.True(fragment.MoreFragments);
        Assert.Equal(0x12345678u, fragment.Identification);
        Assert.False(fragment.IsAtomic);

        fragment.MoreFragments = false;
        fragment.FragmentOffset = 65528;
        fragment.Identification = 1;
        Assert.Equal("3aa5" + "fffa" + "00000001", Hex.Of(octets));
        fragment.FragmentOffset = 0;
        Assert.True(fragment.IsAtomic);
    }

    [Theory]
    [InlineData(SegmentRouting, RoutingType.SegmentRouting, 2, true)]
    [InlineData("06020201 00000000" + KnownFrames.FinalAddress, RoutingType.HomeAddress, 1, true)]
    [InlineData("06020202 00000000" + KnownFrames.FinalAddress, RoutingType.HomeAddress, 1, false)]
    [InlineData("06000201 00000000", RoutingType.HomeAddress, 0, false)]
    [InlineData("06020001 00000000" + KnownFrames.FinalAddress, RoutingType.SourceRoute, 1, true)]
    [InlineData("06020002 00000000" + KnownFrames.FinalAddress, RoutingType.SourceRoute, 1, false)]
    [InlineData("06010001 00000000 0000000000000000", RoutingType.SourceRoute, 0, false)]
    [InlineData("06020401 ff000000" + KnownFrames.FinalAddress, RoutingType.SegmentRouting, 0, false)]
    [InlineData("06020301 00000000" + KnownFrames.FinalAddress, RoutingType.RplSourceRoute, 0, true)]
    public void RoutingAddressesAreReadWhereWellFormed(string hex, RoutingType type, int count, bool wellFormed)
    {
        Assert.True(Ipv6ExtensionHeader.TryRead(Hex.Octets(hex), IpProtocol.Routing, out Ipv6ExtensionHeader header));
        Assert.True(header.TryGetRoutingHeader(out RoutingHeader routing));
        Assert.Equal(type, routing.RoutingType);
        Assert.Equal(count, routing.AddressCount);
        Assert.Equal(wellFormed, routing.IsWellFormed);
        Assert.Equal(count > 0, routing.TryGetAddress(0, out Ipv6Address first));
        Assert.Equal(count > 0 ? Ipv6Address.Parse("2001:db8:2::bb") : default, first);
        Assert.False(routing.TryGetAddress(count, out _));
        Assert.False(routing.TryGetAddress(-1, out _));
        Assert.Equal(EditResult.Refused, routing.SetAddress(count, default));
    }
}
