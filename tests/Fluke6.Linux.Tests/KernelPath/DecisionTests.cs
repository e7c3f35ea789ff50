using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fluke6.Flows;
using Fluke6.Testing.Packets;
using Fluke6.Frames;
using Fluke6.Linux.KernelPath;
using Fluke6.Linux.Native;
using Fluke6.Rules;
using Fluke6.Scripting.Filters;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.Tests.KernelPath;

/// <summary>The kernel's program, run by the kernel on frames that no interface saw, is never narrower than the check in user space.</summary>
public sealed unsafe partial class DecisionTests : IDisposable
{
    private readonly SafeFileHandle _rows = BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, GuardTable.Row.Length, DecisionProgram.Tables * GuardTable.Rows);
    private readonly SafeFileHandle _memory = BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_PERCPU_ARRAY, FilterRowCode.MemoryLength, 1);
    private readonly SafeFileHandle _start = BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, sizeof(uint), 1);
    private readonly SafeFileHandle _control = BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, KernelControl.Length, 1, Bpf.BPF_F_MMAPABLE);
    private readonly SafeFileHandle _marks = BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, sizeof(ulong), OrderCode.Marks);
    private readonly SafeFileHandle _flows = BpfObjects.CreateTable(Unsafe.SizeOf<FlowKey>(), ForwardedFigures.Length, 100_000);
    private readonly SafeFileHandle _released = BpfObjects.CreateTable(Unsafe.SizeOf<FlowKey>(), sizeof(ulong), 100);
    private readonly SafeFileHandle _program;

    public DecisionTests()
    {
        _program = BpfObjects.Load(Bpf.BPF_PROG_TYPE_SCHED_CLS, DecisionProgram.Write(Side.Left, new DecisionMaps(
            BpfObjects.Number(_rows), BpfObjects.Number(_memory), BpfObjects.Number(_start), Slot: -1, BpfObjects.Number(_control), BpfObjects.Number(_marks), BpfObjects.Number(_flows), BpfObjects.Number(_released))));
        // No frame waits for those before it.
        BpfObjects.Update(_control, 0, (long.MaxValue, long.MaxValue, 0L, 0L));
    }

    public void Dispose()
    {
        _program.Dispose();
        _control.Dispose();
        _marks.Dispose();
        _flows.Dispose();
        _released.Dispose();
        _rows.Dispose();
        _memory.Dispose();
        _start.Dispose();
    }

    [Fact]
    public void KernelForwardsNothingThatAGuardHoldsFor()
    {
        var corpus = new GuardCorpus(31);
        var buffer = new FrameBuffer(new FrameUndo());
        int tested = 0, forwarded = 0, asked = 0;
        for (int i = 0; i < 300; i++)
        {
            Guard guard = i < 100 ? corpus.Named() : corpus.Guard(4);
            GuardCheck check = GuardCode.Compile(guard);
            Use(guard);
            for (int j = 0; j < 200; j++)
            {
                byte[] frame = corpus.Frame();
                if (frame.Length < 14)
                    continue;

                // Somebody else's, as the kernel sees it.
                (frame[0], frame[1]) = (0x02, 0x77);
                buffer.Load(frame, LinkType.Ethernet, Side.Left);
                int? decision = BpfObjects.Run(_program, frame);
                tested += decision is null ? 0 : 1;
                bool isForwarded = decision == 0;
                Assert.False(isForwarded && check(buffer), $"{guard}: {Convert.ToHexString(frame)}");
                forwarded += isForwarded ? 1 : 0;
                asked += check(buffer) ? 1 : 0;
            }
        }

        Assert.True(tested > 40_000 && forwarded > 5000 && asked > 5000, $"{tested} tested, {forwarded} forwarded, {asked} asked about");
    }

    [Fact]
    public void KernelAgreesWithLibpcapAboutFiltersInText()
    {
        var corpus = new GuardCorpus(33);
        // Those that the program can follow, so that the guard decides.
        Use(Guard.Never);
        byte[][] frames = [.. Enumerable.Range(0, 1200).Select(_ => corpus.Frame()).Where(frame => frame.Length >= 14)];
        foreach (byte[] frame in frames)
            (frame[0], frame[1]) = (0x02, 0x77);
        frames = [.. frames.Where(frame => BpfObjects.Run(_program, frame) == 0)];
        int taken = 0;
        foreach (string text in FilterTexts.All)
        {
            TextGuard guard = PcapFilter.Compile(text);
            Assert.InRange(GuardFlows.Steps(guard), 1, GuardTable.Rows);
            // Where a filter goes round in its own program, there is an end to what the kernel does for it.
            bool isExact = !text.Contains("protochain", StringComparison.Ordinal);
            foreach ((Guard asked, bool isComplement) in ((Guard, bool)[])[(guard, false), (!guard, true), (Guard.Never | guard & guard & !Guard.Never, false)])
            {
                if (GuardFlows.Steps(asked) > GuardTable.Rows)
                    continue;

                Use(asked);
                foreach (byte[] frame in frames)
                {
                    bool expected = (FilterTakes(guard.Ethernet, frame) != 0) != isComplement, decided = BpfObjects.Run(_program, frame) != 0;
                    Assert.True(expected == decided || (decided && !isExact), $"{asked}: {Convert.ToHexString(frame)}");
                    taken += expected ? 1 : 0;
                }
            }
        }

        Assert.True(frames.Length > 250 && taken > 4000, $"{frames.Length} frames, taken {taken} times");
    }

    [Fact]
    public void KernelCountsFramesUnderTheKeyOfTheirFlow()
    {
        var corpus = new GuardCorpus(32);
        var buffer = new FrameBuffer(new FrameUndo());
        var expected = new Dictionary<FlowKey, (long Frames, long Bytes, bool UpperBegan)>();
        Use(Guard.Never);
        for (int i = 0; i < 40_000; i++)
        {
            byte[] frame = corpus.Frame();
            if (frame.Length < 14)
                continue;

            (frame[0], frame[1]) = (0x02, 0x77);
            buffer.Load(frame, LinkType.Ethernet, Side.Left);
            FlowKey key = FlowKeyReader.Read(buffer.Octets, buffer.Layers, LinkType.Ethernet, out bool swapped);
            if (BpfObjects.Run(_program, frame) != 0)
                continue;

            (long frames, long bytes, bool upperBegan) = expected.GetValueOrDefault(key, (0, 0, swapped));
            expected[key] = (frames + 1, bytes + frame.Length, upperBegan);
        }

        Assert.True(expected.Count > 500, $"{expected.Count} flows");
        using var control = new KernelControl(_control);
        var flows = new ForwardedFlows(_flows, _released, control, 100_000);
        int read = 0;
        for (bool more = true; more;)
        {
            more = flows.ReadNext(out ReadOnlySpan<FlowKey> keys, out ReadOnlySpan<ForwardedFigures> figures);
            for (int i = 0; i < keys.Length; i++)
            {
                Assert.True(expected.TryGetValue(keys[i], out (long, long, bool) counted), $"{keys[i]} ({keys[i].EtherType}, {keys[i].Protocol}, VLANs {keys[i].OuterVlan} and {keys[i].InnerVlan})");
                Assert.Equal(counted, (figures[i].FramesFromLeft, figures[i].BytesFromLeft, figures[i].UpperBegan != 0));
                Assert.Equal((0, 0), (figures[i].FramesFromRight, figures[i].BytesFromRight));
                Assert.InRange(figures[i].LastSeen, figures[i].FirstSeen, System.Diagnostics.Stopwatch.GetTimestamp());
                read++;
            }
        }

        Assert.Equal(expected.Count, read);
        FlowKey any = expected.Keys.First();
        Assert.True(flows.TryRead(any, out ForwardedFigures one) && flows.TryTake(any, out ForwardedFigures taken) && one == taken);
        Assert.False(flows.TryRead(any, out _) || flows.TryTake(any, out _));
    }

    private static uint FilterTakes(FilterInstruction[] program, byte[] frame)
    {
        fixed (FilterInstruction* first = program)
        fixed (byte* octets = frame)
            return bpf_filter(first, octets, (uint)frame.Length, (uint)frame.Length);
    }

    [LibraryImport("libpcap.so.0.8")]
    private static partial uint bpf_filter(FilterInstruction* program, byte* frame, uint length, uint captured);

    private void Use(Guard guard)
    {
        GuardTable.Row[] rows = GuardTable.Write(guard, first: 0, out ushort begin);
        for (int i = 0; i < rows.Length; i++)
            BpfObjects.Update(_rows, i, rows[i]);
        BpfObjects.Update(_start, 0, (uint)begin);
    }
}
