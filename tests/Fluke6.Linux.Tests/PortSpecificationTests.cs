using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Linux.Tests;

public sealed class PortSpecificationTests
{
    [Theory]
    [InlineData("eth0", nameof(PortKind.Packet), "eth0", null)]
    [InlineData("eth0@blue", nameof(PortKind.Packet), "eth0", "blue")]
    [InlineData("tap:fl0", nameof(PortKind.Tap), "fl0", null)]
    [InlineData("tap:fl0@blue", nameof(PortKind.Tap), "fl0", "blue")]
    [InlineData("tun:abcdefghijklmno@/proc/1/ns/net", nameof(PortKind.Tun), "abcdefghijklmno", "/proc/1/ns/net")]
    [InlineData("veth:eth0@blue", nameof(PortKind.Veth), "eth0", "blue")]
    [InlineData("none", nameof(PortKind.None), "none", null)]
    public void ReadsEveryForm(string text, string kind, string name, string? networkNamespace)
    {
        PortSpecification specification = PortSpecification.Parse(text);
        Assert.Equal(kind, specification.Kind.ToString());
        Assert.Equal(name, specification.Name);
        Assert.Equal(networkNamespace, specification.NetworkNamespace);
        Assert.Equal(text, specification.ToString());
    }

    [Theory]
    [InlineData("", "tap:NAME")]
    [InlineData("tap:", "tap:fl0")]
    [InlineData("tap:@blue", "name is missing")]
    [InlineData("eth0@", "ip netns list")]
    [InlineData("veth:eth0", "veth:NAME@NETNS")]
    [InlineData("veth:@blue", "name is missing")]
    [InlineData("eth0@..", "ip netns list")]
    [InlineData("sixteen-is-too-m", "at most 15")]
    [InlineData("tap:a/b", "no slash")]
    [InlineData("veth:all@ns", "the kernel takes all and default for no interface's names")]
    [InlineData("tap:default", "choose another")]
    [InlineData("tap:a b", "blank")]
    [InlineData("tap:fl%d", "percent")]
    [InlineData("tab:fl0", "colon")]
    [InlineData("..", "tap:NAME")]
    public void RefusesTheRestInOneLineThatSaysWhatToWrite(string text, string advice)
    {
        Assert.False(PortSpecification.TryParse(text, out _, out string? error));
        Assert.Contains(advice, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        Assert.Equal(error, Assert.Throws<FormatException>(() => PortSpecification.Parse(text)).Message);
    }

    /// <summary>Its own end is called after the port, whatever it is called there, and the same each time.</summary>
    [Theory]
    [InlineData("veth:eth0@blue", @"^eth0-[0-9a-f]{8}$")]
    [InlineData("veth:abcdefghijklmno@blue", @"^abcdef-[0-9a-f]{8}$")]
    [InlineData("veth:\u00e4@blue", @"^veth-[0-9a-f]{8}$")]
    public void OuterEndOfAPairHasANameOfItsOwn(string text, string expected)
    {
        PortSpecification specification = PortSpecification.Parse(text);
        Assert.Matches(expected, specification.Interface);
        Assert.Null(specification.InterfaceNamespace);
        Assert.Equal(specification.Interface, PortSpecification.Parse(text).Interface);
        Assert.NotEqual(specification.Interface, PortSpecification.Parse(text + "2").Interface);
        Assert.Equal("eth0", PortSpecification.Parse("eth0@blue").Interface);
    }

    [Fact]
    public void NoneCarriesWhatTheOtherSideCarries()
    {
        using IPort port = PortSpecification.Parse("none").Open(offload: true, LinkType.RawIp);
        Assert.Equal(LinkType.RawIp, port.LinkType);
    }
}
