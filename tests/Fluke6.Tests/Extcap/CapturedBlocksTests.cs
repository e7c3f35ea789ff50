using Fluke6.Captures;
using Fluke6.Command.Extcap;

namespace Fluke6.Command.Tests.Extcap;

/// <summary>Which blocks of a capture go on to Wireshark, however they come.</summary>
public sealed class CapturedBlocksTests
{
    [Theory]
    [InlineData("All", 1, "arrived one;made one;arrived two")]
    [InlineData("Arrived", 7, "arrived one;arrived two")]
    [InlineData("Made", 1000, "made one")]
    public void FramesAreChosenByTheirDirection(string show, int atOnce, string expected)
    {
        var source = new PcapngBlocks();
        source.SectionHeader();
        source.InterfaceDescription(1, "left0", "left port");
        source.Packet(0, 1, PcapngBlocks.Inbound, 61, 0, "arrived one");
        source.Packet(0, 2, PcapngBlocks.Outbound, 60, 0, "made one");
        source.Packet(0, 3, PcapngBlocks.Inbound, 70_000, 0, "arrived two");
        source.InterfaceStatistics(0, 4, 5);
        byte[] octets = source.Octets.ToArray();

        var blocks = new CapturedBlocks(Enum.Parse<ExtcapFrames>(show));
        using var written = new MemoryStream();
        for (int at = 0; at < octets.Length;)
        {
            Span<byte> room = blocks.Room();
            int count = Math.Min(Math.Min(atOnce, room.Length), octets.Length - at);
            octets.AsSpan(at, count).CopyTo(room);
            blocks.Add(count, block => written.Write(block.Span));
            at += count;
        }

        using var folder = new RuleFolder();
        File.WriteAllBytes(folder["seen.pcapng"], written.ToArray());
        ReadCapture capture = ReadCapture.Read(folder["seen.pcapng"]);
        Assert.Equal(expected.Split(';'), capture.Packets.Select(packet => packet.Comment));
        Assert.Equal((1, 1, 0), (capture.Interfaces.Count, capture.Statistics.Count, capture.Rest));
    }

    [Fact]
    public void WordsThatANewerWiresharkAddsArePassedOver()
    {
        ExtcapRequest request = ExtcapRequest.Read(["--extcap-version=4.9", "--capture", "--extcap-interface", "x", "--new",
            "--fifo=/tmp/f", "--show", "made"]);
        Assert.Equal(("x", "/tmp/f", ExtcapFrames.Made, true), (request.Interface, request.Pipe, request.Show, request.Captures));
        Assert.Throws<CommandFailure>(() => ExtcapRequest.Read(["--fifo"]));
        Assert.Throws<CommandFailure>(() => ExtcapRequest.Read(["--show", "some"]));
    }
}
