using Fluke6.Testing.Packets;
using Fluke6.Frames;
using Fluke6.Linux.KernelPath;
using Fluke6.Linux.Native;
using Fluke6.Rules;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.Tests.KernelPath;

/// <summary>The kernel's program, run by the kernel on frames that no interface saw, is never narrower than the check in user space.</summary>
public sealed class DecisionTests : IDisposable
{
    private readonly SafeFileHandle _rows = BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, GuardTable.Row.Length, DecisionProgram.Tables * GuardTable.Rows);
    private readonly SafeFileHandle _start = BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, sizeof(uint), 1);
    private readonly SafeFileHandle _program;

    public DecisionTests() => _program = BpfObjects.Load(
        Bpf.BPF_PROG_TYPE_SCHED_CLS, DecisionProgram.Write(Side.Left, BpfObjects.Number(_rows), BpfObjects.Number(_start), slot: -1));

    public void Dispose()
    {
        _program.Dispose();
        _rows.Dispose();
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

    private void Use(Guard guard)
    {
        GuardTable.Row[] rows = GuardTable.Write(guard, first: 0, out ushort begin);
        for (int i = 0; i < rows.Length; i++)
            BpfObjects.Update(_rows, i, rows[i]);
        BpfObjects.Update(_start, 0, (uint)begin);
    }
}
