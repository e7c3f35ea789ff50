using Fluke6.Linux.Native;
using Fluke6.Wire;
using static Fluke6.Linux.KernelPath.Condition;
using static Fluke6.Linux.KernelPath.DecisionProgram;
using static Fluke6.Linux.KernelPath.DecisionStack;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// Keeps the order of frames that go in one direction of a flow: one that the kernel could forward goes to the rules all the same, as long as an
/// earlier one may still be on its way through the bridge. When a frame was taken is written under a number made of its flow; for a frame whose
/// ports cannot be read, such as a fragment, of both addresses alone. The bridge says up to when it has handled all frames.
/// </summary>
internal static class OrderCode
{
    /// <summary>How many numbers there are. Flows that share one wait for each other, which loses time alone.</summary>
    public const int Marks = 1 << 16;

    private const int Bits = 16;
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Writes the number of both ends, which are in R1 and R2 in either order.</summary>
    public static void WriteEnds(BpfCode code)
    {
        code.Set(R3, Multiplier);
        code.Do(Multiply, R1, R3);
        code.Do(ExclusiveOr, R1, R2);
        code.Do(Multiply, R1, R3);
        code.Store(Size.Eight, Frame, Ends, R1);
        code.Do(ShiftRight, R1, 64 - Bits);
        code.Store(Size.Four, Frame, EndsMark, R1);
    }

    /// <summary>Writes the number of the flow. R9 is the protocol.</summary>
    public static void WriteFlow(BpfCode code)
    {
        code.Do(Move, R2, 0);
        code.Jump(Equal, R9, (int)IpProtocol.Tcp, "ports");
        code.Jump(NotEqual, R9, (int)IpProtocol.Udp, "no ports");
        code.Mark("ports");
        code.Load(Size.Two, R2, Frame, Transport);
        code.Load(Size.Two, R1, Frame, Transport + 2);
        code.Do(Add, R2, R1);
        code.Mark("no ports");
        code.Do(Move, R1, R9);
        code.Do(ShiftLeft, R1, 32);
        code.Do(Or, R2, R1);
        code.Load(Size.Eight, R1, Frame, Ends);
        code.Do(ExclusiveOr, R1, R2);
        code.Set(R3, Multiplier);
        code.Do(Multiply, R1, R3);
        code.Do(ShiftRight, R1, 64 - Bits);
        code.Store(Size.Four, Frame, FlowMark, R1);
    }

    /// <summary>Reads what the bridge says.</summary>
    public static void ReadControl(BpfCode code, Side side, int control)
    {
        code.Do(Move, R1, 0);
        code.Store(Size.Eight, Frame, Key, R1);
        code.Store(Size.Eight, Frame, Released, R1);
        code.LookUp(control, Key);
        code.Jump(Equal, R0, 0, ToRules);
        foreach ((int to, int from) in (ReadOnlySpan<(int, int)>)
            [(Handled, KernelControl.HandledAt + (8 * (int)side)), (AllTaken, KernelControl.AllTakenAt), (Releasing, KernelControl.ReleasingAt)])
        {
            code.Load(Size.Eight, R1, R0, from);
            code.Store(Size.Eight, Frame, to, R1);
        }
    }

    /// <summary>Goes on if no frame is on its way that this one would overtake.</summary>
    public static void WriteCheck(BpfCode code, int marks)
    {
        code.Load(Size.Eight, R8, Frame, Handled);
        code.Load(Size.Eight, R1, Frame, AllTaken);
        code.Jump(Below, R8, R1, Asked);
        foreach (int mark in (int[])[FlowMark, EndsMark])
        {
            code.LookUp(marks, mark);
            code.Jump(Equal, R0, 0, ToRules);
            code.Load(Size.Eight, R1, R0, 0);
            code.Jump(Above, R1, R8, Asked);
        }
    }

    /// <summary>The ends of frames that go to the rules and that others may not overtake.</summary>
    public static void WriteMarks(BpfCode code, int marks)
    {
        code.Mark(Undecided);
        code.Load(Size.Four, R1, Frame, EndsMark);
        code.Jump("mark");
        code.Mark(Asked);
        code.Load(Size.Four, R1, Frame, FlowMark);
        code.Load(Size.Four, R2, Frame, Protocol);
        code.Jump(NotEqual, R2, (int)IpProtocol.Tcp, "mark");
        // What follows a SYN answers it, and after FIN and RST comes nothing.
        code.Load(Size.One, R2, Frame, Transport + 13);
        code.Do(And, R2, (int)(TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst));
        code.Jump(NotEqual, R2, 0, ToRules);
        code.Mark("mark");
        code.Store(Size.Four, Frame, Mark, R1);
        code.Call(Bpf.BPF_FUNC_ktime_get_ns);
        code.Store(Size.Eight, Frame, Time, R0);
        code.LookUp(marks, Mark);
        code.Jump(Equal, R0, 0, ToRules);
        code.Load(Size.Eight, R1, Frame, Time);
        code.Store(Size.Eight, R0, 0, R1);
    }
}
