using CsCheck;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class DhcpMessageTests
{
    // The message as scapy writes it, from the magic cookie on.
    private const string DiscoverOptions = "63825363" + "350101" + "3204c0000264" + "0c03626f78" + "3703010306" + "ff";

    private const string Solicit = "01abcdef0001000a00030001020000000001000800020007000e0000000300280000000500000064000000c80005001820010db800000000"
        + "00000000000000070000012c0000019000190029000000060000000100000002001a00190000012c000001903820010db80001000000000000000000000017002020010db8"
        + "00000000000000000000005320010db8000000000000000000000054000d000600026e6f6e65";

    [Fact]
    public void DiscoverIsRead()
    {
        byte[] octets = Bootp(DiscoverOptions);
        Assert.True(Dhcpv4Message.TryRead(octets, out Dhcpv4Message message));
        Assert.Equal((Dhcpv4Operation.Request, Dhcpv4MessageType.Discover, 0x12345678u, (ushort)3, true),
            (message.Operation, message.MessageType, message.TransactionId, message.SecondsElapsed, message.Broadcast));
        Assert.Equal("02:00:00:00:00:01", message.ClientHardwareAddress.ToString());
        Assert.True(message.Options.TryGetAddress(Dhcpv4OptionCode.RequestedAddress, out Ipv4Address requested));
        Assert.Equal("192.0.2.100", requested.ToString());
        Assert.True(message.Options.TryGet(Dhcpv4OptionCode.HostName, out Dhcpv4Option name));
        Assert.Equal("box"u8.ToArray(), name.Data.ToArray());
        Assert.False(message.IsMalformed);
        Assert.Equal("DHCP Discover, xid 0x12345678, client 02:00:00:00:00:01", message.ToString());
        Assert.Equal("MessageType Discover; RequestedAddress 192.0.2.100; HostName box; ParameterRequestList 010306", message.Options.ToString());
    }

    // RFC 2131 §4.1: the options field, then file, then server name. RFC 3396 §5: pieces of one code belong together in that order.
    [Fact]
    public void OptionsGoOnInTheFieldsOfFileAndServerName()
    {
        byte[] octets = Bootp("63825363" + "350102" + "340103" + "2b026162" + "ff" + "2b0178");
        Hex.Octets("2b016364" + "ff").AsSpan(0, 3).CopyTo(octets.AsSpan(108));
        octets[111] = 255;
        Hex.Octets("2b0165" + "0000" + "0c0166" + "ff").CopyTo(octets.AsSpan(44));
        Assert.True(Dhcpv4Message.TryRead(octets, out Dhcpv4Message message));
        var codes = new List<Dhcpv4OptionCode>();
        foreach (Dhcpv4Option option in message.Options)
            codes.Add(option.Code);
        Assert.Equal([Dhcpv4OptionCode.MessageType, Dhcpv4OptionCode.Overload, Dhcpv4OptionCode.VendorInformation, Dhcpv4OptionCode.VendorInformation,
            Dhcpv4OptionCode.VendorInformation, Dhcpv4OptionCode.HostName], codes);
        byte[] data = new byte[10];
        Assert.Equal(4, message.Options.CopyTo(Dhcpv4OptionCode.VendorInformation, data));
        Assert.Equal("abce"u8.ToArray(), data[..4]);
        Assert.Equal(4, message.Options.CopyTo(Dhcpv4OptionCode.VendorInformation, data.AsSpan(0, 3)));
        Assert.True(message.ServerName.IsEmpty && message.BootFile.IsEmpty);

        Dhcpv4Fields fields = Dhcpv4Fields.Read(message);
        Assert.Equal([Dhcpv4OptionCode.MessageType, Dhcpv4OptionCode.VendorInformation, Dhcpv4OptionCode.HostName], [.. fields.Options.Span.ToArray().Select(option => option.Code)]);
        Assert.Equal("abce"u8.ToArray(), fields.Options[1].Data.Span.ToArray());
    }

    [Fact]
    public void OptionOf300OctetsIsWrittenAsTwo()
    {
        var option = new Dhcpv4OptionFields(Dhcpv4OptionCode.DomainSearch, new byte[300]);
        byte[] octets = new byte[option.Length];
        option.Write(octets);
        Assert.Equal((304, 119, 255, 119, 45), (octets.Length, octets[0], octets[1], octets[257], octets[258]));
    }

    [Theory]
    [InlineData("63825363" + "3501", true)]
    [InlineData("63825363" + "35", true)]
    [InlineData("63825363" + "350101", false)]
    [InlineData("63825363" + "00", false)]
    [InlineData("63825363", false)]
    public void OptionPastTheEndIsMalformedAndAMissingEndIsNot(string options, bool isMalformed)
    {
        Assert.True(Dhcpv4Message.TryRead(Bootp(options), out Dhcpv4Message message));
        Assert.Equal(isMalformed, message.IsMalformed);
    }

    [Fact]
    public void OtherCookieAndShortMessageAreNone()
    {
        Assert.False(Dhcpv4Message.TryRead(Bootp("63825364" + "ff"), out _));
        Assert.False(Dhcpv4Message.TryRead(Bootp(DiscoverOptions).AsSpan(0, 239), out _));
    }

    [Fact]
    public void SolicitIsRead()
    {
        Assert.True(Dhcpv6Message.TryRead(Hex.Octets(Solicit), out Dhcpv6Message message));
        Assert.Equal((Dhcpv6MessageType.Solicit, 0xABCDEFu, false, false), (message.MessageType, message.TransactionId, message.IsRelay, message.IsMalformed));
        Assert.True(message.Options.Contains(Dhcpv6OptionCode.RapidCommit));
        Assert.True(message.Options.TryGetAssociation(out Dhcpv6Association association));
        Assert.Equal((5u, 100u, 200u), (association.Identifier, association.RenewAfter, association.RebindAfter));
        Assert.True(association.Options.TryGetAddress(out Dhcpv6Address address));
        Assert.Equal(("2001:db8::7", 300u, 400u), (address.Address.ToString(), address.PreferredLifetime, address.ValidLifetime));
        Assert.True(message.Options.TryGet(Dhcpv6OptionCode.PrefixDelegation, out Dhcpv6Option delegation) && delegation.TryGetAssociation(out association));
        Assert.True(association.Options.TryGetPrefix(out Dhcpv6Prefix prefix));
        Assert.Equal("2001:db8:1::/56", prefix.Prefix.ToString());
        Assert.True(message.Options.TryGetDnsServers(out Dhcpv6DnsServers servers));
        Assert.Equal((2, "2001:db8::54"), (servers.Count, servers[1].ToString()));
        Assert.Equal("DHCPv6 Solicit, xid 0xabcdef", message.ToString());
        Assert.Equal("ClientIdentifier 00030001020000000001; ElapsedTime 0007; RapidCommit; IdentityAssociation 5 [Address 2001:db8::7 preferred 300s valid 400s]; "
            + "PrefixDelegation 6 [Prefix 2001:db8:1::/56 preferred 300s valid 400s]; DnsServers 2001:db8::53,2001:db8::54; StatusCode NoAddressesAvailable: none",
            message.Options.ToString());
    }

    [Fact]
    public void RelayedMessageIsFoundThroughTwoRelays()
    {
        Assert.True(Dhcpv6Message.TryRead(Hex.Octets(Solicit), out Dhcpv6Message solicit));
        var inner = new Dhcpv6RelayFields(Dhcpv6MessageType.RelayForward, Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("fe80::1"))
        {
            Options = [Dhcpv6RelayFields.Carrying(Dhcpv6Fields.Read(solicit))],
        };
        var outer = new Dhcpv6RelayFields(Dhcpv6MessageType.RelayForward, default, Ipv6Address.Parse("fe80::2")) { HopCount = 1, Options = [Dhcpv6RelayFields.Carrying(inner)] };
        byte[] octets = new byte[outer.Length];
        outer.Write(octets);
        Assert.True(Dhcpv6Message.TryRead(octets, out Dhcpv6Message message) && message.IsRelay);
        Assert.True(message.TryGetRelayed(out Dhcpv6Message next) & next.TryGetRelayed(out Dhcpv6Message found));
        Assert.Equal(Solicit, Hex.Of(found.Octets));
        Assert.False(found.TryGetRelayed(out _));
        Assert.Equal("DHCPv6 RelayForward, hops 1, link ::, peer fe80::2 | DHCPv6 RelayForward, hops 0, link 2001:db8::1, peer fe80::1 | DHCPv6 Solicit, xid 0xabcdef",
            message.ToString());
    }

    // IA_TA has no times: what was one and becomes IA_NA is too short for them.
    [Fact]
    public void ViewOutlivesAChangeOfItsCode()
    {
        var fields = new Dhcpv6Fields(Dhcpv6MessageType.Reply) { Options = [new Dhcpv6AssociationFields(1, Dhcpv6OptionCode.TemporaryAssociation)] };
        byte[] octets = new byte[fields.Length];
        fields.Write(octets);
        Assert.True(Dhcpv6Message.TryRead(octets, out Dhcpv6Message message) & message.Options.TryGetAssociation(out Dhcpv6Association association));
        Assert.True(message.Options.TryGet(Dhcpv6OptionCode.TemporaryAssociation, out Dhcpv6Option option));
        option.Code = Dhcpv6OptionCode.IdentityAssociation;
        Assert.Equal((0u, 0u), (association.RenewAfter, association.RebindAfter));
        association.RenewAfter = 7;
        Assert.True(association.Options.Octets.IsEmpty);
    }

    [Fact]
    public void NothingThrowsWhateverTheOctetsAre()
    {
        byte[][] samples = [Bootp(DiscoverOptions + new string('0', 128)), Hex.Octets(Solicit), KnownFrames.DhcpDiscover[42..], KnownFrames.Dhcpv6Relayed[62..]];
        (from index in Gen.Int[0, samples.Length - 1] from cut in Gen.Int[0, 400] from places in Gen.Int[0, 400].Array[6] from values in Gen.Byte.Array[6] select (index, cut, places, values))
            .Sample(change =>
            {
                byte[] octets = samples[change.index][..Math.Max(0, samples[change.index].Length - (change.cut % 60))];
                for (int i = 0; i < change.places.Length && octets.Length > 0; i++)
                    octets[change.places[i] % octets.Length] = change.values[i];
                if (Dhcpv4Message.TryRead(octets, out Dhcpv4Message dhcpv4))
                {
                    _ = dhcpv4.ToString() + dhcpv4.Options.ToString() + dhcpv4.ServerName.Length + dhcpv4.BootFile.Length + dhcpv4.HardwareAddress.Length;
                    _ = Dhcpv4Fields.Read(dhcpv4);
                }

                if (Dhcpv6Message.TryRead(octets, out Dhcpv6Message dhcpv6))
                    _ = dhcpv6.ToString() + dhcpv6.Options.ToString() + Dhcpv6Fields.Read(dhcpv6) + Dhcpv6RelayFields.Read(dhcpv6);
            });
    }

    private static byte[] Bootp(string fromCookie) =>
        [.. Hex.Octets("01010600" + "12345678" + "0003" + "8000" + new string('0', 32) + "020000000001" + new string('0', 20)), .. new byte[192], .. Hex.Octets(fromCookie)];
}
