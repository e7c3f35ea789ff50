using Fluke6.Linux.Native;
using static Fluke6.Linux.KernelPath.Condition;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// The program at the interface, which takes what the filter left and sends it out of the other one. It decides nothing: a frame is handled once,
/// however guards change.
/// </summary>
internal static class ForwardingProgram
{
    private const int Key = -8;

    /// <summary>The program.</summary>
    /// <param name="side">The side of the port.</param>
    /// <param name="other">The interface to send by.</param>
    /// <param name="slot">The map by which the filter says what it decided.</param>
    /// <param name="counters">The map that counts, by side.</param>
    /// <param name="isLast">Whether frames that it does not take come to no program after it.</param>
    public static BpfCode.Instruction[] Write(Side side, int other, int slot, int counters, bool isLast = false)
    {
        var code = new BpfCode();
        code.Do(Move, R6, R1);
        code.Do(Move, R1, 0);
        code.Store(Size.Eight, Frame, Key, R1);
        code.LookUp(slot, Key);
        code.Jump(Equal, R0, 0, "next");
        // Both run one after the other on one processor, for one frame.
        WriteToken(code);
        code.Load(Size.Eight, R2, R0, 0);
        code.Do(Move, R3, 0);
        code.Store(Size.Eight, R0, 0, R3);
        code.Jump(NotEqual, R1, R2, "next");
        code.Do(Move, R1, (int)side);
        code.Store(Size.Eight, Frame, Key, R1);
        code.LookUp(counters, Key);
        code.Jump(Equal, R0, 0, "redirect");
        code.Load(Size.Eight, R1, R0, 0);
        code.Do(Add, R1, 1);
        code.Store(Size.Eight, R0, 0, R1);
        WriteLength(code);
        code.Load(Size.Eight, R1, R0, 8);
        code.Do(Add, R1, R2);
        code.Store(Size.Eight, R0, 8, R1);
        code.Mark("redirect");
        code.Do(Move, R1, other);
        code.Do(Move, R2, 0);
        code.Call(Bpf.BPF_FUNC_redirect);
        code.Exit();
        code.Mark("next");
        code.Do(Move, R0, isLast ? Bpf.TCX_PASS : Bpf.TCX_NEXT);
        code.Exit();
        return code.ToArray();
    }

    /// <summary>R1: never 0, and hardly the same for two frames that follow each other.</summary>
    public static void WriteToken(BpfCode code)
    {
        code.Load(Size.Four, R1, R6, FrameContext.InterfaceAt);
        code.Do(ShiftLeft, R1, 32);
        code.Load(Size.Four, R2, R6, FrameContext.LengthAt);
        code.Do(Or, R1, R2);
    }

    /// <summary>R2: the frame's length, with the tag that is beside it. R1 is used.</summary>
    public static void WriteLength(BpfCode code)
    {
        code.Load(Size.Four, R2, R6, FrameContext.LengthAt);
        code.Load(Size.Four, R1, R6, FrameContext.VlanPresentAt);
        code.Jump(Equal, R1, 0, "no tag");
        code.Do(Add, R2, 4);
        code.Mark("no tag");
    }
}
