using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests.Examples;

/// <summary>An example, compiled and loaded, with a frame buffer to run it on. Belongs to the thread that made it.</summary>
internal sealed class LoadedExample : IDisposable
{
    private readonly LoadedRule _loaded;

    public LoadedExample(string name, IReadOnlyDictionary<string, string>? parameters = null)
    {
        CompiledRule compiled = RuleCompiler.Compile(Path.Combine(GoldenFrames.Folder, $"{name}.csx"));
        Assert.Empty(compiled.Diagnostics);
        var services = new RuleServices(Journal, TimeProvider.System, new Random(1));
        services.ClaimThread();
        var globals = new RuleGlobals(name, new RuleCounters(), services, parameters);
        Assert.True(LoadedRule.TryLoad(compiled, globals, out LoadedRule? loaded, out RuleDiagnostic? diagnostic), $"{diagnostic}");
        _loaded = loaded;
    }

    public BridgeJournal Journal { get; } = new();

    public FrameBuffer Buffer { get; } = new(new FrameUndo()) { Flow = new OneFlow() };

    /// <summary>Runs the rule on a frame, which then stands in <see cref="Buffer"/>.</summary>
    public Verdict Run(ReadOnlySpan<byte> octets, LinkType linkType = LinkType.Ethernet)
    {
        Buffer.Load(octets, linkType, Side.Left, mtu: 1500);
        return RunOnBuffer();
    }

    /// <summary>Runs the rule on a frame, after those that its test has it meet before.</summary>
    public Verdict RunAfterFirst(GoldenFrames golden, ReadOnlySpan<byte> octets)
    {
        foreach (byte[] frame in golden.First)
            Run(frame, golden.LinkType);
        return Run(octets, golden.LinkType);
    }

    /// <summary>Runs the rule on what stands in <see cref="Buffer"/>.</summary>
    public Verdict RunOnBuffer()
    {
        Buffer.BeginRule();
        var frame = new Frame(Buffer);
        Verdict verdict = _loaded.Rule(ref frame);
        Buffer.EndRule();
        return verdict;
    }

    public void Dispose() => _loaded.Dispose();
}
