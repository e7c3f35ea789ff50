using System.Runtime.CompilerServices;

namespace Fluke6.Scripting.Tests;

[Collection("alone")]
public sealed class UnloadTests
{
    private const int Reloads = 300;

    [Fact]
    public void EveryOldVersionIsCollectedAndMemoryStaysFlat()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("lib.csx", "int Twice(int x) => 2 * x;");
        live.Folder.Write("10-x.csx", Script(0));
        using var rules = new RuleSet(live.Bridge, [live.Folder["10-x.csx"]]);
        Assert.Empty(rules.LoadAll());
        live.Bridge.Start();
        var versions = new List<WeakReference>();
        long early = 0;
        for (int i = 1; i <= Reloads; i++)
        {
            versions.Add(Version(live));
            live.Folder.Write("10-x.csx", i % 10 == 5 ? "nonsense" : Script(i));
            Assert.True(rules.Reload("10-x"));
            Assert.NotNull(live.Pass(new byte[60]));
            if (i == 50)
                early = Collect();
        }

        live.Until(() =>
        {
            Collect();
            return versions.Count(version => version.IsAlive) <= 1;
        });
        Assert.Equal(Reloads, live.Rule("10-x").Counters.Seen);
        long growth = Collect() - early;
        Assert.True(growth < 8 << 20, $"the heap grew by {growth} octets over {Reloads - 50} reloads");
    }

    // Everything by which a version could be held: timers, posted work, kept objects, a lambda in a static, what it sends and logs.
    private static string Script(int version) => $$"""
        #load "lib.csx"
        class Own { public int Value; }
        static Func<int> s_version = () => {{version}};
        var kept = Keep("kept", () => new List<int>());
        var own = Keep("own{{version % 2}}", () => new Own());
        Every(TimeSpan.FromHours(1), () => own.Value++);
        After(TimeSpan.FromMilliseconds(1), () => own.Value++);
        Post(() => kept.Add(Twice({{version}})));
        Verdict Apply(ref Frame frame)
        {
            own.Value += s_version();
            frame.Flow.State<Own>() ??= own;
            frame.Flow.State<object>() = own;
            frame.Flow.State<(Own, int)>().Item2++;
            return Verdict.Continue;
        }
        """;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Version(ScriptedBridge live) => new(live.Rule("10-x").Rule!.Target!.GetType().Assembly);

    private static long Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
