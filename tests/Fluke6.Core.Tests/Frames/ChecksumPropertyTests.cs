using System.Buffers.Binary;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>What setters do to checksums, against a full recompute.</summary>
public class ChecksumPropertyTests
{
    private const int Rounds = 300;

    public static TheoryData<string> Samples => KnownFrames.Names;

    [Theory]
    [MemberData(nameof(Samples))]
    public void SampleIsValid(string name)
    {
        Assert.Equal(0, NaiveSum.TransportError(KnownFrames.All[name]));
        Assert.Equal(0, NaiveSum.HeaderError(KnownFrames.All[name]));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void RandomEditsLeaveWhatAFullRecomputeGives(string name)
    {
        var random = new Random(1);
        for (int round = 0; round < Rounds; round++)
        {
            FrameBuffer buffer = Arrived.Buffer(KnownFrames.All[name]);
            var frame = new Frame(buffer);
            for (int edit = 0; edit < 4; edit++)
                RandomEdits.Apply(ref frame, random);

            (int field, ushort expected) = NaiveSum.Recompute(frame.Octets);
            Assert.Equal(expected, BinaryPrimitives.ReadUInt16BigEndian(frame.Octets[field..]));
            Assert.Equal(0, NaiveSum.HeaderError(frame.Octets));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void CorruptFrameKeepsItsErrorExactly(string name)
    {
        var random = new Random(2);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] octets = KnownFrames.All[name].ToArray();
            (int field, ushort right) = NaiveSum.Recompute(octets);
            ushort wrong = (ushort)random.Next(1, 0xFFFF);
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(field), wrong);
            int error = NaiveSum.TransportError(octets);
            Assert.Equal(wrong == right, error == 0);

            FrameBuffer buffer = Arrived.Buffer(octets);
            var frame = new Frame(buffer);
            for (int edit = 0; edit < 4; edit++)
                RandomEdits.Apply(ref frame, random);

            Assert.Equal(error, NaiveSum.TransportError(frame.Octets));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void PartialChecksumIsRightOnceCompleted(string name)
    {
        var random = new Random(3);
        for (int round = 0; round < Rounds; round++)
        {
            FrameBuffer buffer = Arrived.Buffer(KnownFrames.All[name]);
            var frame = new Frame(buffer);
            if (frame.TryGetIcmpv4(out _))
                return;     // has no pseudo-header to be partial over

            Arrived.LeaveChecksum(buffer);
            for (int edit = 0; edit < 4; edit++)
                RandomEdits.Apply(ref frame, random);

            Assert.True(frame.HasPartialChecksum);
            Assert.Equal(0, NaiveSum.TransportError(frame.ToArray()));
        }
    }

    [Fact]
    public void AbsentUdpChecksumStaysZero()
    {
        byte[] octets = KnownFrames.UdpOverIpv4;
        (int field, _) = NaiveSum.Recompute(octets);
        octets[field] = octets[field + 1] = 0;
        FrameBuffer buffer = Arrived.Buffer(octets);
        var frame = new Frame(buffer);

        var random = new Random(4);
        for (int round = 0; round < Rounds; round++)
        {
            RandomEdits.Apply(ref frame, random);
            Assert.True(frame.TryGetUdp(out UdpHeader udp));
            Assert.Equal(0, udp.Checksum);
            Assert.Equal(ChecksumKind.Absent, udp.ChecksumKind);
        }
    }

    [Fact]
    public void UdpChecksumNeverBecomesZero()
    {
        FrameBuffer buffer = Arrived.Buffer(KnownFrames.UdpOverIpv6);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetUdp(out UdpHeader udp));
        int allOnes = 0;
        for (int port = 0; port <= ushort.MaxValue; port++)
        {
            udp.SourcePort = (ushort)port;
            Assert.NotEqual(0, udp.Checksum);
            if (udp.Checksum == 0xFFFF)
                allOnes++;
        }

        Assert.NotEqual(0, allOnes);    // so the case did occur
        Assert.Equal(0, NaiveSum.TransportError(frame.Octets));
    }

    [Fact]
    public void SettersTellTheGuardOnceBeforeTheyWriteAndNotForNothing()
    {
        FrameBuffer buffer = Arrived.Buffer(KnownFrames.TcpOverIpv6);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetTcp(out TcpHeader tcp));
        tcp.Window = tcp.Window;
        Assert.False(buffer.Edited);
        tcp.Window++;
        Assert.True(buffer.Edited);
        buffer.Undo();
        Assert.Equal(Hex.Of(KnownFrames.TcpOverIpv6), Hex.Of(buffer.Octets));
    }
}
