using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

public class AnswerEchoTests
{
    private static readonly MacAddress Ours = MacAddress.Parse("02:00:00:00:00:06");

    [Fact]
    public void TheNotesRequestBecomesTheNotesReply()
    {
        FrameBuffer buffer = CourseNotes.Load(CourseNotes.EchoRequest);

        Assert.Equal(Verdict.Reflect, new Frame(buffer).AnswerEcho());

        Assert.Equal(CourseNotes.EchoReply, Convert.ToHexStringLower(buffer.Octets));
    }

    [Fact]
    public void EveryShapeOfRequestIsAnsweredWithItsData()
    {
        foreach ((string name, FrameShape sample) in FrameShapes.Of(new FrameShape { Transport = IpProtocol.Icmpv4, Payload = FrameShapes.Data(57) }))
        {
            FrameBuffer buffer = sample.ToBuffer();
            byte[] before = buffer.Octets.ToArray();

            bool answered = new Frame(buffer).AnswerEcho() == Verdict.Reflect;

            Assert.True(answered == !sample.IsSourceRouted, name);
            if (!answered)
            {
                Assert.Equal(before, buffer.Octets.ToArray());
                continue;
            }

            FrameCheck check = FrameCheck.Read(buffer, sample.Trailer);
            Assert.Equal(sample.ChecksumError, check.ChecksumError);
            Assert.Equal(sample.Payload, buffer.Octets.Slice(check.PayloadOffset, check.PayloadLength).ToArray());
            byte[] network = buffer.Octets[check.NetworkOffset..].ToArray();
            Assert.Equal(sample.IsIpv6 ? 129 : 0, buffer.Octets[check.TransportOffset]);
            Assert.Equal(64, network[sample.IsIpv6 ? 7 : 8]);
            if (sample.IsIpv6)
                Assert.Equal(0x6000_0000u, ReadUInt32BigEndian(network));
            Assert.Equal(sample.NetworkOffset + (sample.IsIpv6 ? 40 : 20 + (sample.HasRouterAlert ? 4 : 0)), check.TransportOffset);
            buffer.Undo();
            Assert.Equal(before, buffer.Octets.ToArray());
        }
    }

    [Theory]
    [InlineData("e0000001", "01005e000001")]
    [InlineData("ffffffff", "ffffffffffff")]
    [InlineData("c00002ff", "ffffffffffff")]
    public void AGroupOverIpv4IsAnsweredOnlyForWhoSaysWhoAnswers(string destination, string mac)
    {
        FrameBuffer buffer = new FrameShape { Transport = IpProtocol.Icmpv4, Payload = [1, 2, 3] }.ToBuffer();
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetIpv4(out Ipv4Header ipv4));
        ipv4.Destination = Ipv4Address.Read(Convert.FromHexString(destination));
        Convert.FromHexString(mac).CopyTo(buffer.Octets);

        Assert.Equal(Verdict.Continue, frame.AnswerEcho());
        Assert.Equal(Verdict.Continue, frame.AnswerEcho(Ipv6Address.Parse("2001:db8::6"), Ours));
        Assert.Equal(Verdict.Reflect, frame.AnswerEcho(Ipv4Address.Parse("192.0.2.6"), Ours));

        Assert.Equal("020000000001" + "020000000006", Convert.ToHexString(buffer.Octets[..12]));
        Assert.Equal("C0000206" + "C0000201", Convert.ToHexString(buffer.Octets.Slice(26, 8)));
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Fact]
    public void AGroupOverIpv6IsAnsweredOnlyForWhoSaysWhoAnswers()
    {
        FrameBuffer buffer = new FrameShape { IsIpv6 = true, Transport = IpProtocol.Icmpv4, Payload = [1, 2, 3] }.ToBuffer();
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetIpv6(out Ipv6Header ipv6));
        ipv6.Destination = Ipv6Address.AllNodes;
        MacAddress.ForMulticast(Ipv6Address.AllNodes).WriteTo(buffer.Octets);

        Assert.Equal(Verdict.Continue, frame.AnswerEcho());
        Assert.Equal(Verdict.Reflect, frame.AnswerEcho(Ipv6Address.Parse("2001:db8::6"), Ours));

        Assert.Equal("020000000001" + "020000000006", Convert.ToHexString(buffer.Octets[..12]));
        Assert.True(frame.TryGetIpv6(out ipv6));
        Assert.Equal(Ipv6Address.Parse("2001:db8::6"), ipv6.Source);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Fact]
    public void OtherMessagesFragmentsAndStrangersAreNotAnswered()
    {
        FrameShape request = new() { Transport = IpProtocol.Icmpv4, Payload = new byte[16] };
        AssertNotAnswered(request with { IsFirstFragment = true });
        AssertNotAnswered(new FrameShape());
        AssertNotAnswered(request, octets => octets[34] = 0);                           // a reply
        AssertNotAnswered(request, octets => octets[35] = 1);                           // a code that echo does not have
        AssertNotAnswered(request, octets => octets.AsSpan(26, 4).Clear());             // from nobody
        AssertNotAnswered(request, octets => octets[26] = 224);                         // from a group
        AssertNotAnswered(request with { IsIpv6 = true }, octets => octets.AsSpan(22, 16).Clear());
        AssertNotAnswered(request with { IsIpv6 = true }, octets => octets[6] = 1);     // from a group's MAC address
    }

    private static void AssertNotAnswered(FrameShape sample, Action<byte[]>? change = null)
    {
        byte[] octets = sample.ToOctets();
        change?.Invoke(octets);
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, sample.LinkType, default);

        Assert.Equal(Verdict.Continue, new Frame(buffer).AnswerEcho());
        Assert.Equal(Verdict.Continue, new Frame(buffer).AnswerEcho(Ipv4Address.Parse("192.0.2.6"), Ours));
        Assert.Equal(Verdict.Continue, new Frame(buffer).AnswerEcho(Ipv6Address.Parse("2001:db8::6"), Ours));
        Assert.Equal(octets, buffer.Octets.ToArray());
        Assert.False(buffer.Edited);
    }
}
