using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

public class TcpOptionEditTests
{
    private const string Mss = "020405B4", SackPermitted = "0402", Timestamps = "080A1234567800000000", WindowScale = "030307";

    public static TheoryData<string, TcpOptionKind, string> Removals => new()
    {
        // What frees no word is filled up at the end.
        { Mss + SackPermitted + Timestamps + "01" + WindowScale, TcpOptionKind.SackPermitted, Mss + Timestamps + "01" + WindowScale + "0000" },
        { Mss + SackPermitted + Timestamps + "01" + WindowScale, TcpOptionKind.Timestamps, Mss + SackPermitted + "01" + WindowScale + "0000" },
        // A NOP in front belonged to what is gone.
        { Mss + SackPermitted + Timestamps + "01" + WindowScale, TcpOptionKind.WindowScale, Mss + SackPermitted + Timestamps },
        { Mss + "01030306" + "0101" + Timestamps + SackPermitted + "0000", TcpOptionKind.SackPermitted, Mss + "01030306" + "0101" + Timestamps },
        { Mss + "01030308" + "0101" + SackPermitted, TcpOptionKind.SackPermitted, Mss + "01030308" },
        { Mss + "01030308" + "0101" + SackPermitted, TcpOptionKind.MaximumSegmentSize, "01030308" + "0101" + SackPermitted },
        { "0101080A1234567887654321" + "0101050A0000100000002000", TcpOptionKind.Sack, "0101080A1234567887654321" },
        // Those behind stay where they align what follows, and go where that frees a word.
        { "0101080A1234567887654321" + "0101050A0000100000002000", TcpOptionKind.Timestamps, "0101050A0000100000002000" },
        { SackPermitted + "0101" + Mss, TcpOptionKind.SackPermitted, Mss },
        // All of the kind go.
        { Mss + "01" + WindowScale + Mss + "01" + WindowScale, TcpOptionKind.MaximumSegmentSize, "01" + WindowScale + "01" + WindowScale },
        { SackPermitted + "0000", TcpOptionKind.SackPermitted, "" },
    };

    [Theory]
    [MemberData(nameof(Removals))]
    public void RemovingShrinksTheHeaderByTheWordsThatItFrees(string options, TcpOptionKind kind, string expected)
    {
        FrameBuffer buffer = Syn(options).ToBuffer();

        Assert.Equal(EditResult.Changed, new Frame(buffer).RemoveTcpOption(kind));

        AssertOptions(buffer, expected);
    }

    public static TheoryData<TcpOptionKind[], string> SeveralRemovals => new()
    {
        { [TcpOptionKind.SackPermitted, TcpOptionKind.Timestamps], Mss + "01" + WindowScale },
        { [TcpOptionKind.SackPermitted, TcpOptionKind.WindowScale, TcpOptionKind.FastOpen], Mss + Timestamps + "0000" },
        { [TcpOptionKind.MaximumSegmentSize, TcpOptionKind.SackPermitted, TcpOptionKind.Timestamps, TcpOptionKind.WindowScale], "" },
    };

    [Theory]
    [MemberData(nameof(SeveralRemovals))]
    public void SeveralKindsGoInOneEditAndAreTheComplementOfThoseThatAreKept(TcpOptionKind[] kinds, string expected)
    {
        string options = Mss + SackPermitted + Timestamps + "01" + WindowScale;
        FrameBuffer buffer = Syn(options).ToBuffer();
        Assert.Equal(EditResult.Changed, new Frame(buffer).RemoveTcpOptions(kinds));
        AssertOptions(buffer, expected);
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).RemoveTcpOptions(kinds));

        TcpOptionKind[] others = [TcpOptionKind.MaximumSegmentSize, TcpOptionKind.SackPermitted, TcpOptionKind.Timestamps, TcpOptionKind.WindowScale];
        buffer = Syn(options).ToBuffer();
        Assert.Equal(EditResult.Changed, new Frame(buffer).KeepTcpOptions([.. others.Except(kinds)]));
        AssertOptions(buffer, expected);
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).KeepTcpOptions(others));
    }

    [Fact]
    public void KeepingWhatTheNormaliserKeepsLeavesOnlyThat()
    {
        // Multipath TCP and Fast Open go, whatever a middlebox knows of them.
        FrameBuffer buffer = Syn(Mss + SackPermitted + Timestamps + "01" + WindowScale + "1E04AABB" + "2202" + "0000").ToBuffer();
        Assert.Equal(EditResult.Changed, new Frame(buffer).KeepTcpOptions(TcpOptionKind.MaximumSegmentSize, TcpOptionKind.WindowScale));
        AssertOptions(buffer, Mss + "01" + WindowScale);
        Assert.Equal(EditResult.Changed, new Frame(buffer).KeepTcpOptions());
        AssertOptions(buffer, "");
    }

    [Fact]
    public void PaddingAloneIsNothingToRemove()
    {
        FrameBuffer buffer = Syn("01010101").ToBuffer();
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).RemoveTcpOptions(TcpOptionKind.NoOperation, TcpOptionKind.EndOfList));
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).KeepTcpOptions());
        AssertOptions(buffer, "01010101");
    }

    public static TheoryData<string, TcpOptionKind, string, string> Settings => new()
    {
        { Mss + SackPermitted + "0101", TcpOptionKind.MaximumSegmentSize, "04C4", "020404C4" + SackPermitted + "0000" },
        { Mss + "01" + WindowScale, TcpOptionKind.WindowScale, "0203", Mss + "0103040203" + "000000" },
        { Mss + "01" + WindowScale + Mss, TcpOptionKind.MaximumSegmentSize, "04C4", "020404C4" + "01" + WindowScale },
        { Mss, TcpOptionKind.SackPermitted, "", Mss + SackPermitted + "0000" },
        { "", TcpOptionKind.FastOpen, "0011223344556677", "220A0011223344556677" + "0000" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void SettingReplacesInPlaceOrAppends(string options, TcpOptionKind kind, string data, string expected)
    {
        FrameBuffer buffer = Syn(options).ToBuffer();

        Assert.Equal(EditResult.Changed, new Frame(buffer).SetTcpOption(kind, Convert.FromHexString(data)));

        AssertOptions(buffer, expected);
    }

    [Fact]
    public void SettingWhatIsSetAlreadyChangesNothing()
    {
        FrameBuffer buffer = Syn(Mss + SackPermitted + "0101").ToBuffer();

        Assert.Equal(EditResult.Unchanged, new Frame(buffer).SetMaximumSegmentSize(1460));
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).SetTcpOptions(Convert.FromHexString(Mss + SackPermitted + "0101")));
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).ReorderTcpOptions(TcpOptionKind.MaximumSegmentSize));
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).RemoveTcpOption(TcpOptionKind.Timestamps));
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).RemoveTcpOption(TcpOptionKind.NoOperation));
        Assert.False(buffer.Edited);
    }

    [Fact]
    public void AnOptionKeepsTheNopsThatAlignItWhereverItGoes()
    {
        FrameBuffer buffer = Syn(Mss + "0101" + Timestamps + "01" + WindowScale).ToBuffer();

        Assert.Equal(EditResult.Changed, new Frame(buffer).ReorderTcpOptions(TcpOptionKind.WindowScale, TcpOptionKind.Sack, TcpOptionKind.Timestamps));

        AssertOptions(buffer, "01" + WindowScale + "0101" + Timestamps + Mss);
    }

    [Fact]
    public void NopsMakeRoomBeforeAnOptionIsRefused()
    {
        string full = "0101" + Timestamps + "0101" + "051A" + new string('A', 48);      // 40 octets, 4 of them NOPs
        FrameBuffer buffer = Syn(full).ToBuffer();

        Assert.Equal(EditResult.Changed, new Frame(buffer).AppendTcpOption(TcpOptionKind.SackPermitted, []));
        AssertOptions(buffer, Timestamps + "051A" + new string('A', 48) + SackPermitted + "0000");

        var before = new Snapshot(buffer);
        buffer.BeginRule();
        Assert.Equal(EditResult.Refused, new Frame(buffer).AppendTcpOption(TcpOptionKind.MaximumSegmentSize, [5, 180]));
        Assert.Equal(EditResult.Refused, new Frame(buffer).SetTcpOption(TcpOptionKind.SackPermitted, [1, 2, 3]));
        before.AssertSame(buffer);
        Assert.False(buffer.Edited);
    }

    [Theory]
    [InlineData("0200" + "05B4")]
    [InlineData("0201" + "05B4")]
    [InlineData(Mss + "0101" + "080A")]
    public void AMalformedListIsRefusedAndOnlyReplacedWhole(string options)
    {
        FrameBuffer buffer = Syn(options).ToBuffer();
        var before = new Snapshot(buffer);

        Assert.Equal(EditResult.Refused, new Frame(buffer).RemoveTcpOption(TcpOptionKind.MaximumSegmentSize));
        Assert.Equal(EditResult.Refused, new Frame(buffer).SetMaximumSegmentSize(1220));
        Assert.Equal(EditResult.Refused, new Frame(buffer).AppendTcpOption(TcpOptionKind.SackPermitted, []));
        Assert.Equal(EditResult.Refused, new Frame(buffer).ReorderTcpOptions(TcpOptionKind.Timestamps));
        before.AssertSame(buffer);

        Assert.Equal(EditResult.Changed, new Frame(buffer).SetTcpOptions(Convert.FromHexString(Mss + "04")));
        AssertOptions(buffer, Mss + "04000000");
    }

    [Fact]
    public void PaddingIsNoOptionToSet()
    {
        FrameBuffer buffer = Syn(Mss).ToBuffer();

        Assert.Equal(EditResult.Refused, new Frame(buffer).SetTcpOption(TcpOptionKind.EndOfList, []));
        Assert.Equal(EditResult.Refused, new Frame(buffer).AppendTcpOption(TcpOptionKind.NoOperation, []));
    }

    [Fact]
    public void OnlyGrowthIsHeldAgainstTheMtu()
    {
        // 20 + 20 + 4 + 56 octets: at the limit.
        FrameShape sample = Syn(Mss) with { Payload = FrameShapes.Data(56), Mtu = 100 };
        FrameBuffer buffer = sample.ToBuffer();
        var before = new Snapshot(buffer);

        Assert.Equal(EditResult.Refused, new Frame(buffer).AppendTcpOption(TcpOptionKind.SackPermitted, []));
        before.AssertSame(buffer);
        Assert.Equal(EditResult.Changed, new Frame(buffer).SetMaximumSegmentSize(1220));

        buffer = (sample with { Mtu = 50 }).ToBuffer();
        Assert.Equal(EditResult.Changed, new Frame(buffer).RemoveTcpOption(TcpOptionKind.MaximumSegmentSize));
    }

    [Theory]
    [InlineData(1428, EditResult.Changed)]
    [InlineData(1429, EditResult.Refused)]
    public void OfASuperSegmentOneSegmentMustFitTheMtu(int segmentSize, EditResult expected)
    {
        // 40 + 20 + 12 octets of headers once the option is there.
        FrameBuffer buffer = new FrameShape
        {
            IsIpv6 = true, Payload = FrameShapes.Data(60000), HasPartialChecksum = true, SegmentSize = segmentSize, Mtu = 1500,
        }.ToBuffer();

        Assert.Equal(expected, new Frame(buffer).AppendTcpOption(TcpOptionKind.Timestamps, new byte[8]));
    }

    [Fact]
    public void APayloadOfASuperSegmentStaysWhereItIs()
    {
        FrameShape sample = new()
        {
            Payload = FrameShapes.Data(65000), HasPartialChecksum = true, SegmentSize = 1400, VlanTags = 1,
            TcpOptions = FrameShapes.TimestampsAndSack,
        };
        FrameBuffer buffer = sample.ToBuffer();
        int payload = buffer.Start + buffer.Layers.PayloadOffset;

        Assert.Equal(EditResult.Changed, new Frame(buffer).RemoveTcpOption(TcpOptionKind.Sack));

        Assert.Equal(payload, buffer.Start + buffer.Layers.PayloadOffset);
        Assert.Equal(FrameBuffer.FrameStart + 12, buffer.Start);
        Assert.Equal(sample.HeaderLength - 12, buffer.Offload.HeaderLength);
        Assert.Equal(sample.TransportOffset, buffer.Offload.ChecksumStart);
        Assert.Equal(1400, buffer.Offload.SegmentSize);
        Assert.Equal(sample.Payload, new Frame(buffer).Payload.ToArray());
    }

    [Fact]
    public void APacketGrowsTo65535OctetsAndNoFurther()
    {
        // 20 + 20 octets of headers.
        FrameShape sample = new() { IsRawIp = true, HasPartialChecksum = true, SegmentSize = 1000, Payload = FrameShapes.Data(65535 - 40 - 4) };

        FrameBuffer buffer = sample.ToBuffer();
        Assert.Equal(EditResult.Changed, new Frame(buffer).SetMaximumSegmentSize(1000));
        Assert.Equal(65535, FrameCheck.Read(buffer).PacketLength);
        Assert.Equal(EditResult.Refused, new Frame(buffer).AppendTcpOption(TcpOptionKind.SackPermitted, []));
    }

    [Fact]
    public void AFragmentsHeaderKeepsItsLength()
    {
        FrameBuffer buffer = (Syn(Mss + SackPermitted + "0000") with { IsFirstFragment = true }).ToBuffer();

        Assert.Equal(EditResult.Refused, new Frame(buffer).RemoveTcpOption(TcpOptionKind.SackPermitted));
        Assert.Equal(EditResult.Changed, new Frame(buffer).SetMaximumSegmentSize(1220));
        AssertOptions(buffer, "020404C4" + SackPermitted + "0000");
    }

    [Fact]
    public void OtherProtocolsHaveNoTcpOptions()
    {
        FrameBuffer buffer = new FrameShape { Transport = IpProtocol.Udp, Payload = [1, 2, 3] }.ToBuffer();

        Assert.Equal(EditResult.Unchanged, new Frame(buffer).SetMaximumSegmentSize(1220));
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).SetTcpOptions([1, 1, 1, 1]));
        Assert.False(buffer.Edited);
    }

    [Fact]
    public void DataMayBeTheFramesOwn()
    {
        FrameBuffer buffer = Syn(Mss + SackPermitted + Timestamps).ToBuffer();
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetTcp(out TcpHeader tcp));
        Assert.True(tcp.Options.TryGet(TcpOptionKind.Timestamps, out TcpOption timestamps));

        Assert.Equal(EditResult.Changed, frame.SetTcpOption(TcpOptionKind.MaximumSegmentSize, timestamps.Data[..4]));

        AssertOptions(buffer, "020612345678" + SackPermitted + Timestamps + "0000");
    }

    private static FrameShape Syn(string options)
    {
        byte[] octets = Convert.FromHexString(options);
        Assert.True(octets.Length % 4 == 0 && octets.Length <= 40);
        return new FrameShape { TcpFlags = 0x02, TcpOptions = octets };
    }

    private static void AssertOptions(FrameBuffer buffer, string expected)
    {
        FrameCheck check = FrameCheck.Read(buffer);
        Assert.Equal(0, check.ChecksumError);
        Assert.Equal(expected, Convert.ToHexString(buffer.Octets[(check.TransportOffset + 20)..check.PayloadOffset]));
    }
}
