using Fluke6.Journal;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting.Tests.Files;

/// <summary>Folders and links that are swapped for others, as package managers and Kubernetes do.</summary>
public sealed class SwappedFolderTests
{
    private static readonly DateTime s_time = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    [Fact]
    public void SwappedLinkIsFollowedAtOnceWhateverLengthAndTimeSay()
    {
        using var live = new ScriptedBridge();
        Version(live, "..1", 'A');
        Directory.CreateSymbolicLink(live.Folder["..data"], "..1");
        File.CreateSymbolicLink(live.Folder["10-x.csx"], "..data/10-x.csx");
        live.Start();
        for (int version = 2; version < 6; version++)
        {
            Version(live, $"..{version}", (char)('@' + version));
            Directory.CreateSymbolicLink(live.Folder["..tmp"], $"..{version}");
            // Atomically, as rename(2) does; .NET's own would follow the link.
            AssertIsToldOf(live.Folder["10-x.csx"], () => Assert.Equal(0, Rename(live.Folder["..tmp"], live.Folder["..data"])));
            int reloads = version - 1;
            live.Until(() => live.Reloads("10-x").Count == reloads);
            Assert.True(live.Reloads("10-x")[^1].Ok);
        }

        Assert.Equal("version E", live.Notes.OfType<LogNote>().Last().Message);
    }

    [Fact]
    public void ReplacedFolderIsFollowedAndWatched()
    {
        using var live = new ScriptedBridge();
        using var other = new ScriptFolder();
        Write(live.Folder["10-x.csx"], 'A');
        live.Folder.Write("20-y.csx", "void Apply(ref Frame frame) { }");
        live.Start();
        Write(other["10-x.csx"], 'B');
        AssertIsToldOf(live.Folder["10-x.csx"], () =>
        {
            Directory.Move(live.Folder.Path, live.Folder.Path + ".old");
            Directory.Move(other.Path, live.Folder.Path);
        });
        Directory.Move(live.Folder.Path + ".old", other.Path);
        live.Until(() => live.Reloads("10-x").Count == 1);
        // The folder that was read lacks it.
        live.Until(() => live.Bridge.Chain.Entries.Count == 1);

        for (int save = 2; save < 5; save++)
        {
            AssertIsToldOf(live.Folder["10-x.csx"], () => Write(live.Folder["10-x.csx"], (char)('A' + save)));
            int reloads = save;
            live.Until(() => live.Reloads("10-x").Count == reloads);
        }
    }

    [Fact]
    public void MountOverAFolderIsToldOf()
    {
        using var folder = new ScriptFolder();
        using var told = new SemaphoreSlim(0);
        using var watch = new FolderWatch(() => told.Release());
        Assert.Null(watch.Trouble);
        // Nothing in any folder changes by a mount, so inotify says nothing.
        Assert.SkipWhen(mount("fluke6-test", folder.Path, "tmpfs", 0, "size=4k") != 0, "this user may not mount");
        try
        {
            Assert.True(told.Wait(TimeSpan.FromSeconds(60)));
        }
        finally
        {
            Assert.Equal(0, umount2(folder.Path, MNT_DETACH));
        }
    }

    // A look every two seconds would find it as well, so that a reload alone does not show that the watch told of it.
    private static void AssertIsToldOf(string file, Action change)
    {
        using var told = new SemaphoreSlim(0);
        using var watch = new FolderWatch(() => told.Release());
        var steps = new List<PathStep>();
        FileFingerprint.Of(file, FileTrust.Any, FileFingerprint.Missing, thorough: true, steps);
        Assert.True(watch.Follow(steps, new HashSet<string>(), (_, add) => add()));
        change();
        Assert.True(told.Wait(TimeSpan.FromSeconds(60)));
    }

    private static void Version(ScriptedBridge live, string folder, char version)
    {
        Directory.CreateDirectory(live.Folder[folder]);
        Write(live.Folder[$"{folder}/10-x.csx"], version);
    }

    private static void Write(string path, char version)
    {
        File.WriteAllText(path, $"Log(\"version {version}\");\nvoid Apply(ref Frame frame) {{ }}\n");
        File.SetLastWriteTimeUtc(path, s_time);
    }

    private static int Rename(string from, string to) => rename(from, to);

    [System.Runtime.InteropServices.DllImport("libc", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    private static extern int rename(string from, string to);

    private const int MNT_DETACH = 2;

    [System.Runtime.InteropServices.DllImport("libc", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    private static extern int mount(string source, string target, string type, ulong flags, string data);

    [System.Runtime.InteropServices.DllImport("libc", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    private static extern int umount2(string target, int flags);
}
