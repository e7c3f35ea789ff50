using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting.Compiling;
using Fluke6.Scripting.Files;
using Fluke6.Scripting.Tests.Files;

namespace Fluke6.Scripting.Tests.Compiling;

/// <summary>Rules in a folder, and a cache in another.</summary>
public abstract class CachedRules : IDisposable
{
    private protected const string Apply = "Verdict Apply(ref Frame frame) => Verdict.Continue;\n";
    private protected const long NoLimit = long.MaxValue;
    private protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private protected CachedRules() => Cache = NewCache();

    private protected ScriptFolder Rules { get; } = new();

    private protected ScriptFolder Home { get; } = new();

    private protected CompiledRuleCache Cache { get; }

    public void Dispose()
    {
        Rules.Dispose();
        Home.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static void AssertSame(CompiledRule expected, CompiledRule actual)
    {
        Assert.Equal(expected.Path, actual.Path);
        Assert.Equal(expected.Diagnostics, actual.Diagnostics);
        Assert.Equal(expected.Parameters, actual.Parameters);
        Assert.Equal(expected.References, actual.References);
        Assert.Equal(expected.Trust, actual.Trust);
        Assert.Equal(expected.Files.Order(StringComparer.Ordinal), actual.Files.Order(StringComparer.Ordinal));
        Assert.All(expected.Fingerprints, file => Assert.True(file.Value.SameContent(actual.Fingerprints[file.Key])));
        Assert.Equal(expected.Assembly?.Module, actual.Assembly?.Module);
        Assert.Equal(expected.Assembly?.Image, actual.Assembly?.Image);
        Assert.Equal(expected.Assembly?.Symbols, actual.Assembly?.Symbols);
        Assert.Equal(expected.Assembly?.Cells, actual.Assembly?.Cells);
        Assert.Equal(expected.Assembly?.Points, actual.Assembly?.Points);
        Assert.Equal(expected.Assembly?.Methods, actual.Assembly?.Methods);
    }

    private protected static void Run(LoadedRule rule)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(new byte[60], LinkType.Ethernet, Side.Left);
        var frame = new Frame(buffer);
        rule.Rule(ref frame);
    }

    private protected string CacheFolder => Home["cache"];

    private protected string[] Entries() => Directory.Exists(CacheFolder) ? Directory.GetFiles(CacheFolder, "*" + CompiledRuleCache.Extension) : [];

    private protected CompiledRuleCache NewCache() => new(CacheFolder, NoLimit, Patience);

    private protected CompiledRule Compile(string path) => RuleCompiler.Compile(path, FileTrust.Any, Cache);

    private protected CompiledRule Kept(string path) => Cache.Find(path, FileTrust.Any) ?? throw new InvalidOperationException($"{path} is not in the cache");

    // Compiled anew, and then kept as it is now.
    private protected void AssertStale(string path)
    {
        Assert.Null(Cache.Find(path, FileTrust.Any));
        CompiledRule fresh = Compile(path);
        AssertSame(fresh, Kept(path));
    }
}
