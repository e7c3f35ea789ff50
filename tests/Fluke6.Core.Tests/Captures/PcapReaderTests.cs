using Fluke6.Captures;
using Fluke6.Frames;

namespace Fluke6.Core.Tests.Captures;

/// <summary>pcap files of every kind are read, and what is wrong with one is said in a line after all that stands before it was read.</summary>
public sealed class PcapReaderTests
{
    private static readonly byte[] s_first = [.. Enumerable.Range(0, 60).Select(i => (byte)i)];
    private static readonly byte[] s_second = [.. Enumerable.Range(100, 43).Select(i => (byte)i)];

    [Theory]
    [InlineData(true, 0xA1B2C3D4, 1_700_000_000_123_456_000)]
    [InlineData(false, 0xA1B2C3D4, 1_700_000_000_123_456_000)]
    [InlineData(true, 0xA1B23C4D, 1_700_000_000_000_123_456)]
    [InlineData(false, 0xA1B23C4D, 1_700_000_000_000_123_456)]
    public void BothByteOrdersAndResolutions(bool littleEndian, uint magic, long time)
    {
        var read = ReadPackets.Of(new CaptureBytes(littleEndian).PcapHeader(magic)
            .PcapPacket(1_700_000_000, 123_456, s_first).PcapPacket(1_700_000_001, 0, s_second));

        Assert.Null(read.Fault);
        Assert.Equal([time, 1_700_000_001_000_000_000], read.Packets.Select(packet => packet.Time));
        Assert.Equal(s_first, read.Packets[0].Octets);
        Assert.Equal(s_second, read.Packets[1].Octets);
        Assert.All(read.Packets, packet => Assert.Equal((0, 1, 0), (packet.Interface, packet.Interfaces, packet.Missing)));
    }

    [Fact]
    public void SnappedPacketSaysHowMuchIsMissing()
    {
        var read = ReadPackets.Of(new CaptureBytes().PcapHeader().PcapPacket(1, 2, s_first, original: 1514).PcapPacket(2, 0, s_second, original: 10));

        Assert.Equal([1454, 0], read.Packets.Select(packet => packet.Missing));
    }

    [Fact]
    public void WhatStandsBeforeTheCutIsRead()
    {
        CaptureBytes bytes = new CaptureBytes().PcapHeader();
        List<int> ends = [bytes.Length];
        foreach (byte[] octets in (byte[][])[s_first, s_second, s_first])
            ends.Add(bytes.PcapPacket(1, 2, octets).Length);
        byte[] whole = bytes.ToArray();

        for (int length = 1; length <= whole.Length; length++)
        {
            var read = ReadPackets.Of(whole[..length]);

            Assert.Equal(Math.Max(0, ends.Count(end => end <= length) - 1), read.Packets.Count);
            Assert.Equal(!ends.Contains(length), read.Fault is not null);
            Assert.Equal(length >= 4 && !ends.Contains(length), read.Fault?.StartsWith("in.pcap is cut short: it ends within ", StringComparison.Ordinal) == true);
        }

        Assert.Equal("in.pcap is cut short: it ends within packet 2, 40 of whose 43 bytes are there", ReadPackets.Of(whole[..(ends[2] - 3)]).Fault);
        Assert.Equal("in.pcap is cut short: it ends within the header of packet 2", ReadPackets.Of(whole[..(ends[1] + 3)]).Fault);
    }

    [Fact]
    public void WhatIsNoCaptureIsToldSo()
    {
        Assert.Equal("in.pcap is empty, so it is no capture", ReadPackets.Of([]).Fault);
        Assert.Equal("in.pcap is no capture: it begins with 7f454c46, not as pcap or pcapng does", ReadPackets.Of("\u007fELF..."u8.ToArray()).Fault);
        Assert.Equal("in.pcap is compressed: unpack it first, as with gunzip", ReadPackets.Of([0x1F, 0x8B, 8, 0]).Fault);
        Assert.Equal("in.pcap is compressed: unpack it first, as with unzstd", ReadPackets.Of([0x28, 0xB5, 0x2F, 0xFD]).Fault);
        Assert.Equal("in.pcap is of version 3 of pcap; Fluke6 reads version 2", ReadPackets.Of(new CaptureBytes().PcapHeader(version: 3)).Fault);
    }

    [Fact]
    public void LengthThatNoPacketHasIsDamage()
    {
        var read = ReadPackets.Of(new CaptureBytes().PcapHeader().PcapPacket(1, 2, s_first).PcapPacket(3, 4, s_first, captured: 0xFFFF_FFFF));

        Assert.Single(read.Packets);
        Assert.Equal("in.pcap is damaged at byte 100: packet 2 claims 4,294,967,295 bytes", read.Fault);
    }

    [Fact]
    public void PacketLongerThanAnyFrameIsPassedOver()
    {
        var read = ReadPackets.Of(new CaptureBytes().PcapHeader().PcapPacket(1, 0, new byte[200_000]).PcapPacket(2, 0, s_second)
            .PcapPacket(3, 0, new byte[FrameBuffer.MaxFrameLength]));

        Assert.Equal([true, false, false], read.Packets.Select(packet => packet.IsTooLong));
        Assert.Equal(s_second, read.Packets[1].Octets);
        Assert.Equal(FrameBuffer.MaxFrameLength, read.Packets[2].Octets.Length);
    }

    [Theory]
    [InlineData(1, LinkType.Ethernet)]
    [InlineData(0x1400_0001, LinkType.Ethernet)]    // with a frame check sequence of four bytes
    [InlineData(12, LinkType.RawIp)]
    [InlineData(14, LinkType.RawIp)]
    [InlineData(101, LinkType.RawIp)]
    [InlineData(228, LinkType.RawIp)]
    [InlineData(229, LinkType.RawIp)]
    public void LinkTypesThatAreReplayed(uint number, LinkType expected)
    {
        using var reader = CaptureReader.Open(new MemoryStream(new CaptureBytes().PcapHeader(linkType: number).PcapPacket(1, 2, s_first).ToArray()), "x");
        Assert.True(reader.MoveNext());
        Assert.Equal(expected, reader.LinkType);
    }

    [Theory]
    [InlineData(113, "a Linux cooked packet, as of tcpdump -i any (tcprewrite --dlt=enet makes Ethernet frames of them)")]
    [InlineData(127, "an 802.11 frame with radio information")]
    [InlineData(195, "of link type 195")]
    public void OtherLinkTypesAreNamed(uint number, string words)
    {
        using var reader = CaptureReader.Open(new MemoryStream(new CaptureBytes().PcapHeader(linkType: number).PcapPacket(1, 2, s_first).ToArray()), "x");
        Assert.True(reader.MoveNext());
        Assert.Equal($"x: packet 1 is {words}; Fluke6 replays Ethernet frames and IP packets", Assert.Throws<CaptureReadException>(() => reader.LinkType).Message);
    }

    [Fact]
    public void PipeIsReadAsItComes()
    {
        byte[] whole = new CaptureBytes().PcapHeader().PcapPacket(1, 2, s_first).PcapPacket(3, 4, s_second).ToArray();

        var read = ReadPackets.Of(new Drops(whole));

        Assert.Null(read.Fault);
        Assert.Equal([s_first, s_second], read.Packets.Select(packet => packet.Octets));
    }

    [Fact]
    public void FileThatFailsIsToldWithItsName() =>
        Assert.Equal("in.pcap cannot be read: the disk is gone", ReadPackets.Of(new Failing()).Fault);

    /// <summary>Gives a byte at a time.</summary>
    private sealed class Drops(byte[] octets) : MemoryStream(octets)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }

    private sealed class Failing : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("the disk is gone.");
    }
}
