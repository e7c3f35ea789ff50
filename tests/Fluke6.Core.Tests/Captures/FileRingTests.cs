using Fluke6.Captures;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Core.Tests.Captures;

/// <summary>A capture in several files: bounded together, each readable by itself, nothing lost between two.</summary>
public sealed class FileRingTests : IDisposable
{
    private const int Limit = 16 * 1024;
    private readonly string _folder = Directory.CreateTempSubdirectory("fluke6-ring-").FullName;

    private string FilePath => Path.Combine(_folder, "seen.pcapng");

    private string[] Files => [.. Directory.GetFiles(_folder).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void FramesGoOnInTheNextFileWithoutALoss()
    {
        Capture(new FileRingSize(100, Limit), 300);
        Assert.InRange(Files.Length, 5, 100);
        Assert.Equal(Enumerable.Range(0, 300), Numbers(Files));
        Assert.All(Files, file => Assert.Matches("seen_[0-9]{8}_[0-9]{14}\\.pcapng$", file));
    }

    [Fact]
    public void OldestFilesMakeRoomForTheNext()
    {
        var size = new FileRingSize(3, Limit);
        Capture(size, 300);
        Assert.Equal(3, Files.Length);
        int[] kept = Numbers(Files);
        Assert.Equal(Enumerable.Range(300 - kept.Length, kept.Length), kept);
        Assert.InRange(kept.Length, 20, 100);

        // Another bridge's: numbers go on, and the older files count.
        string newest = Files[^1];
        Capture(size, 1);
        Assert.Equal(3, Files.Length);
        Assert.Equal(newest, Files[1]);
        Assert.Equal([0], Numbers(Files[2..]));
    }

    [Fact]
    public void FilesOfAnEarlierLongerRingMakeRoomAndOthersStay()
    {
        File.WriteAllBytes(Path.Combine(_folder, "seen_00000009_20260101000000.pcapng"), new byte[5 * Limit]);
        string[] others = ["seen.pcapng", "seen_9_20260101000000.pcapng", "seen_00000009_20260101000000.pcap",
            "unseen_00000009_20260101000000.pcapng"];
        foreach (string other in others)
            File.WriteAllBytes(Path.Combine(_folder, other), new byte[5 * Limit]);
        Capture(new FileRingSize(3, Limit), 1);
        string[] names = [.. Files.Select(file => Path.GetFileName(file))];
        Assert.Equal(others.Length + 1, names.Length);
        Assert.Superset(others.ToHashSet(), names.ToHashSet());
        Assert.Contains(names, name => name.StartsWith("seen_00000010_", StringComparison.Ordinal));
    }

    [Fact]
    public void NextFileThatCannotBeMadeEndsTheCaptureAndIsTold()
    {
        using var test = new TestBridge();
        CaptureFile capture = test.Bridge.StartCapture(FilePath, files: new FileRingSize(100, Limit));
        Directory.Delete(_folder, recursive: true);
        test.Until(() =>
        {
            test.Pass(Side.Left, Frame(0));
            return capture.Failure is not null;
        });
        test.Until(() => test.Notes.OfType<CaptureNote>().Any());
        Assert.Equal(capture.Path, test.Notes.OfType<CaptureNote>().Single().Path);
        Assert.Empty(test.Bridge.Captures);
    }

    [Theory]
    [InlineData("10x100M", 10, 100L << 20)]
    [InlineData("2x1m", 2, 1L << 20)]
    [InlineData("3x1048576", 3, 1L << 20)]
    [InlineData("100x2G", 100, 2L << 30)]
    [InlineData("4x2048K", 4, 2L << 20)]
    public void SizeIsRead(string text, int files, long bytes) => Assert.Equal(new FileRingSize(files, bytes), FileRingSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("x")]
    [InlineData("10x")]
    [InlineData("1x100M")]
    [InlineData("10x1023K")]
    [InlineData("10x-5M")]
    [InlineData("10xM")]
    [InlineData("2x3x4M")]
    [InlineData("100000x99999999999999G")]
    public void NoSizeIsNone(string text) => Assert.Null(FileRingSize.Parse(text));

    private static byte[] Frame(int number)
    {
        byte[] frame = new byte[60 + (number * 37 % 1000)];
        ((ReadOnlySpan<byte>)[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5, (byte)(number >> 8), (byte)number]).CopyTo(frame);
        return frame;
    }

    private void Capture(FileRingSize size, int frames)
    {
        using var test = new TestBridge();
        CaptureFile capture = test.Bridge.StartCapture(FilePath, files: size);
        for (int i = 0; i < frames; i++)
            test.Pass(Side.Left, Frame(i));
        test.Bridge.StopCapture();
        Assert.Equal((frames, 0), (capture.Written, capture.Lost));
        Assert.Equal(Directory.GetFiles(_folder, "seen_????????_*.pcapng").Order(StringComparer.Ordinal).Last(), capture.Path);
    }

    private static int[] Numbers(string[] files) =>
    [
        .. files.SelectMany(file =>
        {
            Assert.InRange(new FileInfo(file).Length, 1, Limit);
            ReadCapture capture = ReadCapture.Read(file);
            Assert.Equal((2, 0), (capture.Interfaces.Count, capture.Rest));
            Assert.NotEmpty(capture.Packets);
            return capture.Packets.Select(packet => packet.Octets[14] << 8 | packet.Octets[15]);
        }),
    ];
}
