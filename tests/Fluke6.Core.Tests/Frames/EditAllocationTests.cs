using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>The frame path allocates nothing: ten thousand edits of each kind.</summary>
[Collection("allocations")]
public class EditAllocationTests
{
    private static readonly byte[] Data = FrameShapes.Data(700);
    private static readonly MacAddress Ours = MacAddress.Parse("02:00:00:00:00:06");
    private static readonly Ipv6Address Source = Ipv6Address.Parse("2001:db8::6");

    private static readonly FrameShape Syn = new() { TcpFlags = 2, TcpOptions = FrameShapes.LinuxSyn, VlanTags = 1, Payload = FrameShapes.Data(20) };
    private static readonly FrameShape Ping = new() { IsIpv6 = true, Transport = IpProtocol.Icmpv4, ExtensionHeaders = FrameShapes.Extensions };

    private static readonly Dictionary<string, (byte[] Octets, Func<Frame, bool> Edit)> Edits = new()
    {
        ["remove option"] = (Syn.ToOctets(), frame => frame.RemoveTcpOption(TcpOptionKind.SackPermitted) == EditResult.Changed),
        ["keep options"] = (Syn.ToOctets(), frame => frame.KeepTcpOptions(TcpOptionKind.MaximumSegmentSize) == EditResult.Changed),
        ["set option"] = (Syn.ToOctets(), frame => frame.SetTcpOption(TcpOptionKind.FastOpen, [1, 2, 3, 4]) == EditResult.Changed),
        ["set MSS"] = (Syn.ToOctets(), frame => frame.SetMaximumSegmentSize(1220) == EditResult.Changed),
        ["set window scale"] = (Syn.ToOctets(), frame => frame.SetWindowScale(3) == EditResult.Changed),
        ["append option"] = (Syn.ToOctets(), frame => frame.AppendTcpOption(TcpOptionKind.FastOpen, [1, 2, 3, 4]) == EditResult.Changed),
        ["reorder options"] =
            (Syn.ToOctets(), frame => frame.ReorderTcpOptions(TcpOptionKind.Timestamps, TcpOptionKind.WindowScale) == EditResult.Changed),
        ["set options"] = (Syn.ToOctets(), frame => frame.SetTcpOptions([1, 1, 4, 2]) == EditResult.Changed),
        ["insert tag"] = (Syn.ToOctets(), frame => frame.InsertVlanTag(7) == EditResult.Changed),
        ["remove tag"] = (Syn.ToOctets(), frame => frame.RemoveVlanTag() == EditResult.Changed),
        ["write payload"] = (Syn.ToOctets(), frame => frame.WritePayload(3, Data.AsSpan(0, 10)) == EditResult.Changed),
        ["replace payload"] = (Syn.ToOctets(), frame => frame.ReplacePayload(Data) == EditResult.Changed),
        ["payload from the frame"] = (Syn.ToOctets(), frame => frame.ReplacePayload(frame.Octets) == EditResult.Changed),
        ["mirror"] = (Syn.ToOctets(), frame => frame.Mirror() == EditResult.Changed),
        ["reset"] = (Syn.ToOctets(), frame => frame.AnswerWithReset() == Verdict.Reflect),
        ["echo"] = (Ping.ToOctets(), frame => frame.AnswerEcho() == Verdict.Reflect),
        ["echo from"] = (Ping.ToOctets(), frame => frame.AnswerEcho(Source, Ours) == Verdict.Reflect),
        ["neighbor"] = (
            Convert.FromHexString(CourseNotes.Solicitation), frame => frame.Answer(new NeighborAdvertisementFields(Source, Ours)) == Verdict.Reflect),
        ["arp"] = (
            AnswerArpTests.Request().Octets.ToArray(), frame => frame.Answer(ArpFields.Reply(Ipv4Address.Broadcast, Ours)) == Verdict.Reflect),
    };

    public static TheoryData<string> Names => [.. Edits.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void EditsAllocateNothing(string name)
    {
        (byte[] octets, Func<Frame, bool> edit) = Edits[name];
        var buffer = new FrameBuffer(new FrameUndo());
        int changed = Run(buffer, octets, edit, 100);
        Assert.Equal(100, changed);
        Assert.Equal(0, Allocation.In(() => changed = Run(buffer, octets, edit, 10_000)));
        Assert.Equal(10_000, changed);
    }

    private static int Run(FrameBuffer buffer, byte[] octets, Func<Frame, bool> edit, int times)
    {
        int changed = 0;
        for (int i = 0; i < times; i++)
        {
            buffer.Load(octets, LinkType.Ethernet, default);
            if (edit(new Frame(buffer)))
                changed++;
        }

        return changed;
    }
}
