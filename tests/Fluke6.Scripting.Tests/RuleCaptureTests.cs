using Fluke6.Captures;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>A rule writes frames to a capture file of its own.</summary>
public sealed class RuleCaptureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fluke6-capture-").FullName;

    private string File => Path.Combine(_folder, "seen.pcapng");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void FramesAreInTheFileAcrossReloadsAndOnlyItsOwnerReadsIt()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-capture.csx", Rule(""));
        live.Start();
        for (int i = 0; i < 3; i++)
            Assert.Equal(RunningRuleTests.Datagram, live.Pass(RunningRuleTests.Datagram));
        Assert.True(live.Save("10-capture.csx", Rule("// another version\n")).Ok);
        for (int i = 0; i < 2; i++)
            live.Pass(RunningRuleTests.Datagram);
        live.Until(() => Packets() == 5);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        byte[] octets = System.IO.File.ReadAllBytes(File);
        Assert.True(octets.AsSpan().IndexOf(RunningRuleTests.Datagram) > 0);
    }

    [Fact]
    public void RuleThatIsSwitchedOnAgainGoesOnInAnotherSection()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-capture.csx", Rule(""));
        live.Start();
        live.Pass(RunningRuleTests.Datagram);
        live.Until(() => Packets() == 1);
        live.Rules.SetDisabled("10-capture", true);
        live.Pass(RunningRuleTests.Datagram);
        live.Until(() => live.Notes.OfType<LogNote>().Any(note => note.Message.Contains(" has 1 packet(s), 0 are missing", StringComparison.Ordinal)));
        live.Rules.SetDisabled("10-capture", false);
        live.Pass(RunningRuleTests.Datagram);
        live.Until(() => Packets() == 2);
    }

    // Nothing is written through a link that somebody else may have put there; nobody waits, and it is said.
    [Fact]
    public void FileThatCannotBeWrittenIsSaidAndTrafficGoesOn()
    {
        System.IO.File.CreateSymbolicLink(File, "/dev/null");
        using var live = new ScriptedBridge();
        live.Folder.Write("10-capture.csx", Rule(""));
        live.Start();
        Assert.Equal(RunningRuleTests.Datagram, live.Pass(RunningRuleTests.Datagram));
        live.Until(() => live.Notes.OfType<LogNote>().Any(note => note.Message.Contains("symbolic link", StringComparison.Ordinal)));
        Assert.Equal(RunningRuleTests.Datagram, live.Pass(RunningRuleTests.Datagram));
        Assert.Equal(0, live.Rule("10-capture").Counters.Faults);
    }

    [Fact]
    public void FullDiskAndFullFileAreSaidAndCounted()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-full.csx", Rule("").Replace(File, "/dev/full", StringComparison.Ordinal));
        live.Folder.Write("20-short.csx", Rule("").Replace("\")", "\", maxBytes: 300)", StringComparison.Ordinal));
        live.Start();
        for (int i = 0; i < 3; i++)
            live.Pass(RunningRuleTests.Datagram);
        live.Until(() => live.Notes.OfType<LogNote>().Any(note => note.Rule == "10-full" && note.Message.Contains("No space left", StringComparison.Ordinal)));
        live.Until(() => live.Notes.OfType<LogNote>().Any(note => note.Rule == "20-short" && note.Message.Contains("300 bytes", StringComparison.Ordinal)));
        live.Pass(RunningRuleTests.Datagram);
        Assert.Equal(0, live.Rule("10-full").Counters.Faults);
    }

    [Fact]
    public void FolderThatIsNotThereIsAnErrorOfTheRule()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-capture.csx", "var capture = CaptureTo(\"/nowhere/at/all.pcapng\");\nvoid Apply(ref Frame frame) { }");
        Assert.Contains(live.Start(), diagnostic => diagnostic.ToString().Contains("name a file in a folder that is there", StringComparison.Ordinal));
    }

    private string Rule(string first) => $$"""
        {{first}}var capture = CaptureTo("{{File}}");
        void Apply(ref Frame frame) => capture.Add(ref frame);
        """;

    private int Packets()
    {
        try
        {
            using FileStream file = System.IO.File.Open(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = CaptureReader.Open(file, File);
            int packets = 0;
            while (reader.MoveNext())
                packets++;
            return packets;
        }
        catch (Exception exception) when (exception is IOException or CaptureReadException)
        {
            // Not there yet, or between two blocks.
            return -1;
        }
    }
}
