using Fluke6.Engine;
using Fluke6.Journal;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting.Tests.Files;

/// <summary>Nobody but root and the caller gets a program run by the bridge.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FileTrustTests : IDisposable
{
    private const uint Nobody = 65534;
    private const string Drop = "Verdict Apply(ref Frame frame) => Verdict.Drop;\n";
    private const string Accept = "Verdict Apply(ref Frame frame) => Verdict.Accept;\n";
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly byte[] s_frame = new byte[60];
    private readonly ScriptedBridge _live = new();

    public FileTrustTests() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "giving files to other users needs root");

    public void Dispose() => _live.Dispose();

    [Fact]
    public void FileThatOthersMayWriteIsRefusedWithTheCommandToType()
    {
        string path = _live.Folder.Write("10-x.csx", Drop);
        SetMode(path, UnixFileMode.OtherWrite);
        Assert.Equal($"cannot be read: refused: others may write {path} (mode 0646); type 'chmod go-w {path}', or start with --trust-any", Refusal());
        SetMode(path, UnixFileMode.GroupWrite);
        Assert.Equal($"cannot be read: refused: others may write {path} (mode 0664); type 'chmod go-w {path}', or start with --trust-any", Refusal());
        Assert.Null(Refusal(FileTrust.Any));
    }

    [Fact]
    public void FileOfAnotherUserIsRefusedWithTheCommandToType()
    {
        string path = _live.Folder.Write("10-x.csx", Drop);
        SetOwner(path, Nobody);
        Assert.Equal(
            $"cannot be read: refused: {path} belongs to user {Nobody}, neither to root nor to you; type 'chown root {path}', or start with --trust-any",
            Refusal());
        Assert.Null(Refusal(FileTrust.Any));
        Assert.Null(Refusal(FileTrust.Of(0, Nobody)));
    }

    [Fact]
    public void FolderThatOthersMayWriteIsRefusedUnlessSticky()
    {
        _live.Folder.Write("10-x.csx", Drop);
        File.SetUnixFileMode(_live.Folder.Path, ForAll);
        Assert.Contains($"others may write {_live.Folder.Path} (mode 0777)", Refusal());
        // As /tmp: whose files are whose is kept there.
        File.SetUnixFileMode(_live.Folder.Path, ForAll | UnixFileMode.StickyBit);
        Assert.Null(Refusal());
        SetOwner(_live.Folder["10-x.csx"], Nobody);
        Assert.Contains("belongs to user 65534", Refusal());
    }

    [Fact]
    public void FolderOnTheWayIsRefused()
    {
        _live.Folder.Write("a/b/c/10-x.csx", Drop);
        string way = _live.Folder["a"], folder = _live.Folder["a/b/c"];
        Assert.Null(Refusal(path: folder));
        File.SetUnixFileMode(way, ForAll);
        Assert.Contains($"chmod go-w {way}'", Refusal(path: folder));
        File.SetUnixFileMode(way, ForAll & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        SetOwner(way, Nobody);
        Assert.Contains($"chown root {way}'", Refusal(path: folder));
    }

    [Fact]
    public void LinkAndEveryFolderBehindItIsRefused()
    {
        using var target = new ScriptFolder();
        target.Write("open/10-x.csx", Drop);
        File.CreateSymbolicLink(_live.Folder["10-x.csx"], target["open/10-x.csx"]);
        Assert.Null(Refusal());
        File.SetUnixFileMode(target["open"], ForAll);
        Assert.Contains($"others may write {target["open"]}", Refusal());
        File.SetUnixFileMode(target["open"], ForAll & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        SetOwner(_live.Folder["10-x.csx"], Nobody);
        Assert.Contains($"type 'chown -h root {_live.Folder["10-x.csx"]}'", Refusal());
    }

    [Fact]
    public void LoadedFileAndReferencedAssemblyAreRefused()
    {
        _live.Folder.Write("lib.csx.part", "var verdict = Verdict.Drop;");
        _live.Folder.Write("10-x.csx", "#load \"lib.csx.part\"\nVerdict Apply(ref Frame frame) => verdict;");
        Assert.Null(Refusal());
        SetMode(_live.Folder["lib.csx.part"], UnixFileMode.OtherWrite);
        Assert.Contains($"others may write {_live.Folder["lib.csx.part"]}", Refusal());

        TestAssembly.Write(_live.Folder["lib.dll"], "public static class Library { public const bool Drop = true; }");
        _live.Folder.Write("10-x.csx", "#r \"lib.dll\"\nVerdict Apply(ref Frame frame) => Library.Drop ? Verdict.Drop : Verdict.Accept;");
        Assert.Null(Refusal());
        SetOwner(_live.Folder["lib.dll"], Nobody);
        Assert.Contains($"{_live.Folder["lib.dll"]} belongs to user 65534", Refusal());
    }

    [Fact]
    public void PathWithSpacesIsQuotedInTheCommand()
    {
        string path = _live.Folder.Write("10 it's.csx", Drop);
        SetMode(path, UnixFileMode.OtherWrite);
        Assert.Contains($"type 'chmod go-w '{_live.Folder.Path}/10 it'\\''s.csx'', or", Refusal());
    }

    [Fact]
    public void SaveOfAFileThatOthersMayWriteIsNotTakenUntilItIsMended()
    {
        string path = _live.Folder.Write("10-x.csx", Drop);
        Assert.Empty(_live.Start());
        SetMode(path, UnixFileMode.OtherWrite);
        _live.Until(() => _live.Reloads("10-x").Count == 1);
        Assert.Equal(RuleState.Stale, _live.Rule("10-x").State);
        _live.Folder.Write("10-x.csx", Accept);
        Assert.Null(_live.Pass(s_frame));
        ReloadNote refused = Assert.Single(_live.Reloads("10-x"));
        Assert.False(refused.Ok);
        Assert.Contains($"chmod go-w {path}", refused.Diagnostics[0]);

        SetMode(path, UnixFileMode.None);
        _live.Until(() => _live.Reloads("10-x").Count == 2);
        Assert.NotNull(_live.Pass(s_frame));
    }

    [Fact]
    public void FolderThatComesToBeOthersKeepsItsRulesAndTakesNoNewOnes()
    {
        _live.Folder.Write("10-x.csx", Drop);
        Assert.Empty(_live.Start());
        File.SetUnixFileMode(_live.Folder.Path, ForAll);
        _live.Until(() => _live.Rule("10-x").State == RuleState.Stale);
        _live.Folder.Write("05-new.csx", Accept);
        Assert.Null(_live.Pass(s_frame));
        Assert.Contains("others may write", Assert.Single(_live.Notes.OfType<LogNote>()).Message);

        File.SetUnixFileMode(_live.Folder.Path, ForAll & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        _live.Until(() => _live.Bridge.Chain.Entries.Count == 2);
        _live.Until(() => _live.Pass(s_frame) is not null);
    }

    private string? Refusal(FileTrust? trust = null, string? path = null)
    {
        using var rules = new RuleSet(_live.Bridge, [path ?? _live.Folder.Path], null, trust);
        RuleDiagnostic[] errors = [.. rules.LoadAll().Where(diagnostic => diagnostic.IsError)];
        return errors.Length == 0 ? null : Assert.Single(errors).Message;
    }

    private static void SetMode(string path, UnixFileMode others) => File.SetUnixFileMode(
        path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead | others);

    internal static void SetOwner(string path, uint user) => Assert.Equal(0, lchown(path, user, user));

    [System.Runtime.InteropServices.DllImport("libc", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    private static extern int lchown(string path, uint owner, uint group);
}
