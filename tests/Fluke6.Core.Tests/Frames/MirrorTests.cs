using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

public class MirrorTests
{
    public static TheoryData<IpProtocol> Transports => [IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Icmpv4];

    [Theory]
    [MemberData(nameof(Transports))]
    public void AddressesAndPortsChangePlacesAndNothingElseChanges(IpProtocol transport)
    {
        foreach ((string name, FrameShape sample) in FrameShapes.Of(new FrameShape { Transport = transport, Payload = FrameShapes.Data(9) }))
        {
            if (sample.IsSourceRouted)
                continue;

            byte[] expected = sample.ToOctets();
            if (!sample.IsRawIp)
                Swap(expected, 0, 6);
            Swap(expected, sample.NetworkOffset + (sample.IsIpv6 ? 8 : 12), sample.IsIpv6 ? 16 : 4);
            if (transport != IpProtocol.Icmpv4)
                Swap(expected, sample.TransportOffset, 2);
            FrameBuffer buffer = sample.ToBuffer();

            Assert.True(new Frame(buffer).Mirror() == EditResult.Changed, name);

            Assert.Equal(expected, buffer.Octets.ToArray());
            Assert.Equal(sample.ChecksumError, FrameCheck.Read(buffer, sample.Trailer).ChecksumError);
        }
    }

    [Fact]
    public void ASourceRoutedPacketIsRefused()
    {
        FrameBuffer buffer = new FrameShape
        {
            IsIpv6 = true, ExtensionHeaders = FrameShapes.SourceRoute,
        }.ToBuffer();
        var before = new Snapshot(buffer);

        Assert.Equal(EditResult.Refused, new Frame(buffer).Mirror());
        before.AssertSame(buffer);
        Assert.False(buffer.Edited);
    }

    [Fact]
    public void InArpSenderAndTargetChangePlaces()
    {
        FrameBuffer buffer = AnswerArpTests.Request();

        Assert.Equal(EditResult.Changed, new Frame(buffer).Mirror());

        Assert.Equal(
            "020000000001FFFFFFFFFFFF" + "0806" + "0001080006040001" + "000000000000C0000209" + "020000000001C0000201" + new string('0', 36),
            Convert.ToHexString(buffer.Octets));
    }

    [Fact]
    public void ALaterFragmentHasNoPortsToSwap()
    {
        byte[] octets = new FrameShape { IsRawIp = true, Payload = FrameShapes.Data(24) }.ToOctets();
        octets[6] = 0;
        octets[7] = 3;
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.RawIp, default);
        Swap(octets, 12, 4);

        Assert.Equal(EditResult.Changed, new Frame(buffer).Mirror());
        Assert.Equal(octets, buffer.Octets.ToArray());
    }

    [Fact]
    public void WhatIsNotIpOnTunStaysAsItIs()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load([0xF0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], LinkType.RawIp, default);

        Assert.Equal(EditResult.Unchanged, new Frame(buffer).Mirror());
        Assert.False(buffer.Edited);
    }

    private static void Swap(byte[] octets, int offset, int length)
    {
        for (int i = offset; i < offset + length; i++)
            (octets[i], octets[i + length]) = (octets[i + length], octets[i]);
    }
}
