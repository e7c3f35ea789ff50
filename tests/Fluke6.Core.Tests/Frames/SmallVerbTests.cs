using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Edits and answers of one line: without ECN, a UDP answer.</summary>
public class SmallVerbTests
{
    // The bits stand in the second octet of IPv4's header, and in the low four bits of IPv6's second one shifted by four. RFC 3168 §5.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EcnOfThePacketGoesAndTheRestOfTheFieldStays(byte ecn)
    {
        byte[] ipv4 = new FrameShape { Payload = FrameShapes.Data(20) }.ToOctets();
        ipv4[15] = (byte)(0xB8 | ecn);
        // An IPv4 header's checksum that was right.
        ipv4.AsSpan(24, 2).Clear();
        ushort sum = (ushort)~NaiveSum.Sum(ipv4.AsSpan(14, 20));
        (ipv4[24], ipv4[25]) = ((byte)(sum >> 8), (byte)sum);
        FrameBuffer buffer = Load(ipv4);
        Assert.Equal(EditResult.Changed, new Frame(buffer).StripEcn());
        Assert.Equal(0xB8, buffer.Octets[15]);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);

        byte[] ipv6 = new FrameShape { IsIpv6 = true, Payload = FrameShapes.Data(20) }.ToOctets();
        (ipv6[14], ipv6[15]) = (0x6B, (byte)(0x81 | (ecn << 4)));
        buffer = Load(ipv6);
        Assert.Equal(EditResult.Changed, new Frame(buffer).StripEcn());
        Assert.Equal([0x6B, 0x81], buffer.Octets[14..16].ToArray());
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).StripEcn());
    }

    // ECE, CWR and AE ask for it in a SYN; in any other segment they say what they say. RFC 3168 §6.1.1, RFC 9768 §3.1.
    [Theory]
    [InlineData(0xC2, 0x02)]
    [InlineData(0x52, 0x12)]
    [InlineData(0xD0, 0xD0)]
    public void SynOffersNoEcn(byte flags, byte expected)
    {
        FrameShape shape = new() { TcpFlags = flags };
        foreach (bool partial in (bool[])[false, true])
        {
            FrameBuffer buffer = (shape with { HasPartialChecksum = partial }).ToBuffer();
            Assert.Equal(flags == expected ? EditResult.Unchanged : EditResult.Changed, new Frame(buffer).StripEcn());
            Assert.Equal(expected, buffer.Octets[shape.TransportOffset + 13]);
            Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public void DatagramBecomesItsAnswer(bool isIpv6, int tags)
    {
        foreach (bool partial in (bool[])[false, true])
        {
            FrameShape shape = new() { IsIpv6 = isIpv6, VlanTags = tags, Transport = IpProtocol.Udp, Payload = FrameShapes.Data(33), HasPartialChecksum = partial, Mtu = 1500 };
            FrameBuffer buffer = shape.ToBuffer();
            var before = new Snapshot(buffer);
            byte[] answer = FrameShapes.Data(700);
            Assert.Equal(Verdict.Reflect, new Frame(buffer).AnswerUdp(answer));
            FrameCheck check = FrameCheck.Read(buffer);
            Assert.Equal((0, 700), (check.ChecksumError, check.PayloadLength));
            Assert.Equal(answer, buffer.Octets[check.PayloadOffset..].ToArray());
            Assert.True(new Frame(buffer).TryGetUdp(out UdpHeader udp));
            Assert.Equal((53, 40000), (udp.SourcePort, udp.DestinationPort));
            Assert.Equal(64, buffer.Octets[shape.NetworkOffset + (isIpv6 ? 7 : 8)]);
            (int source, int length) = isIpv6 ? (8, 16) : (12, 4);
            byte[] addresses = before.Octets[(shape.NetworkOffset + source)..(shape.NetworkOffset + source + (2 * length))];
            Assert.Equal([.. addresses[length..], .. addresses[..length]], buffer.Octets.Slice(shape.NetworkOffset + source, 2 * length).ToArray());
            buffer.Undo();
            before.AssertSame(buffer);
        }
    }

    [Fact]
    public void NobodyIsAnsweredForAGroupNorWithMoreThanFits()
    {
        FrameShape shape = new() { Transport = IpProtocol.Udp, Payload = FrameShapes.Data(33), Mtu = 1500 };
        AssertNotAnswered(shape.ToOctets(), 1500 - 28 + 1);
        AssertNotAnswered((shape with { Transport = IpProtocol.Tcp }).ToOctets(), 10);
        byte[] group = shape.ToOctets();
        group[0] = 1;
        AssertNotAnswered(group, 10);
        byte[] fragment = shape.ToOctets();
        fragment[20] = 0x20;
        AssertNotAnswered(fragment, 10);
    }

    private static void AssertNotAnswered(byte[] octets, int length)
    {
        FrameBuffer buffer = Load(octets);
        Assert.Equal(Verdict.Continue, new Frame(buffer).AnswerUdp(new byte[length]));
        Assert.Equal(octets, buffer.Octets.ToArray());
        Assert.False(buffer.Edited);
    }

    private static FrameBuffer Load(byte[] octets)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left, 1500);
        return buffer;
    }
}
