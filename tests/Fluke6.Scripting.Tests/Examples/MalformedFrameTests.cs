using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Scripting.Tests.Examples;

/// <summary>What a rule asks for, and is there, and cannot be read: no fault, the frame passes unchanged and counts as not understood, once.</summary>
public sealed class MalformedFrameTests
{
    private const int Ipv4 = 14, Udp = Ipv4 + 20, Ipv6 = 14, AfterIpv6 = Ipv6 + 40;

    [Theory]
    [InlineData("dns-answer-aaaa", false)]
    [InlineData("dns-answer-ptr", false)]
    [InlineData("dns-rewrite-aaaa", true)]
    [InlineData("host-test6", false)]
    public void DnsNameThatPointsAtItselfOrPastTheEnd(string example, bool isResponse)
    {
        byte[] loop = FirstFrameOf("dns-answer-aaaa"), end = FirstFrameOf("dns-answer-aaaa");
        int message = AfterIpv6 + 8, name = message + 12;
        loop[message + 2] |= (byte)(isResponse ? 0x80 : 0);
        end[message + 2] = loop[message + 2];
        loop[name] = 0xc0;
        loop[name + 1] = 12;
        end[name] = 63;
        Array.Resize(ref end, name + 40);
        WriteUInt16BigEndian(end.AsSpan(Ipv6 + 4), (ushort)(end.Length - AfterIpv6));
        WriteUInt16BigEndian(end.AsSpan(AfterIpv6 + 4), (ushort)(end.Length - AfterIpv6));

        PassesUnchangedAndIsCounted(loop, example);
        PassesUnchangedAndIsCounted(end, example);
    }

    [Fact]
    public void DnsMessageShorterThanItsHeader()
    {
        byte[] frame = FirstFrameOf("dns-answer-aaaa")[..(AfterIpv6 + 8 + 7)];
        WriteUInt16BigEndian(frame.AsSpan(Ipv6 + 4), 8 + 7);
        WriteUInt16BigEndian(frame.AsSpan(AfterIpv6 + 4), 8 + 7);

        PassesUnchangedAndIsCounted(frame, "dns-answer-aaaa");
    }

    [Theory]
    [InlineData("teredo-print")]
    [InlineData("teredo-rewrite-inner")]
    public void TeredoPacketWhoseInnerHeaderIsCutShort(string example)
    {
        const int indications = 13 + 8, left = 20;
        byte[] whole = FirstFrameOf("teredo-rewrite-inner");
        foreach (int length in (int[])[left, indications + left])
        {
            byte[] frame = whole[..(Udp + 8 + length)];
            WriteUInt16BigEndian(frame.AsSpan(Ipv4 + 2), (ushort)(20 + 8 + length));
            WriteUInt16BigEndian(frame.AsSpan(Udp + 4), (ushort)(8 + length));

            PassesUnchangedAndIsCounted(frame, example);
        }
    }

    [Theory]
    [InlineData("tcp-clamp-mss")]
    [InlineData("tcp-echo-syn-options")]
    [InlineData("tcp-log-options")]
    [InlineData("tcp-remove-sack-permitted")]
    [InlineData("tcp-remove-timestamps")]
    [InlineData("tcp-reorder-options")]
    [InlineData("tcp-set-window-scale")]
    [InlineData("tcp-strip-sack-permitted")]
    public void TcpOptionOfLengthZero(string example)
    {
        byte[] frame = FirstFrameOf("tcp-strip-sack-permitted");
        int options = TcpOf(frame) + 20;
        frame[options] = 99;
        frame[options + 1] = 0;

        // Both the rule and the one after it walk the list.
        PassesUnchangedAndIsCounted(frame, example, "tcp-clamp-mss");
    }

    [Theory]
    [InlineData("ndp-rewrite-ra-prefix")]
    [InlineData("ndp-deprecate-ra-prefix")]
    public void NeighborDiscoveryOptionOfLengthZero(string example)
    {
        byte[] frame = FirstFrameOf("ndp-rewrite-ra-prefix");
        frame[AfterIpv6 + 16 + 1] = 0;

        PassesUnchangedAndIsCounted(frame, example);
    }

    [Fact]
    public void WellFormedFrameIsNotCounted()
    {
        using var bridge = new ScriptedBridge();
        bridge.Folder.Copy("tcp-log-options");
        bridge.Start();

        bridge.Pass(FirstFrameOf("tcp-strip-sack-permitted"));

        Assert.Equal(0, bridge.Left.Counters.NotUnderstood);
    }

    private static void PassesUnchangedAndIsCounted(byte[] frame, params string[] examples)
    {
        using var bridge = new ScriptedBridge();
        foreach (string example in examples.Distinct())
            bridge.Folder.Copy(example);
        bridge.Start();

        byte[]? passed = bridge.Pass(frame);

        Assert.Equal(frame, passed);
        Assert.Equal(1, bridge.Left.Counters.NotUnderstood);
        Assert.All(bridge.Bridge.Chain.Entries, rule => Assert.Equal(0, rule.Counters.Faults));
    }

    /// <summary>The frame of an example's first test.</summary>
    private static byte[] FirstFrameOf(string example) => [.. GoldenFrames.Of(example)[0].In];

    private static int TcpOf(byte[] frame) => frame[12] == 0x86 ? AfterIpv6 : Ipv4 + ((frame[Ipv4] & 0xf) * 4);
}
