using Fluke6.Flows;
using FlowFamily = Fluke6.Frames.FlowFamily;
using Fluke6.Wire;
using static Fluke6.Linux.KernelPath.Condition;
using static Fluke6.Linux.KernelPath.DecisionStack;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>Makes the key of a frame's flow as <see cref="FlowKeyReader"/> does, in the layout of <see cref="FlowKey"/>, and finds which rules let go of it.</summary>
internal static class FlowKeyCode
{
    private const int EchoReply = 0, EchoRequest = 8, Icmpv6EchoRequest = 128, Icmpv6EchoReply = 129;

    /// <summary>Makes the key.</summary>
    public static void Write(BpfCode code, int released)
    {
        WritePorts(code);
        WriteKey(code);
        code.Load(Size.Eight, R1, Frame, Releasing);
        code.Jump(Equal, R1, 0, "nobody let go");
        code.LookUp(released, FlowKeyAt);
        code.Jump(Equal, R0, 0, "nobody let go");
        code.Load(Size.Eight, R1, R0, 0);
        code.Store(Size.Eight, Frame, Released, R1);
        code.Mark("nobody let go");
    }

    // R8: the source's port, R9: the destination's.
    private static void WritePorts(BpfCode code)
    {
        code.Load(Size.Four, R7, Frame, EtherTypeAt);
        code.Load(Size.Four, R1, Frame, Protocol);
        code.Do(Move, R8, 0);
        code.Do(Move, R9, 0);
        code.Jump(Equal, R1, (int)IpProtocol.Tcp, "has ports");
        code.Jump(Equal, R1, (int)IpProtocol.Udp, "has ports");
        code.Jump(Equal, R1, (int)IpProtocol.Icmpv4, "echo");
        code.Jump(Equal, R1, (int)IpProtocol.Icmpv6, "echo of ipv6");
        code.Jump("ports are known");

        code.Mark("has ports");
        HeaderWalkCode.LoadNumber(code, R8, Transport);
        HeaderWalkCode.LoadNumber(code, R9, Transport + 2);
        code.Jump("ports are known");

        code.Mark("echo");
        code.Jump(NotEqual, R7, (int)EtherType.Ipv4, "ports are known");
        code.Load(Size.One, R1, Frame, Transport);
        code.Jump(Equal, R1, EchoRequest, "identifier");
        code.Jump(Equal, R1, EchoReply, "identifier");
        code.Jump("ports are known");

        code.Mark("echo of ipv6");
        code.Jump(NotEqual, R7, (int)EtherType.Ipv6, "ports are known");
        code.Load(Size.One, R1, Frame, Transport);
        code.Jump(Equal, R1, Icmpv6EchoRequest, "identifier");
        code.Jump(Equal, R1, Icmpv6EchoReply, "identifier");
        code.Jump("ports are known");

        code.Mark("identifier");
        HeaderWalkCode.LoadNumber(code, R8, Transport + 4);
        code.Do(Move, R9, R8);
        code.Mark("ports are known");
    }

    // R1 and R2: the source's address, R3 and R4: the destination's. R0: whether the source is the upper end.
    private static void WriteKey(BpfCode code)
    {
        code.Jump(Equal, R7, (int)EtherType.Ipv4, "key of ipv4");
        code.Jump(Equal, R7, (int)EtherType.Ipv6, "key of ipv6");
        HeaderWalkCode.LoadLinkAddresses(code, R2, R4, R1);
        code.Do(Move, R1, 0);
        code.Do(Move, R3, 0);
        code.Do(Move, R5, (int)FlowFamily.Link);
        code.Jump("ends");

        code.Mark("key of ipv4");
        code.Do(Move, R1, 0);
        code.Do(Move, R3, 0);
        code.Load(Size.Four, R2, Frame, Network + 12);
        code.FromNetworkOrder(R2, 32);
        code.Load(Size.Four, R4, Frame, Network + 16);
        code.FromNetworkOrder(R4, 32);
        code.Do(Move, R5, (int)FlowFamily.Ipv4);
        code.Jump("protocol");

        code.Mark("key of ipv6");
        foreach ((Register register, int at) in (ReadOnlySpan<(Register, int)>)[(R1, 8), (R2, 16), (R3, 24), (R4, 32)])
        {
            code.Load(Size.Eight, register, Frame, Network + at);
            code.FromNetworkOrder(register, 64);
        }

        code.Do(Move, R5, (int)FlowFamily.Ipv6);
        code.Mark("protocol");
        code.Load(Size.Four, R0, Frame, Protocol);
        code.Do(ShiftLeft, R0, 8);
        code.Do(Or, R5, R0);

        code.Mark("ends");
        code.Do(ShiftLeft, R7, 16);
        code.Do(Or, R5, R7);
        foreach ((Register source, Register destination) in (ReadOnlySpan<(Register, Register)>)[(R1, R3), (R2, R4), (R8, R9)])
        {
            code.Jump(Above, source, destination, "upper end sends");
            code.Jump(Below, source, destination, "lower end sends");
        }

        code.Mark("lower end sends");
        WriteEnds(code, (R1, R2, R8), (R3, R4, R9), upperSends: 0);
        code.Jump("key");
        code.Mark("upper end sends");
        WriteEnds(code, (R3, R4, R9), (R1, R2, R8), upperSends: 1);
        code.Mark("key");
        code.Load(Size.Eight, R1, Frame, Vlans);
        code.Store(Size.Eight, Frame, FlowKeyAt + 40, R1);
    }

    private static void WriteEnds(
        BpfCode code, (Register High, Register Low, Register Port) lower, (Register High, Register Low, Register Port) upper, int upperSends)
    {
        code.Store(Size.Eight, Frame, FlowKeyAt, lower.High);
        code.Store(Size.Eight, Frame, FlowKeyAt + 8, lower.Low);
        code.Store(Size.Eight, Frame, FlowKeyAt + 16, upper.High);
        code.Store(Size.Eight, Frame, FlowKeyAt + 24, upper.Low);
        code.Do(ShiftLeft, lower.Port, 48);
        code.Do(ShiftLeft, upper.Port, 32);
        code.Do(Or, R5, lower.Port);
        code.Do(Or, R5, upper.Port);
        code.Store(Size.Eight, Frame, FlowKeyAt + 32, R5);
        code.Do(Move, R0, upperSends);
        code.Store(Size.Four, Frame, UpperSends, R0);
    }
}
