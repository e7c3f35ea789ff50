using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests.Examples;

/// <summary>
/// Every example does the same with its guard as without: the same frames depart, the same is logged, over the frames of all examples' tests, behind
/// VLAN tags and extension headers, in fragments and tunnels, cut short and with bytes changed.
/// </summary>
public sealed class ExampleGuardTests
{
    private const int ChangesOfEachFrame = 12;
    private static readonly DateTimeOffset s_start = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Examples => [.. GoldenFrames.Examples];

    // Those that are about all packets, and say so by having none.
    private static readonly string[] s_unguarded =
    [
        "ip-print", "net-corrupt", "net-delay", "net-limit-flows", "net-limit-rate", "net-link-trace", "net-lose", "net-profile", "net-reorder",
        "net-scenario", "net-small-mtu",
    ];

    // It asks a resolver, whose refusal is logged whenever it comes.
    private const string Asking = "dns-answer-from-upstream", ClosedPort = "1";

    [Theory]
    [MemberData(nameof(Examples))]
    public void DoesTheSameWithItsGuardAsWithout(string example)
    {
        CompiledRule compiled = RuleCompiler.Compile(Path.Combine(GoldenFrames.Folder, $"{example}.csx"));
        IEnumerable<IReadOnlyDictionary<string, string>> settings = GoldenFrames.Of(example).Select(golden => golden.Parameters)
            .Prepend(new Dictionary<string, string>()).DistinctBy(set => string.Join(',', set))
            .Select(set => example == Asking ? new Dictionary<string, string>(set) { ["port"] = ClosedPort } : set);
        foreach (IReadOnlyDictionary<string, string> parameters in settings)
        {
            foreach (LinkType linkType in (LinkType[])[LinkType.Ethernet, LinkType.RawIp])
                Compare(compiled, parameters, linkType);
        }
    }

    private static void Compare(CompiledRule compiled, IReadOnlyDictionary<string, string> parameters, LinkType linkType)
    {
        using var with = new Run(compiled, parameters, linkType, isGuarded: true);
        using var without = new Run(compiled, parameters, linkType, isGuarded: false);
        Assert.Equal(s_unguarded.Contains(compiled.Name), with.Entry.Guard is null);
        var random = new Random(13);
        foreach (GoldenFrames golden in GoldenFrames.Examples.SelectMany(GoldenFrames.Of).Where(golden => golden.LinkType == linkType))
        {
            foreach (byte[] frame in golden.First.Append(golden.In))
            {
                foreach (byte[] changed in Changes(frame, linkType, random))
                {
                    Side from = random.Next(3) == 0 ? Side.Right : Side.Left;
                    Assert.True(with.Made(from, changed).SequenceEqual(without.Made(from, changed)), $"{compiled.Name}: {Convert.ToHexString(changed)}");
                }
            }
        }

        Assert.Equal(without.Entry.Counters.Hits, with.Entry.Counters.Hits);
    }

    private static IEnumerable<byte[]> Changes(byte[] frame, LinkType linkType, Random random)
    {
        yield return frame;
        if (linkType == LinkType.Ethernet)
        {
            yield return [.. frame[..12], 0x81, 0, 0, 5, .. frame[12..]];
            yield return [.. frame[..12], 0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, .. frame[12..]];
        }

        int network = linkType == LinkType.Ethernet ? 14 : 0;
        if (frame.Length >= network + 40 && frame[network] >> 4 == 6)
        {
            foreach (byte kind in (byte[])[0, 60, 44])
            {
                byte[] extended = [.. frame[..(network + 40)], frame[network + 6], 0, 0, 0, 0, 0, 0, 0, .. frame[(network + 40)..]];
                extended[network + 6] = kind;
                int length = (extended[network + 4] << 8) + extended[network + 5] + 8;
                (extended[network + 4], extended[network + 5]) = ((byte)(length >> 8), (byte)length);
                yield return extended;
                // A fragment, the first or a later one.
                if (kind == 44)
                    yield return [.. extended[..(network + 42)], (byte)random.Next(2), (byte)random.Next(256), .. extended[(network + 44)..]];
            }
        }

        for (int i = 0; i < ChangesOfEachFrame; i++)
        {
            byte[] changed = [.. frame];
            for (int edits = random.Next(1, 4); edits > 0; edits--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            yield return i % 4 == 0 ? changed[..random.Next(1, changed.Length + 1)] : changed;
        }
    }

    /// <summary>A rule at work, with or without its guard.</summary>
    private sealed class Run : IDisposable
    {
        private readonly Rehearsal _rehearsal;
        private readonly LoadedRule _loaded;

        public Run(CompiledRule compiled, IReadOnlyDictionary<string, string> parameters, LinkType linkType, bool isGuarded)
        {
            _rehearsal = new Rehearsal(linkType, 1500, s_start, new BridgeOptions { Flows = 64, LogLimit = int.MaxValue, Random = new Random(1) });
            var counters = new RuleCounters();
            var globals = new RuleGlobals(compiled.Name, counters, _rehearsal.Bridge.Services, parameters);
            Assert.True(LoadedRule.TryLoad(compiled, globals, out LoadedRule? loaded, out RuleDiagnostic? diagnostic), $"{diagnostic}");
            _loaded = loaded;
            Entry = isGuarded ? new RuleEntry(compiled.Name, loaded.Rule, globals, counters) : new RuleEntry(compiled.Name, loaded.Rule, globals, counters) { Check = null };
            _rehearsal.Bridge.Publish(new RuleChain([Entry]));
        }

        public RuleEntry Entry { get; }

        /// <summary>What comes of a frame: all that departs, and all that is logged.</summary>
        public IReadOnlyList<string> Made(Side from, byte[] frame) =>
        [
            .. _rehearsal.Arrive(from, frame).Select(departed => $"{departed.Side} {departed.IsSame} {Convert.ToHexString(departed.Octets)}"),
            .. _rehearsal.TakeNotes().Where(_ => Entry.Name != Asking).Select(note => note is LogNote log ? log.Message : $"{note.GetType().Name}"),
        ];

        public void Dispose()
        {
            _rehearsal.Dispose();
            _loaded.Dispose();
        }
    }
}
