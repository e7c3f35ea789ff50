using Fluke6.Rules;
using static Fluke6.Linux.KernelPath.Condition;
using static Fluke6.Linux.KernelPath.DecisionProgram;
using static Fluke6.Linux.KernelPath.DecisionStack;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>Goes through the table of a guard, a row for each of its parts. Where a part cannot be decided, the frame is asked for.</summary>
internal static class GuardRowCode
{
    private const int Ipv4 = 0x0800, Ipv6 = 0x86DD, MaxSteps = GuardTable.Rows + 1;

    /// <summary>Goes from row to row until one says what becomes of the frame.</summary>
    public static void Write(BpfCode code, Side side, DecisionMaps maps)
    {
        code.Load(Size.Four, R7, Frame, EtherTypeAt);
        code.Load(Size.Four, R9, Frame, Protocol);
        code.Do(Move, R8, MaxSteps);
        code.Do(Move, R1, 0);
        code.Store(Size.Four, Frame, AccumulatorAt, R1);
        code.Store(Size.Four, Frame, IndexAt, R1);
        code.Mark("row");
        code.Do(Subtract, R8, 1);
        code.Jump(Equal, R8, 0, Asked);
        code.LookUp(maps.Rows, Next);
        code.Jump(Equal, R0, 0, Asked);
        code.Load(Size.Two, R1, R0, 0);
        code.Jump(AtLeast, R1, (int)FilterStep.Equal, "instruction of a filter");
        foreach (GuardKind kind in Enum.GetValues<GuardKind>())
            code.Jump(Equal, R1, (int)kind, $"{kind}");
        code.Jump(Asked);
        code.Mark("instruction of a filter");
        FilterRowCode.Write(code, maps.Memory);
        WriteQuestions(code, side);
        code.Mark("holds");
        code.Load(Size.Two, R1, R0, GuardTable.Row.HoldsAt);
        code.Jump("next");
        code.Mark("fails");
        code.Load(Size.Two, R1, R0, GuardTable.Row.FailsAt);
        code.Mark("next");
        code.Jump(Equal, R1, GuardTable.ToRules, Asked);
        code.Jump(Equal, R1, GuardTable.Forward, NotAsked);
        code.Store(Size.Eight, Frame, Next, R1);
        code.Jump("row");
    }

    // The question of each kind of row. R0 points to it.
    private static void WriteQuestions(BpfCode code, Side side)
    {
        code.Mark(nameof(GuardKind.Never));
        code.Mark(nameof(GuardKind.Fragment));
        code.Jump("fails");

        code.Mark(nameof(GuardKind.From));
        code.Load(Size.Eight, R1, R0, GuardTable.Row.FirstAt);
        code.Jump(Equal, R1, (int)side, "holds");
        code.Jump("fails");

        code.Mark(nameof(GuardKind.EtherType));
        code.Load(Size.Eight, R1, R0, GuardTable.Row.FirstAt);
        code.Jump(Equal, R1, R7, "holds");
        code.Jump("fails");

        Flag(code, GuardKind.VlanTag, VlanTag);
        Flag(code, GuardKind.ExtensionHeader, ExtensionHeader);

        code.Mark(nameof(GuardKind.Protocol));
        code.Load(Size.Eight, R1, R0, GuardTable.Row.FirstAt);
        code.Jump(Equal, R1, R9, "holds");
        code.Jump("fails");

        code.Mark(nameof(GuardKind.TcpFlags));
        code.Jump(NotEqual, R9, 6, "fails");
        HeaderWalkCode.LoadNumber(code, R1, Transport + 12);
        code.Load(Size.Eight, R2, R0, GuardTable.Row.FirstAt);
        code.Do(And, R1, R2);
        code.Jump(NotEqual, R1, 0, "holds");
        code.Jump("fails");

        code.Mark(nameof(GuardKind.Port));
        code.Load(Size.Eight, R1, R0, GuardTable.Row.FirstAt);
        code.Jump(NotEqual, R1, R9, "fails");
        code.Load(Size.Eight, R2, R0, GuardTable.Row.SecondAt);
        HeaderWalkCode.LoadNumber(code, R1, Transport);
        code.Jump(Equal, R1, R2, "holds");
        HeaderWalkCode.LoadNumber(code, R1, Transport + 2);
        code.Jump(Equal, R1, R2, "holds");
        code.Jump("fails");

        code.Mark(nameof(GuardKind.Icmp));
        code.Load(Size.Eight, R1, R0, GuardTable.Row.FirstAt);
        code.Jump(NotEqual, R1, R9, "fails");
        // ICMP over IPv6 is none, nor is ICMPv6 over IPv4.
        code.Jump(NotEqual, R1, 1, "icmpv6");
        code.Jump(NotEqual, R7, Ipv4, "fails");
        code.Jump("type of icmp");
        code.Mark("icmpv6");
        code.Jump(NotEqual, R7, Ipv6, "fails");
        code.Mark("type of icmp");
        code.Load(Size.Eight, R2, R0, GuardTable.Row.SecondAt);
        code.Load(Size.One, R1, Frame, Transport);
        code.Jump(Equal, R1, R2, "holds");
        code.Jump("fails");

        code.Mark(nameof(GuardKind.Ipv4Address));
        code.Jump(NotEqual, R7, Ipv4, "fails");
        code.Load(Size.Eight, R3, R0, GuardTable.Row.FirstAt);
        code.Load(Size.Eight, R4, R0, GuardTable.Row.SecondAt);
        foreach (int at in (int[])[Network + 12, Network + 16])
        {
            code.Load(Size.Four, R1, Frame, at);
            code.Do(And, R1, R4);
            code.Jump(Equal, R1, R3, "holds");
        }

        code.Jump("fails");

        code.Mark(nameof(GuardKind.Ipv6Address));
        code.Jump(NotEqual, R7, Ipv6, "fails");
        WriteIpv6Address(code, Network + 8, "destination");
        code.Mark("destination");
        WriteIpv6Address(code, Network + 24, "fails");

        code.Mark(nameof(GuardKind.Released));
        code.Load(Size.Eight, R1, R0, GuardTable.Row.FirstAt);
        code.Load(Size.Eight, R2, Frame, Released);
        code.Do(And, R1, R2);
        code.Jump(NotEqual, R1, 0, "holds");
        code.Jump("fails");

        // Whether there is a tunnel is not told here: whatever else the guard says, such a frame is for the rules.
        code.Mark(nameof(GuardKind.Teredo));
        code.Jump(NotEqual, R7, Ipv4, "fails");
        code.Jump(Equal, R9, 17, Asked);
        code.Jump("fails");

        code.Mark(nameof(GuardKind.Inner));
        foreach (int protocol in (int[])[1, 4, 17, 41, 47, 58, 137])
            code.Jump(Equal, R9, protocol, Asked);
        foreach (int type in (int[])[0x8847, 0x8848, 0x8864])
            code.Jump(Equal, R7, type, Asked);
        code.Jump("fails");
    }

    private static void Flag(BpfCode code, GuardKind kind, int at)
    {
        code.Mark($"{kind}");
        code.Load(Size.Four, R1, Frame, at);
        code.Jump(NotEqual, R1, 0, "holds");
        code.Jump("fails");
    }

    private static void WriteIpv6Address(BpfCode code, int at, string otherwise)
    {
        code.Load(Size.Eight, R1, Frame, at);
        code.Load(Size.Eight, R2, R0, GuardTable.Row.ThirdAt);
        code.Do(And, R1, R2);
        code.Load(Size.Eight, R2, R0, GuardTable.Row.FirstAt);
        code.Jump(NotEqual, R1, R2, otherwise);
        code.Load(Size.Eight, R1, Frame, at + 8);
        code.Load(Size.Eight, R2, R0, GuardTable.Row.FourthAt);
        code.Do(And, R1, R2);
        code.Load(Size.Eight, R2, R0, GuardTable.Row.SecondAt);
        code.Jump(Equal, R1, R2, "holds");
        code.Jump(otherwise);
    }
}
