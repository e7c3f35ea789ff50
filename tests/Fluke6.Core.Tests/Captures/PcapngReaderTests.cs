using Fluke6.Frames;

namespace Fluke6.Core.Tests.Captures;

/// <summary>pcapng files of every kind are read, and what is wrong with one is said in a line after all that stands before it was read.</summary>
public sealed class PcapngReaderTests
{
    private static readonly byte[] s_first = [.. Enumerable.Range(0, 61).Select(i => (byte)i)];
    private static readonly byte[] s_second = [.. Enumerable.Range(100, 42).Select(i => (byte)i)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BothByteOrdersAndAllPacketBlocks(bool littleEndian)
    {
        var read = ReadPackets.Of(new CaptureBytes(littleEndian).Section("dumpcap").Interface().Interface(resolution: 9)
            .Enhanced(0, 1_700_000_000_123_456, s_first)
            .Enhanced(1, 1_700_000_000_123_456_789, s_second, original: 142, flags: 2)
            .Obsolete(1, 1_700_000_001_000_000_000, s_first)
            .Simple(42, s_second));

        Assert.Null(read.Fault);
        Assert.Equal(
            [1_700_000_000_123_456_000, 1_700_000_000_123_456_789, 1_700_000_001_000_000_000, 1_700_000_001_000_000_000],
            read.Packets.Select(packet => packet.Time));
        Assert.Equal([0, 1, 1, 0], read.Packets.Select(packet => packet.Interface));
        Assert.Equal([0, 100, 0, 0], read.Packets.Select(packet => packet.Missing));
        Assert.Equal([s_first, s_second, s_first, s_second], read.Packets.Select(packet => packet.Octets));
        Assert.All(read.Packets, packet => Assert.Equal((2, false), (packet.Interfaces, packet.IsDeparture)));
    }

    [Fact]
    public void SectionsHaveByteOrdersAndInterfacesOfTheirOwn()
    {
        var read = ReadPackets.Of(new CaptureBytes(true).Section().Interface().Interface().Enhanced(1, 1, s_first)
            .And(new CaptureBytes(false).Section().Interface(resolution: 0).Enhanced(0, 2, s_second)));

        Assert.Null(read.Fault);
        Assert.Equal([(1, 2, 1000L), (0, 1, 2_000_000_000L)], read.Packets.Select(packet => (packet.Interface, packet.Interfaces, packet.Time)));
    }

    [Theory]
    [InlineData(null, null, 5_000_001, 5_000_001_000)]
    [InlineData((byte)0, null, 5, 5_000_000_000)]
    [InlineData((byte)3, null, 5_001, 5_001_000_000)]
    [InlineData((byte)9, null, 5_000_000_001, 5_000_000_001)]
    [InlineData((byte)12, null, 5_000_000_001_999, 5_000_000_001)]
    [InlineData((byte)60, null, ulong.MaxValue, 1)]
    [InlineData((byte)0x80, null, 7, 7_000_000_000)]
    [InlineData((byte)0x8A, null, 1536, 1_500_000_000)]            // units of 2^-10 s
    [InlineData((byte)0xA0, null, 0x1_8000_0000, 1_500_000_000)]   // NTP's
    [InlineData((byte)0xFF, null, ulong.MaxValue, 0)]
    [InlineData((byte)6, 1_700_000_000L, 1, 1_700_000_000_000_001_000)]
    [InlineData((byte)6, -3L, 5_000_000, 2_000_000_000)]
    public void TimesAreOfTheInterfacesResolutionAndOffset(byte? resolution, long? offset, ulong units, long nanoseconds)
    {
        var read = ReadPackets.Of(new CaptureBytes().Section().Interface(resolution: resolution, offset: offset).Enhanced(0, units, s_first));

        Assert.Null(read.Fault);
        Assert.Equal(nanoseconds, read.Packets.Single().Time);
    }

    [Theory]
    [InlineData((byte)6, 0L, ulong.MaxValue)]
    [InlineData((byte)0, long.MaxValue, ulong.MaxValue)]
    [InlineData((byte)0, long.MinValue, 0)]
    [InlineData((byte)6, -1L, 999_999)]
    public void TimeThatIsNoneIsDamage(byte resolution, long offset, ulong units)
    {
        var read = ReadPackets.Of(new CaptureBytes().Section().Interface(resolution: resolution, offset: offset).Enhanced(0, units, s_first));

        Assert.Empty(read.Packets);
        Assert.Equal("in.pcap is damaged, or its clock was: packet 1 has a time before 1970 or after 2262", read.Fault);
    }

    [Fact]
    public void UnknownBlocksArePassedOverHoweverLong()
    {
        var read = ReadPackets.Of(new CaptureBytes().Section().Interface().Block(0x0BAD, body => body.Raw(new byte[1_000_000])).Enhanced(0, 1, s_first)
            .Block(5, body => body.Raw(new byte[12])).Block(0x8000_0001, _ => { }).Enhanced(0, 2, s_second));

        Assert.Null(read.Fault);
        Assert.Equal([s_first, s_second], read.Packets.Select(packet => packet.Octets));
    }

    [Fact]
    public void PacketInABlockThatIsLongerThanTheWindowIsRead()
    {
        // A frame as long as any, then more options than fit; and a packet longer than any frame.
        byte[] longest = [.. Enumerable.Range(0, FrameBuffer.MaxFrameLength).Select(i => (byte)(i * 7))];
        var read = ReadPackets.Of(new CaptureBytes().Section().Interface()
            .Block(6, body => body.U32(0).U32(0).U32(1).U32((uint)longest.Length).U32((uint)longest.Length).Raw(longest).Raw(new byte[400_000]))
            .Enhanced(0, 2, new byte[500_000]).Enhanced(0, 3, s_second));

        Assert.Null(read.Fault);
        Assert.Equal(longest, read.Packets[0].Octets);
        Assert.Equal([false, true, false], read.Packets.Select(packet => packet.IsTooLong));
        Assert.Equal(s_second, read.Packets[2].Octets);
    }

    [Fact]
    public void SimplePacketIsAsLongAsTheSnapshot()
    {
        var read = ReadPackets.Of(new CaptureBytes().Section().Interface(snapshot: 42).Simple(1000, s_second));

        Assert.Equal((958, 42), (read.Packets.Single().Missing, read.Packets.Single().Octets.Length));
    }

    [Fact]
    public void OnlyFluke6sOwnDeparturesAreTold()
    {
        static CaptureBytes Section(string application) => new CaptureBytes().Section(application).Interface().Interface()
            .Enhanced(0, 1, s_first, flags: 1).Enhanced(1, 1, s_second, flags: 2).Enhanced(1, 1, s_second);

        Assert.Equal([false, true, false], ReadPackets.Of(Section("fluke6")).Packets.Select(packet => packet.IsDeparture));
        Assert.Equal([false, false, false], ReadPackets.Of(Section("Dumpcap (Wireshark) 4.0")).Packets.Select(packet => packet.IsDeparture));
    }

    [Fact]
    public void WhatStandsBeforeTheCutIsRead()
    {
        CaptureBytes bytes = new CaptureBytes().Section();
        List<int> ends = [bytes.Length, bytes.Interface().Length];
        foreach (byte[] octets in (byte[][])[s_first, s_second, s_first])
            ends.Add(bytes.Enhanced(0, 1, octets, flags: 1).Length);
        byte[] whole = bytes.ToArray();

        for (int length = 4; length <= whole.Length; length++)
        {
            var read = ReadPackets.Of(whole[..length]);

            Assert.Equal(Math.Max(0, ends.Count(end => end <= length) - 2), read.Packets.Count);
            Assert.Equal(!ends.Contains(length), read.Fault is not null);
            Assert.True(read.Fault is null || read.Fault.StartsWith("in.pcap is cut short: it ends within the block ", StringComparison.Ordinal), read.Fault);
        }
    }

    [Fact]
    public void DamageIsSaidWithItsPlace()
    {
        static string? Fault(Action<CaptureBytes> damage)
        {
            CaptureBytes bytes = new CaptureBytes().Section().Interface().Enhanced(0, 1, s_second);
            damage(bytes);
            var read = ReadPackets.Of(bytes);
            Assert.Single(read.Packets);
            return read.Fault;
        }

        Assert.Equal("in.pcap is damaged: packet 2 is of interface 1, which is not described", Fault(bytes => bytes.Enhanced(1, 1, s_first)));
        Assert.Equal("in.pcap is damaged: packet 2 claims 99,999 bytes, and its block has 64", Fault(bytes => bytes.Enhanced(0, 1, s_first, captured: 99_999)));
        Assert.Equal("in.pcap is damaged: the block of packet 2 is too short", Fault(bytes => bytes.Block(6, body => body.U32(0))));
        Assert.Equal("in.pcap is damaged at byte 136: no block has a length of 13", Fault(bytes => bytes.U32(6).U32(13).U32(13)));
        Assert.Equal("in.pcap is damaged at byte 136: no block has a length of 8", Fault(bytes => bytes.U32(6).U32(8).U32(8)));
        Assert.Equal(
            "in.pcap is damaged: the block at byte 136 is 12 bytes long at its beginning and 16 at its end", Fault(bytes => bytes.Block(9, _ => { }, trailer: 16)));
        Assert.Equal("in.pcap is damaged at byte 136: a section without a byte order", Fault(bytes => bytes.Block(0x0A0D0D0A, body => body.Raw(new byte[16]))));
        Assert.Equal("in.pcap is of version 2 of pcapng; Fluke6 reads version 1", Fault(bytes => bytes.Section(version: 2)));
        Assert.Equal("in.pcap is cut short: it ends within the block of 4,294,967,292 bytes at byte 136", Fault(bytes => bytes.U32(9).U32(0xFFFF_FFFC).U32(0)));
    }
}
