using System.Diagnostics;
using Fluke6.Engine;

namespace Fluke6.Scripting.Tests.Files;

/// <summary>A rule that takes its time to load keeps nobody waiting.</summary>
public sealed class LoadingTests : IDisposable
{
    private const string Drop = "Verdict Apply(ref Frame frame) => Verdict.Drop;\n";
    private const string Accept = "Verdict Apply(ref Frame frame) => Verdict.Accept;\n";
    private static readonly byte[] s_frame = new byte[60];
    private readonly ScriptedBridge _live = new();

    public void Dispose() => _live.Dispose();

    // Says that it runs and returns once a file is there.
    private string Slow(string verdict) => $$"""
        System.IO.File.WriteAllText("{{_live.Folder["begun"]}}", "");
        while (!System.IO.File.Exists("{{_live.Folder["go"]}}")) System.Threading.Thread.Sleep(1);
        Verdict Apply(ref Frame frame) => Verdict.{{verdict}};
        """;

    [Fact]
    public void OtherRulesReloadAndControlReturnsAtOnce()
    {
        _live.Folder.Write("10-x.csx", Accept);
        _live.Folder.Write("20-y.csx", Drop);
        _live.Start();
        _live.Folder.Write("20-y.csx", Slow("Accept"));
        _live.Until(() => File.Exists(_live.Folder["begun"]));

        Assert.Equal(_live.Folder["20-y.csx"], _live.Rules.PathOf("20-y"));
        Assert.Empty(_live.Rules.DiagnosticsOf("20-y"));
        Assert.True(_live.Rules.Move("20-y", 0));
        Assert.True(_live.Rules.SetDisabled("10-x", true));
        Assert.True(_live.Rules.SetDisabled("10-x", false));
        Assert.True(_live.Save("10-x.csx", "// again\n" + Accept).Ok);
        // None of it waited for the slow one, which is told of when it is ready, or given up.
        Assert.Empty(_live.Reloads("20-y"));
        Assert.Null(_live.Pass(s_frame));

        _live.Folder.Write("go", "");
        _live.Until(() => _live.Reloads("20-y").Count == 1);
        Assert.NotNull(_live.Pass(s_frame));
    }

    [Fact]
    public void RuleOfTheSameBatchGoesLiveBeforeTheSlowOne()
    {
        _live.Folder.Write("10-x.csx", Drop);
        _live.Folder.Write("20-y.csx", Accept);
        _live.Start();
        // In one look: the folder is replaced as a whole.
        using var other = new ScriptFolder();
        other.Write("10-x.csx", Slow("Accept"));
        other.Write("20-y.csx", "// again\n" + Accept);
        Directory.Move(_live.Folder.Path, _live.Folder.Path + ".old");
        Directory.Move(other.Path, _live.Folder.Path);
        Directory.Move(_live.Folder.Path + ".old", other.Path);
        _live.Until(() => _live.Reloads("20-y").Count == 1);
        Assert.Empty(_live.Reloads("10-x"));
        Assert.Null(_live.Pass(s_frame));
        _live.Folder.Write("go", "");
        _live.Until(() => _live.Reloads("10-x").Count == 1);
        Assert.NotNull(_live.Pass(s_frame));
    }

    [Fact]
    public void NewerSaveSupersedesOneThatStillLoads()
    {
        _live.Folder.Write("10-x.csx", Drop);
        _live.Start();
        _live.Folder.Write("10-x.csx", Slow("Drop"));
        _live.Until(() => File.Exists(_live.Folder["begun"]));
        Assert.True(_live.Save("10-x.csx", Accept).Ok);
        Assert.NotNull(_live.Pass(s_frame));

        _live.Folder.Write("go", "");
        // Another rule's load, begun later, ends after that of the version that was superseded.
        Assert.True(_live.Save("20-y.csx", Accept).Ok);
        Assert.NotNull(_live.Pass(s_frame));
        Assert.Single(_live.Reloads("10-x"));
        Assert.Equal(RuleState.Live, _live.Rule("10-x").State);
    }

    [Fact]
    public void TakingASaveBackWhileItLoadsKeepsTheVersionThatRuns()
    {
        _live.Folder.Write("10-x.csx", Drop);
        _live.Start();
        RuleEntry before = _live.Rule("10-x");
        _live.Folder.Write("10-x.csx", Slow("Accept"));
        _live.Until(() => File.Exists(_live.Folder["begun"]));
        Assert.True(_live.Save("10-x.csx", Drop).Ok);
        _live.Folder.Write("go", "");
        Assert.True(_live.Save("20-y.csx", Accept).Ok);
        Assert.Same(before, _live.Rule("10-x"));
        Assert.Null(_live.Pass(s_frame));
    }

    [Fact]
    public void EndIsNotKeptWaitingAndNothingIsPublishedAfterIt()
    {
        _live.Folder.Write("10-x.csx", Drop);
        _live.Start();
        _live.Folder.Write("10-x.csx", Slow("Accept"));
        _live.Until(() => File.Exists(_live.Folder["begun"]));
        long start = Stopwatch.GetTimestamp();
        _live.Rules.Dispose();
        Assert.True(Stopwatch.GetElapsedTime(start) < LoadedRule.TopLevelLimit, $"took {Stopwatch.GetElapsedTime(start)}");
        _live.Folder.Write("go", "");
        Assert.Null(_live.Pass(s_frame));
    }

    [Fact]
    public void StartCanBeStoppedWhileARuleLoads()
    {
        _live.Folder.Write("10-x.csx", Slow("Accept"));
        using var stop = new CancellationTokenSource();
        Task<IReadOnlyList<RuleDiagnostic>> loading = Task.Run(() => _live.Rules.LoadAll(stop.Token));
        _live.Until(() => File.Exists(_live.Folder["begun"]));
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => loading.GetAwaiter().GetResult());
        _live.Folder.Write("go", "");
    }

    [Fact]
    public void FirstLoadIsOneAndAFailedOneHasNoVersionBeforeIt()
    {
        _live.Start();
        Assert.True(_live.Save("10-x.csx", "nonsense") is { Ok: false, HadVersion: false });
        Assert.True(_live.Save("10-x.csx", Drop) is { Ok: true, HadVersion: false });
        Assert.True(_live.Save("10-x.csx", Accept) is { Ok: true, HadVersion: true });
        Assert.True(_live.Save("10-x.csx", "nonsense") is { Ok: false, HadVersion: true });
    }

    [Fact]
    public void WorkThatHangsIsLeftBehindAndOtherWorkGoesOn()
    {
        using var worker = new PatientWorker(TimeSpan.FromSeconds(2));
        using var release = new ManualResetEventSlim();
        int calls = 0;
        int Hang()
        {
            Interlocked.Increment(ref calls);
            release.Wait();
            return 1;
        }

        Assert.False(worker.TryRun("/hung", Hang, out _));
        Assert.True(worker.TryRun("/other", () => 7, out int seven));
        Assert.Equal(7, seven);
        Assert.False(worker.TryRun("/hung", Hang, out _));
        Assert.Equal(1, calls);
        release.Set();
        _live.Until(() => worker.TryRun("/hung", Hang, out _));
        Assert.Equal(2, calls);
    }
}
