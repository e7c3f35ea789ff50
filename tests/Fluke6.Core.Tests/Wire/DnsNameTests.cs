using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class DnsNameTests
{
    private static readonly string Label63 = new('a', 63);

    [Theory]
    [InlineData("printer.example", "077072696e746572076578616d706c6500")]
    [InlineData("printer.example.", "077072696e746572076578616d706c6500")]
    [InlineData(".", "00")]
    [InlineData(@"a\.b.c", "03612e62016300")]
    [InlineData(@"\000\255\\", "0300ff5c00")]
    public void TextIsParsedAndPrinted(string text, string octets)
    {
        DnsName name = DnsName.Parse(text);
        Assert.Equal(octets, Hex.Of(name.Octets));
        Assert.Equal(text.Length > 1 ? text.TrimEnd('.') : text, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData(@"a\")]
    [InlineData(@"a\25")]
    [InlineData(@"a\256")]
    [InlineData("grün.example")]
    public void OtherTextIsRefused(string text)
    {
        Assert.False(DnsName.TryParse(text, null, out _));
        Assert.Contains("printer.example", Assert.Throws<FormatException>(() => DnsName.Parse(text)).Message);
    }

    [Fact]
    public void LabelsHold63OctetsAndNames255()
    {
        Assert.True(DnsName.TryParse(Label63, null, out _));
        Assert.False(DnsName.TryParse(Label63 + "a", null, out _));
        string longest = $"{Label63}.{Label63}.{Label63}.{new string('b', 61)}";
        Assert.True(DnsName.TryParse(longest, null, out DnsName name));
        Assert.Equal(255, name.Octets.Length);
        Assert.Equal(longest, name.ToString());
        Assert.False(DnsName.TryParse(longest + "b", null, out _));
        Assert.False(DnsName.TryParse(longest + ".b", null, out _));
        Assert.False(DnsName.TryParse(new string('a', 100_000), null, out _));
    }

    [Fact]
    public void CaseDoesNotMatter()
    {
        DnsName name = DnsName.Parse("Printer.EXAMPLE"), same = DnsName.Parse("printer.example");
        Assert.Equal(same, name);
        Assert.Equal(same.GetHashCode(), name.GetHashCode());
        Assert.Equal("Printer.EXAMPLE", name.ToString());
        // Only letters have two cases: @ and ` differ in the same bit.
        Assert.NotEqual(DnsName.Parse("@"), DnsName.Parse("`"));
        Assert.NotEqual(DnsName.Parse("a.b"), DnsName.Parse(@"a\.b"));
    }

    [Fact]
    public void ANameIsBelowAZoneAtLabelsOnly()
    {
        DnsName zone = DnsName.Parse("example");
        Assert.True(DnsName.Parse("a.printer.Example").IsAtOrBelow(zone));
        Assert.True(zone.IsAtOrBelow(zone));
        Assert.True(zone.IsAtOrBelow(DnsName.Root));
        Assert.False(DnsName.Parse("myexample").IsAtOrBelow(zone));
        Assert.False(DnsName.Root.IsAtOrBelow(zone));
    }

    [Fact]
    public void Ipv6AddressesHaveReverseNames()
    {
        Ipv6Address address = Ipv6Address.Parse("2404:6800:4008:c00::104");
        DnsName name = DnsName.Reverse(address);
        Assert.Equal("4.0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.0.8.0.0.4.0.0.8.6.4.0.4.2.ip6.arpa", name.ToString());
        Assert.True(DnsName.Parse(name.ToString().ToUpperInvariant()).TryGetIpv6Address(out Ipv6Address back));
        Assert.Equal(address, back);
        Assert.False(DnsName.Parse("4.0.ip6.arpa").TryGetIpv6Address(out _));
        Assert.False(DnsName.Parse(name.ToString().Replace("c.0", "g.0", StringComparison.Ordinal)).TryGetIpv6Address(out _));
        Assert.False(name.TryGetIpv4Address(out _));
    }

    [Fact]
    public void Ipv4AddressesHaveReverseNames()
    {
        Ipv4Address address = Ipv4Address.Parse("192.0.2.45");
        DnsName name = DnsName.Reverse(address);
        Assert.Equal("45.2.0.192.in-addr.arpa", name.ToString());
        Assert.True(name.TryGetIpv4Address(out Ipv4Address back));
        Assert.Equal(address, back);
        Assert.False(DnsName.Parse("256.2.0.192.in-addr.arpa").TryGetIpv4Address(out _));
        Assert.False(DnsName.Parse("2.0.192.in-addr.arpa").TryGetIpv4Address(out _));
        Assert.False(DnsName.Parse("1.45.2.0.192.in-addr.arpa").TryGetIpv4Address(out _));
    }

    /// <summary>Names at offset 12 of a message whose other octets follow.</summary>
    [Theory]
    [InlineData("c00c")]                    // itself
    [InlineData("c00e" + "0161" + "00")]    // forward
    [InlineData("0161" + "c00c")]           // round and round
    [InlineData("c000")]                    // into the header
    [InlineData("c0")]                      // half a pointer
    [InlineData("ffff")]                    // past the end
    [InlineData("0361")]                    // a label past the end
    [InlineData("0161")]                    // no end
    [InlineData("")]
    [InlineData("41" + "6100")]             // label types of RFC 6891 §5 and RFC 1035 §4.1.4
    [InlineData("81" + "6100")]
    public void MalformedNamesAreRefused(string hex)
    {
        byte[] message = [.. new byte[12], .. Hex.Octets(hex)];
        Assert.False(DnsNameView.TryRead(message, 12, out DnsNameView name, out _));
        Assert.Equal("", name.ToString());
        Assert.False(name.IsRoot);
        Assert.False(name.Equals(DnsName.Root));
        Assert.Equal(DnsName.Root, name.ToName());
    }

    [Fact]
    public void PointersMayChainBackOnly()
    {
        // 12: example. 21: printer -> 12. 31: a -> 21. 35 -> 31.
        byte[] message = [.. new byte[12], .. Hex.Octets("076578616d706c6500" + "077072696e746572c00c" + "0161c015" + "c01f")];
        Assert.True(DnsNameView.TryRead(message, 35, out DnsNameView name, out int end));
        Assert.Equal(37, end);
        Assert.Equal("a.printer.example", name.ToString());
        Assert.True(name.Equals(DnsName.Parse("A.Printer.Example")));
        Assert.True(name.IsAtOrBelow(DnsName.Parse("printer.example")));
        Assert.False(name.Equals(DnsName.Parse("printer.example")));
        Assert.True(name.IsAtOrAbove(DnsName.Parse("tray.A.Printer.Example")) && name.IsAtOrAbove(name.ToName()));
        Assert.False(name.IsAtOrAbove(DnsName.Parse("traya.printer.example")) || name.IsAtOrAbove(DnsName.Parse("printer.example")));
        Assert.Equal(DnsName.Parse("a.printer.example"), name.ToName());
    }

    [Fact]
    public void CompressionCannotMakeANameLongerThan255()
    {
        string label = "3f" + new string('6', 126);
        byte[] message = [.. new byte[12], .. Hex.Octets(label + label + label + "3d" + new string('6', 122) + "00" + "01" + "61" + "c00c")];
        Assert.True(DnsNameView.TryRead(message, 12, out _, out int end));
        Assert.Equal(12 + 255, end);
        Assert.False(DnsNameView.TryRead(message, end, out _, out _));
    }
}
