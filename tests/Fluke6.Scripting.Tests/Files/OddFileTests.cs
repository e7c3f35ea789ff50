using System.Diagnostics;
using System.Net.Sockets;
using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests.Files;

/// <summary>What is called like a rule and is no file, or one without end: said in a line, and in nobody's way.</summary>
public sealed class OddFileTests
{
    private const string Drop = "Verdict Apply(ref Frame frame) => Verdict.Drop;\n";
    private const string Accept = "Verdict Apply(ref Frame frame) => Verdict.Accept;\n";

    public static TheoryData<string, string> Oddities => new()
    {
        { "fifo", "is a FIFO, not a file" },
        { "link to fifo", "is a FIFO, not a file" },
        { "socket", "is a socket, not a file" },
        { "link to /dev/zero", "is a device, not a file" },
        { "folder", "is a folder, not a file" },
        { "link to itself", "is a link that leads nowhere" },
    };

    [Theory]
    [MemberData(nameof(Oddities))]
    public void IsLeftOutAtTheStartAndOtherRulesReload(string kind, string reason)
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Drop);
        using (Make(kind, live.Folder["60-odd.csx"]))
        {
            RuleDiagnostic warning = Assert.Single(live.Start());
            Assert.Equal($"60-odd.csx(1,1): warning FLUKE003: {reason}; left out", warning.ToString());
            Assert.True(live.Save("10-x.csx", Accept).Ok);
        }
    }

    [Theory]
    [MemberData(nameof(Oddities))]
    public void ThatTakesARulesPlaceLeavesItRunning(string kind, string reason)
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Accept);
        live.Folder.Write("60-odd.csx", Drop);
        Assert.Empty(live.Start());
        using (Make(kind, live.Folder["60-odd.csx"]))
        {
            live.Until(() => live.Reloads("60-odd").Count == 1);
            Assert.Equal(RuleState.Stale, live.Rule("60-odd").State);
            string said = Assert.Single(Assert.Single(live.Reloads("60-odd")).Diagnostics);
            Assert.Contains(kind == "link to itself" ? "symbolic links" : reason, said);
            Assert.True(live.Save("10-x.csx", "// again\n" + Accept).Ok);
        }
    }

    [Fact]
    public void ThatTakesARulesPlaceIsARulesAlsoIfALookFoundNothingBetween()
    {
        var file = new RuleLocation("/rules/60-odd.csx", "/rules/60-odd.csx", default);
        var path = new RulePath("/rules");
        var listing = new PathListing { Path = "/rules", IsFolder = true, Files = [file] };
        path.Take(listing, isRule: _ => false);
        path.Take(listing with { Files = [] }, isRule: _ => true);
        path.Take(listing with { Files = [file with { NoRule = "is a FIFO, not a file" }] }, isRule: _ => true);
        Assert.Single(path.Files);
        Assert.Empty(path.LeftOut);
    }

    [Fact]
    public void ThatAppearsIsSaidOnce()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Drop);
        live.Start();
        using (Make("fifo", live.Folder["60-odd.csx"]))
        {
            live.Until(() => live.Notes.OfType<LogNote>().Any());
            Assert.True(live.Save("10-x.csx", Accept).Ok);
            Assert.Equal($"60-odd.csx is a FIFO, not a file; left out", Assert.Single(live.Notes.OfType<LogNote>()).Message);
        }
    }

    [Fact]
    public void NameThatIsNotUtf8IsSaidAndOtherRulesReload()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Drop);
        live.Folder.Write("60-odd", Accept);
        // .NET knows no such name.
        const string Odd = "\"$1/$(printf '60-\\377.csx')\"";
        RunShell($"mv \"$1/60-odd\" {Odd}", live.Folder.Path);
        Assert.Equal("60-\uFFFD.csx(1,1): warning FLUKE003: has a name that is not UTF-8: rename it; left out", Assert.Single(live.Start()).ToString());
        Assert.True(live.Save("10-x.csx", Accept).Ok);
        RunShell($"rm {Odd}", live.Folder.Path);
    }

    [Fact]
    public void FifoThatIsGivenIsAnError()
    {
        using var live = new ScriptedBridge();
        using (Make("fifo", live.Folder["10-x.csx"]))
        using (var rules = new RuleSet(live.Bridge, [live.Folder["10-x.csx"]]))
        {
            RuleDiagnostic error = Assert.Single(rules.LoadAll());
            Assert.True(error.IsError);
            Assert.Equal($"cannot be read: {live.Folder["10-x.csx"]} is a FIFO, not a file", error.Message);
        }
    }

    [Fact]
    public void HugeSparseFileIsNotReadAndOneThatIsLoadedNeither()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Drop);
        live.Folder.Write("20-y.csx", "#load \"huge\"\n" + Drop);
        foreach (string name in new[] { "30-huge.csx", "huge" })
        {
            using FileStream huge = File.Create(live.Folder[name]);
            huge.SetLength(1L << 40);
        }

        long before = GC.GetTotalAllocatedBytes();
        IReadOnlyList<RuleDiagnostic> errors = live.Start();
        Assert.Equal(2, errors.Count);
        Assert.All(errors, error => Assert.Contains("more than the 1048576 bytes that are read", error.Message));
        Assert.True(live.Save("10-x.csx", Accept).Ok);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 1 << 30);
    }

    [Fact]
    public void FileThatIsTooLargeIsRefusedOnceAndTakenWhenItIsSmaller()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Drop);
        live.Start();
        Assert.False(live.Save("20-y.csx", Drop + new string('/', 1 << 20)).Ok);
        for (int save = 0; save < 5; save++)
            Assert.True(live.Save("10-x.csx", $"// {save}\n" + Drop).Ok);
        Assert.Single(live.Reloads("20-y"));
        Assert.True(live.Save("20-y.csx", Drop).Ok);
    }

    [Fact]
    public void FileThatGrowsIsReadToTheLimitOnly()
    {
        // What the kernel makes while it is read has no length, as a file that grows has an old one.
        RuleDiagnostic error = Assert.Single(RuleCompiler.Compile("/proc/kallsyms").Diagnostics);
        Assert.Equal("cannot be read: /proc/kallsyms has more than the 1048576 bytes that are read", error.Message);
    }

    private static void RunShell(string command, string argument)
    {
        using Process shell = Process.Start("sh", ["-c", command, "sh", argument]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    // Whatever is there makes room at the last moment: a rule whose file is missing for half a second leaves.
    private static Undo Make(string kind, string path)
    {
        if (kind.EndsWith("fifo", StringComparison.Ordinal))
            Run("mkfifo", path + ".fifo");
        File.Delete(path);
        switch (kind)
        {
            case "fifo":
                File.Move(path + ".fifo", path);
                return new Undo(() => File.Delete(path));
            case "link to fifo":
                File.CreateSymbolicLink(path, path + ".fifo");
                return new Undo(() => File.Delete(path));
            case "socket":
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Bind(new UnixDomainSocketEndPoint(path));
                return new Undo(socket.Dispose);
            case "folder":
                Directory.CreateDirectory(path);
                return new Undo(() => Directory.Delete(path));
            default:
                File.CreateSymbolicLink(path, kind == "link to itself" ? path : "/dev/zero");
                return new Undo(() => File.Delete(path));
        }
    }

    private static void Run(string program, string argument)
    {
        using Process process = Process.Start(program, [argument]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
