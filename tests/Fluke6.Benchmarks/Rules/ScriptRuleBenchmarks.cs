using BenchmarkDotNet.Attributes;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;
using Fluke6.Scripting;

namespace Fluke6.Benchmarks.Rules;

/// <summary>
/// A rule that does not match, as a script, which stores which statement it is at, and as plain C#, which does not: the difference is what
/// exact lines cost.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ScriptRuleBenchmarks
{
    private const string Script = """
        Verdict Apply(ref Frame frame)
        {
            if (frame.TryGetTcp(out var tcp) && tcp.Syn)
                tcp.Options.Strip(TcpOptionKind.SackPermitted);
            return Verdict.Continue;
        }
        """;

    private readonly FrameBuffer _ack = Arrived.Buffer(KnownFrames.Ack);
    private readonly Rule _plain = new SampleRules().StripSackPermitted;
    private Rule _script = new SampleRules().StripSackPermitted;

    [GlobalSetup]
    public void Load()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("fluke6-benchmark-").FullName, "10-x.csx");
        File.WriteAllText(path, Script);
        CompiledRule compiled = RuleCompiler.Compile(path);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        var services = new RuleServices(new BridgeJournal(), TimeProvider.System, new Random(1));
        if (!LoadedRule.TryLoad(compiled, new RuleGlobals("10-x", new RuleCounters(), services), out LoadedRule? loaded, out RuleDiagnostic? diagnostic))
            throw new InvalidOperationException($"{diagnostic}");
        _script = loaded.Rule;
    }

    [Benchmark(Baseline = true)]
    public Verdict Plain()
    {
        var frame = new Frame(_ack);
        return _plain(ref frame);
    }

    [Benchmark]
    public Verdict WithLines()
    {
        var frame = new Frame(_ack);
        return _script(ref frame);
    }
}
