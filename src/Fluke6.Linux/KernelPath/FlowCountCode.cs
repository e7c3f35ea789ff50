using Fluke6.Flows;
using Fluke6.Linux.Native;
using static Fluke6.Linux.KernelPath.Condition;
using static Fluke6.Linux.KernelPath.DecisionProgram;
using static Fluke6.Linux.KernelPath.DecisionStack;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// Counts a frame that the kernel forwards, by its flow, in the layout of <see cref="ForwardedFigures"/>. Where there is no room for another flow, its frames go to the rules, and are counted there.
/// </summary>
internal static class FlowCountCode
{
    /// <summary>Counts it.</summary>
    public static void Write(BpfCode code, Side side, int flows)
    {
        code.LookUp(flows, FlowKeyAt);
        code.Jump(Equal, R0, 0, "new flow");
        code.Mark("count");
        code.Do(Move, R8, R0);
        code.Do(Move, R1, 1);
        code.AddAtomically(R8, ForwardedFigures.FramesAt(side), R1);
        ForwardingProgram.WriteLength(code);
        code.AddAtomically(R8, ForwardedFigures.BytesAt(side), R2);
        code.Call(Bpf.BPF_FUNC_ktime_get_coarse_ns);
        code.Store(Size.Eight, R8, ForwardedFigures.LastSeenAt, R0);
        code.Jump("counted");

        code.Mark("new flow");
        code.Call(Bpf.BPF_FUNC_ktime_get_coarse_ns);
        code.Store(Size.Eight, Frame, Figures + ForwardedFigures.FirstSeenAt, R0);
        code.Store(Size.Eight, Frame, Figures + ForwardedFigures.LastSeenAt, R0);
        code.Load(Size.Four, R1, Frame, UpperSends);
        code.Store(Size.Eight, Frame, Figures + ForwardedFigures.UpperBeganAt, R1);
        code.Do(Move, R1, 0);
        foreach (Side each in (Side[])[Side.Left, Side.Right])
        {
            code.Store(Size.Eight, Frame, Figures + ForwardedFigures.FramesAt(each), R1);
            code.Store(Size.Eight, Frame, Figures + ForwardedFigures.BytesAt(each), R1);
        }

        code.AddElement(flows, FlowKeyAt, Figures);
        // Another processor may have added it meanwhile; otherwise there is no room.
        code.LookUp(flows, FlowKeyAt);
        code.Jump(NotEqual, R0, 0, "count");
        code.Jump(Asked);
        code.Mark("counted");
    }
}
