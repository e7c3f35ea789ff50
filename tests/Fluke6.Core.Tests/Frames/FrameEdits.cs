using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>An edit, with whatever it needs drawn at random.</summary>
public delegate EditResult FrameEdit(Frame frame, Random random);

/// <summary>Every edit that keeps the frame the message that it was, by name.</summary>
public static class FrameEdits
{
    private static readonly TcpOptionKind[] Kinds =
    [
        TcpOptionKind.MaximumSegmentSize, TcpOptionKind.WindowScale, TcpOptionKind.SackPermitted, TcpOptionKind.Sack,
        TcpOptionKind.Timestamps, TcpOptionKind.FastOpen, TcpOptionKind.NoOperation,
    ];

    public static readonly IReadOnlyDictionary<string, FrameEdit> All = new Dictionary<string, FrameEdit>
    {
        ["remove option"] = (frame, random) => frame.RemoveTcpOption(Kind(random)),
        ["remove options"] = (frame, random) => frame.RemoveTcpOptions(Kind(random), Kind(random)),
        ["keep options"] = (frame, random) => frame.KeepTcpOptions(Kind(random), Kind(random), Kind(random), Kind(random)),
        ["set option"] = (frame, random) => frame.SetTcpOption(Kind(random), Data(random, 45)),
        ["set MSS"] = (frame, random) => frame.SetMaximumSegmentSize((ushort)random.Next(65536)),
        ["set window scale"] = (frame, random) => frame.SetWindowScale((byte)random.Next(15)),
        ["append option"] = (frame, random) => frame.AppendTcpOption(Kind(random), Data(random, 45)),
        ["reorder options"] = (frame, random) => frame.ReorderTcpOptions(Kind(random), Kind(random), Kind(random)),
        ["set options"] = (frame, random) => frame.SetTcpOptions(Data(random, 45)),
        ["insert tag"] = (frame, random) => frame.InsertVlanTag((ushort)random.Next(65536), random.Next(2) == 0 ? EtherType.Dot1Q : EtherType.Dot1Ad),
        ["remove tag"] = (frame, _) => frame.RemoveVlanTag(),
        ["write payload"] = (frame, random) => frame.WritePayload(random.Next(60), Data(random, 60)),
        ["replace payload"] = (frame, random) => frame.ReplacePayload(Data(random, random.Next(20) == 0 ? 66000 : 2000)),
        ["empty payload"] = (frame, _) => frame.ReplacePayload([]),
        ["payload from the frame"] = (frame, random) => frame.ReplacePayload(Part(frame.Octets, random)),
        ["mirror"] = (frame, _) => frame.Mirror(),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    private static TcpOptionKind Kind(Random random) => Kinds[random.Next(Kinds.Length)];

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> octets, Random random)
    {
        int most = Math.Min(20, octets.Length / 2);
        return octets[random.Next(most)..^random.Next(most)];
    }

    private static byte[] Data(Random random, int below) => FrameShapes.Data(random.Next(below), random.Next());
}
