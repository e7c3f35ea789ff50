using Fluke6.Captures;

namespace Fluke6.Core.Tests.Captures;

/// <summary>Several captures are one, by time; and whose frames come from the left is told by their sources.</summary>
public sealed class CaptureMergeTests
{
    [Fact]
    public void PacketsComeInTheOrderOfTheirTimes()
    {
        // The second of them has a packet out of order, which stays where it is.
        using var merge = new CaptureMerge([Capture(1, 4, 4), Capture(2, 5, 3, 9), Capture(), Capture(4)]);

        var order = new List<(string, long)>();
        while (merge.MoveNext())
            order.Add((merge.Current.Name, merge.Current.Time / 1_000_000_000));

        Assert.Equal([("1", 1), ("2", 2), ("1", 4), ("1", 4), ("4", 4), ("2", 5), ("2", 3), ("2", 9)], order.Select(packet => (Name(packet), packet.Item2)));
        Assert.Equal((5 * 24) + (8 * 17) - 24, merge.Position);

        static string Name((string Name, long) packet) => packet.Name switch { "1 4 4" => "1", "2 5 3 9" => "2", "4" => "4", var other => other };
    }

    [Fact]
    public void FaultOfOneIsThatOfAll()
    {
        byte[] whole = new CaptureBytes().PcapHeader().PcapPacket(1, 0, [1]).PcapPacket(3, 0, [3]).ToArray();
        using var merge = new CaptureMerge([CaptureReader.Open(new MemoryStream(whole[..^1]), "cut"), Capture(2, 4)]);

        Assert.True(merge.MoveNext());
        Assert.StartsWith("cut is cut short", Assert.Throws<CaptureReadException>(() => merge.MoveNext()).Message);
    }

    private static CaptureReader Capture(params uint[] seconds)
    {
        CaptureBytes bytes = new CaptureBytes().PcapHeader();
        foreach (uint second in seconds)
            bytes.PcapPacket(second, 0, [(byte)second]);
        return CaptureReader.Open(new MemoryStream(bytes.ToArray()), string.Join(' ', seconds));
    }
}
