using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class TcpOptionsTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "020405b4 0402 080a 00000001 00000000 01 030307", "mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7" },
        { "0101 050a 00000001 00000002", "nop,nop,sack 1 {1:2}" },
        { "0101 0512 00000001 00000002 00000003 00000004", "nop,nop,sack 2 {1:2}{3:4}" },
        { "2202 0101", "tfo cookiereq,nop,nop" },
        { "2206 aabbccdd 0101", "tfo cookie 0xaabbccdd,nop,nop" },
        { "1e04 0081", "mptcp 0x0081" },
        { "1c04 8005", "uto 0x8005" },
        { "6304 0102", "unknown-99 0x0102" },
        { "fd04 f989", "exp-253 0xf989" },
        { "0203 05 00", "mss 0x05 [bad length],eol" },
        { "0200 0000", "[malformed 2]" },
        { "0101 0301", "nop,nop,[malformed 3]" },
        { "01 020405", "nop,[malformed 2]" },
        { "0101 0108", "nop,nop,nop,[malformed 8]" },
        { "00000000", "eol" },
        { "", "" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void PrintsAsTcpdumpDoes(string hex, string text)
    {
        Assert.Equal(text, Header(hex).Options.ToString());
        char[] room = new char[text.Length];
        Assert.True(Header(hex).Options.TryFormat(room, out int length, default, null));
        Assert.Equal(text.Length, length);
        if (text.Length > 0)
            Assert.False(Header(hex).Options.TryFormat(room.AsSpan(1), out length, default, null));
    }

    [Fact]
    public void AnyOptionsPrint()
    {
        var random = new Random(8);
        byte[] octets = new byte[60];
        for (int i = 0; i < 50_000; i++)
        {
            random.NextBytes(octets);
            octets[12] = 0xF0;
            // Small lengths make many options of one list.
            for (int at = 20; at < 60 && i % 2 == 0; at++)
                octets[at] = (byte)(octets[at] % 9);
            Assert.True(TcpHeader.TryRead(octets, out TcpHeader tcp));
            Assert.Equal(tcp.Options.IsMalformed, tcp.Options.ToString().Contains("malformed", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void LongestTextFits() =>
        Assert.Equal(20 * "unknown-255,".Length - 1, Header(string.Concat(Enumerable.Repeat("ff02", 20))).Options.ToString().Length);

    [Theory]
    [InlineData("020405b4", false)]
    [InlineData("0200 0000", true)]
    [InlineData("0201 0000", true)]
    [InlineData("01 0205b4", true)]
    [InlineData("010101 02", true)]
    [InlineData("00 020001", false)]
    public void ImpossibleLengthEndsTheWalk(string hex, bool malformed) => Assert.Equal(malformed, Header(hex).Options.IsMalformed);

    [Fact]
    public void ReadsEveryField()
    {
        TcpOptions options = Header("020405b4 0402 080a 00000001 00000000 01 030307").Options;
        Assert.True(options.TryGet(TcpOptionKind.MaximumSegmentSize, out TcpOption mss));
        Assert.Equal(1460, mss.UInt16);
        Assert.Equal(4, mss.Length);
        Assert.True(options.TryGet(TcpOptionKind.Timestamps, out TcpOption timestamps));
        Assert.Equal(1u, timestamps.UInt32);
        Assert.True(options.TryGet(TcpOptionKind.WindowScale, out TcpOption scale));
        Assert.Equal(7, scale.Byte);
        Assert.True(options.Contains(TcpOptionKind.SackPermitted));
        Assert.False(options.Contains(TcpOptionKind.Sack));
        Assert.Equal(20, options.Octets.Length);
    }

    [Fact]
    public void StripWritesNopsOverEveryOne()
    {
        byte[] octets = Octets("0402 0402 020405b4");
        Assert.True(TcpHeader.TryRead(octets, out TcpHeader tcp));
        Assert.Equal(EditResult.Changed, tcp.Options.Strip(TcpOptionKind.SackPermitted));
        Assert.Equal("01010101020405b4", Hex.Of(tcp.Options.Octets));
        Assert.Equal(EditResult.Unchanged, tcp.Options.Strip(TcpOptionKind.SackPermitted));
        Assert.Equal(EditResult.Unchanged, tcp.Options.Strip(TcpOptionKind.NoOperation));
    }

    [Fact]
    public void SettersOfWhatIsNotThereDoNothing()
    {
        byte[] octets = Octets("01 0402 01");
        Assert.True(TcpHeader.TryRead(octets, out TcpHeader tcp));
        foreach (TcpOption option in tcp.Options)
        {
            TcpOption writable = option;
            writable.Byte = 0xFF;
            writable.UInt16 = 0xFFFF;
            writable.UInt32 = 0xFFFF_FFFF;
            Assert.Equal(EditResult.Refused, writable.Write(0, [1]));
            Assert.Equal(EditResult.Refused, writable.Write(-1, []));
            Assert.Equal(EditResult.Unchanged, writable.Write(0, []));
            Assert.Equal(0u, option.UInt32 + option.UInt16 + option.Byte);
        }

        Assert.Equal(Octets("01 0402 01"), octets);
    }

    private static TcpHeader Header(string options)
    {
        Assert.True(TcpHeader.TryRead(Octets(options), out TcpHeader tcp));
        return tcp;
    }

    private static byte[] Octets(string options)
    {
        byte[] tail = Hex.Octets(options);
        return [.. Hex.Octets("3039 0050 00000001 00000000"), (byte)((20 + tail.Length) * 4), 2, .. Hex.Octets("faf0 0000 0000"), .. tail];
    }
}
