using Fluke6.Captures;
using Fluke6.Journal;
using Fluke6.Snapshots;
using Fluke6.Watching;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Captures;

/// <summary>Captures that run at the same time, and those that end by themselves.</summary>
public sealed class SeveralCapturesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fluke6-captures-");
    private static readonly byte[] s_syn = TestBridge.FromClient(TcpFlags.Syn), s_ack = TestBridge.FromClient(TcpFlags.Ack);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void EachHasItsOwnFramesAndEndsByItself()
    {
        using var test = new TestBridge();
        CaptureFile all = test.Bridge.StartCapture(In("all"));
        test.Pass(Side.Left, s_ack);
        CaptureFile syns = test.Bridge.StartCapture(In("syns"), filter: frame => frame.Octets.SequenceEqual(s_syn));
        test.Pass(Side.Left, s_ack, s_syn);
        Assert.Equal([all, syns], test.Bridge.Captures);
        Assert.Same(syns, test.Bridge.LastCapture);

        Assert.Empty(test.Bridge.StopCapture(In("none")));
        Assert.Same(all, Assert.Single(test.Bridge.StopCapture(In("all"))));
        test.Pass(Side.Left, s_syn);
        Assert.Same(syns, test.Bridge.LastCapture);
        Assert.Same(syns, Assert.Single(test.Bridge.StopCapture()));
        test.Pass(Side.Left, s_syn);

        Assert.Equal([s_ack, s_ack, s_syn], Octets("all"));
        Assert.Equal([s_syn, s_syn], Octets("syns"));
        Assert.Empty(test.Bridge.Captures);
    }

    [Fact]
    public void OneThatFailsLeavesTheOtherAlone()
    {
        using var test = new TestBridge();
        CaptureFile ring = test.Bridge.StartCapture(In("gone/ring"), files: new FileRingSize(2, 1));
        test.Bridge.StartCapture(In("kept"));
        Directory.Delete(Path.Combine(_folder.FullName, "gone"), recursive: true);
        // The next file of the ring cannot be made.
        test.Pass(Side.Left, s_ack);
        test.Until(() => test.Bridge.Captures.Count == 1);
        test.Until(() => test.Notes.OfType<CaptureNote>().Any());
        Assert.NotNull(test.Notes.OfType<CaptureNote>().Single().Error);
        Assert.NotNull(ring.Failure);
        test.Pass(Side.Left, s_syn);
        test.Bridge.StopCapture();
        Assert.Equal([s_ack, s_syn], Octets("kept"));
    }

    [Fact]
    public void ThereAreSoManyAtTheMostAndOneForEachFile()
    {
        using var test = new TestBridge();
        for (int i = 0; i < CaptureTap.Most; i++)
            test.Bridge.StartCapture(In($"{i}"));
        Assert.Throws<InvalidOperationException>(() => test.Bridge.StartCapture(In("1")));
        Assert.Contains("16 captures", Assert.Throws<InvalidOperationException>(() => test.Bridge.StartCapture(In("more"))).Message, StringComparison.Ordinal);
        test.Bridge.StopCapture(In("7"));
        test.Bridge.StartCapture(In("7"));
        Assert.Equal(CaptureTap.Most, test.Bridge.StopCapture().Count);
    }

    [Fact]
    public void EndsAfterSoManyPackets()
    {
        using var test = new TestBridge();
        CaptureFile capture = test.Bridge.StartCapture(In("two"), limit: new CaptureLimit(2, long.MaxValue));
        test.Pass(Side.Left, s_syn, s_ack, s_ack, s_ack);
        test.Until(() => test.Bridge.Captures.Count == 0);
        test.Until(() => test.Notes.OfType<CaptureNote>().Any());
        CaptureNote told = test.Notes.OfType<CaptureNote>().Single();
        Assert.Equal((In("two"), null, 2), (told.Path, told.Error, told.Packets));
        Assert.Equal([s_syn, s_ack], Octets("two"));
        // Packets beyond its limit are not lost ones.
        Assert.Equal((2, 0, null, true), (capture.Written, capture.Lost, capture.Failure, capture.HasEnded));
    }

    [Fact]
    public void EndsBeforeItsFileIsLongerThanItMayBe()
    {
        byte[] large = TestBridge.FromClient(TcpFlags.Ack, payload: 1400);
        using var test = new TestBridge();
        test.Bridge.StartCapture(In("short"), limit: new CaptureLimit(long.MaxValue, CaptureLimit.LeastBytes));
        test.Until(() =>
        {
            test.Pass(Side.Left, large);
            return test.Bridge.Captures.Count == 0;
        });
        Assert.InRange(new FileInfo(In("short")).Length, CaptureLimit.LeastBytes - 2000, CaptureLimit.LeastBytes);
        Assert.Equal(0, ReadCapture.Read(In("short")).Rest);
    }

    [Fact]
    public void WatchersSeeAllAndEndOne()
    {
        using var test = new TestBridge();
        var publisher = new BridgePublisher(test.Bridge);
        var control = new BridgeControl(test.Bridge, null!, publisher, () => { });
        Assert.Equal((true, $"capturing to {In("a")}, 1 packet at most"), Do(WatcherCommand.StartCapture, In("a"), packets: 1));
        Assert.Null(publisher.Take(SnapshotRequest.FiguresAlone).Captures);
        Assert.Equal((true, $"capturing to {In("b")}, 1,000,000 bytes at most"), Do(WatcherCommand.StartCapture, In("b"), bytes: 1_000_000));
        BridgeSnapshot seen = publisher.Take(SnapshotRequest.FiguresAlone);
        Assert.Equal([In("a"), In("b")], seen.Captures!.Select(capture => capture.File));
        Assert.Equal((In("b"), true), (seen.Capture!.File, seen.Capture.Running));

        Assert.Equal((false, "a capture's limit is at least 1 packet, or 131,072 bytes"), Do(WatcherCommand.StartCapture, In("c"), bytes: 5));
        Assert.Equal((false, $"no capture is being written to {In("c")}; there are {In("a")}, {In("b")}"), Do(WatcherCommand.StopCapture, In("c")));
        Assert.Equal((true, $"capture ended: 0 packets, 0 lost in {In("b")}"), Do(WatcherCommand.StopCapture, In("b")));
        Assert.Equal(In("a"), publisher.Take(SnapshotRequest.FiguresAlone).Capture!.File);
        test.Pass(Side.Left, s_syn);
        test.Until(() => publisher.Pump().OfType<CaptureEvent>().Any(told =>
            told is { Ok: true, Error: "" } && told.Message == $"the capture came to its limit: {In("a")} holds 1 packet"));
        Assert.Equal((false, "there is no capture"), Do(WatcherCommand.StopCapture, null));

        (bool, string) Do(string name, string? file, long? packets = null, long? bytes = null)
        {
            CommandOutcome outcome = control.Do(new WatcherCommand { Name = name, File = file, Packets = packets, Bytes = bytes }).Result;
            return (outcome.Ok, outcome.Message);
        }
    }

    [Theory]
    [InlineData("100", 100L)]
    [InlineData("3k", 3072L)]
    [InlineData("100M", 104_857_600L)]
    [InlineData("65536G", 1L << 46)]
    [InlineData("65537G", null)]
    [InlineData("", null)]
    [InlineData("M", null)]
    [InlineData("-1", null)]
    [InlineData("1.5M", null)]
    [InlineData("99999999999999999999", null)]
    public void BytesAreReadAsTheyAreWritten(string text, long? expected) => Assert.Equal(expected, ByteCount.Parse(text));

    private string In(string name)
    {
        string path = Path.Combine(_folder.FullName, $"{name}.pcapng");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private IEnumerable<byte[]> Octets(string name) => ReadCapture.Read(In(name)).Packets.Select(packet => packet.Octets);
}
