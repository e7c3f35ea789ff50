using Fluke6.Linux.Native;
using static Fluke6.Linux.KernelPath.Condition;
using static Fluke6.Linux.KernelPath.DecisionProgram;
using static Fluke6.Linux.KernelPath.DecisionStack;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// Reads a frame's headers as LayerWalk does, up to two VLAN tags and four extension headers, and leaves them on the stack. It gives up at longer chains,
/// fragments, and headers that are cut short or contradict themselves.
/// </summary>
internal static class HeaderWalkCode
{
    private const int Ipv4 = 0x0800, Ipv6 = 0x86DD, NoProtocol = 256, MaxExtensionHeaders = 4;
    private const int FragmentHeader = 44, AuthenticationHeader = 51;
    private const int VlanIdentifier = 0xFFF;

    private static readonly int[] s_tags = [0x8100, 0x88A8, 0x9100];
    private static readonly int[] s_extensions = [0, 43, 51, 60, 135, 139, 140];

    /// <summary>Reads them. R7 is the EtherType then, R9 the protocol.</summary>
    public static void Write(BpfCode code)
    {
        WriteLink(code);
        WriteIpv4(code);
        WriteIpv6(code);
        WriteTransport(code);
        code.Mark("walked");
        code.Store(Size.Four, Frame, EtherTypeAt, R7);
        code.Load(Size.Four, R7, Frame, EtherTypeAt);
        code.Store(Size.Four, Frame, Protocol, R9);
        code.Load(Size.Four, R9, Frame, Protocol);
        OrderCode.WriteFlow(code);
    }

    /// <summary>The numbers of both link addresses.</summary>
    internal static void LoadLinkAddresses(BpfCode code, Register source, Register destination, Register spare)
    {
        code.Load(Size.Eight, source, Frame, Link + 6);
        code.FromNetworkOrder(source, 64);
        code.Do(ShiftRight, source, 16);
        code.Load(Size.Two, destination, Frame, Link);
        code.FromNetworkOrder(destination);
        code.Do(ShiftLeft, destination, 32);
        code.Load(Size.Four, spare, Frame, Link + 2);
        code.FromNetworkOrder(spare, 32);
        code.Do(Or, destination, spare);
    }

    // R7: the EtherType; R8: where the network header begins; R9: the protocol.
    private static void WriteLink(BpfCode code)
    {
        code.Do(Move, R8, 0);
        Copy(code, Link, 14, ToRules);
        code.Do(Move, R9, 0);
        code.Load(Size.Four, R7, R6, FrameContext.VlanPresentAt);
        code.Store(Size.Four, Frame, VlanTag, R7);
        code.Jump(Equal, R7, 0, "no tag beside");
        code.Load(Size.Four, R9, R6, FrameContext.VlanTagAt);
        code.Do(And, R9, VlanIdentifier);
        code.Do(ShiftLeft, R9, 16);
        code.Mark("no tag beside");
        LoadNumber(code, R7, Link + 12);
        code.Do(Move, R8, 14);
        JumpIfTag(code, "tag");
        code.Jump("type");
        // The outer tag is with the frame's data at some interfaces, and beside it at others.
        code.Mark("tag");
        code.Load(Size.Four, R7, Frame, VlanTag);
        code.Jump(NotEqual, R7, 0, "inner tag");
        ReadTag(code);
        code.Do(ShiftLeft, R1, 16);
        code.Do(Move, R9, R1);
        code.Do(Move, R1, 1);
        code.Store(Size.Four, Frame, VlanTag, R1);
        JumpIfTag(code, "inner tag");
        code.Jump("type");
        code.Mark("inner tag");
        ReadTag(code);
        code.Do(Or, R9, R1);
        JumpIfTag(code, ToRules);
        code.Mark("type");
        code.Store(Size.Eight, Frame, Vlans, R9);
        code.Do(Move, R9, NoProtocol);
        code.Jump(Equal, R7, Ipv4, "ipv4");
        code.Jump(Equal, R7, Ipv6, "ipv6");
        LoadLinkAddresses(code, R1, R2, R3);
        code.Do(Add, R1, R2);
        code.Do(Move, R2, 0);
        OrderCode.WriteEnds(code);
        code.Jump("walked");
    }

    // R1: the VLAN's identifier. R7 and R8 go on to what follows the tag.
    private static void ReadTag(BpfCode code)
    {
        Copy(code, Key, 4, ToRules);
        LoadNumber(code, R7, Key + 2);
        code.Do(Add, R8, 4);
        LoadNumber(code, R1, Key);
        code.Do(And, R1, VlanIdentifier);
    }

    private static void JumpIfTag(BpfCode code, string name)
    {
        foreach (int tag in s_tags)
            code.Jump(Equal, R7, tag, name);
    }

    private static void WriteIpv4(BpfCode code)
    {
        code.Mark("ipv4");
        Copy(code, Network, 20, ToRules);
        code.Load(Size.Four, R1, Frame, Network + 12);
        code.Load(Size.Four, R2, Frame, Network + 16);
        code.Do(Add, R1, R2);
        code.Do(Move, R2, 0);
        OrderCode.WriteEnds(code);
        code.Load(Size.One, R1, Frame, Network);
        code.Do(Move, R2, R1);
        code.Do(ShiftRight, R2, 4);
        code.Jump(NotEqual, R2, 4, Undecided);
        code.Do(And, R1, 0xF);
        code.Do(ShiftLeft, R1, 2);
        code.Jump(Below, R1, 20, Undecided);
        LoadNumber(code, R2, Network + 2);
        code.Jump(Below, R2, R1, Undecided);
        WriteEnd(code);
        LoadNumber(code, R4, Network + 6);
        code.Do(And, R4, 0x3FFF);
        code.Jump(NotEqual, R4, 0, Undecided);
        code.Load(Size.One, R9, Frame, Network + 9);
        code.Do(Add, R8, R1);
        code.Jump("transport");
    }

    private static void WriteIpv6(BpfCode code)
    {
        code.Mark("ipv6");
        Copy(code, Network, 40, ToRules);
        code.Load(Size.Eight, R1, Frame, Network + 8);
        code.Load(Size.Eight, R2, Frame, Network + 24);
        code.Do(Add, R1, R2);
        code.Load(Size.Eight, R2, Frame, Network + 16);
        code.Load(Size.Eight, R3, Frame, Network + 32);
        code.Do(Add, R2, R3);
        OrderCode.WriteEnds(code);
        code.Load(Size.One, R1, Frame, Network);
        code.Do(ShiftRight, R1, 4);
        code.Jump(NotEqual, R1, 6, Undecided);
        LoadNumber(code, R2, Network + 4);
        code.Do(Add, R2, 40);
        WriteEnd(code);
        code.Load(Size.One, R9, Frame, Network + 6);
        code.Do(Add, R8, 40);
        for (int i = 0; i <= MaxExtensionHeaders; i++)
        {
            code.Jump(Equal, R9, FragmentHeader, Undecided);
            foreach (int kind in s_extensions)
                code.Jump(Equal, R9, kind, i < MaxExtensionHeaders ? $"extension {i}" : Undecided);
            code.Jump("transport");
            if (i == MaxExtensionHeaders)
                break;

            code.Mark($"extension {i}");
            code.Do(Move, R1, 1);
            code.Store(Size.Four, Frame, ExtensionHeader, R1);
            RequireWhole(code, 8);
            Copy(code, Key, 2);
            code.Do(Move, R2, R9);
            code.Load(Size.One, R1, Frame, Key + 1);
            code.Load(Size.One, R9, Frame, Key);
            code.Jump(Equal, R2, AuthenticationHeader, $"authentication {i}");
            code.Do(Add, R1, 1);
            code.Do(ShiftLeft, R1, 3);
            code.Jump($"step {i}");
            code.Mark($"authentication {i}");
            code.Do(Add, R1, 2);
            code.Do(ShiftLeft, R1, 2);
            code.Mark($"step {i}");
            code.Do(Add, R8, R1);
            code.Load(Size.Four, R1, Frame, End);
            code.Jump(Above, R8, R1, Undecided);
        }
    }

    private static void WriteTransport(BpfCode code)
    {
        code.Mark("transport");
        code.Jump(Equal, R9, 6, "tcp");
        code.Jump(Equal, R9, 17, "udp");
        code.Jump(Equal, R9, 1, "icmp");
        code.Jump(Equal, R9, 58, "icmp");
        code.Jump("walked");

        code.Mark("tcp");
        RequireWhole(code, 20);
        Copy(code, Transport, 20);
        code.Load(Size.One, R1, Frame, Transport + 12);
        code.Do(ShiftRight, R1, 4);
        code.Do(ShiftLeft, R1, 2);
        code.Jump(Below, R1, 20, Undecided);
        WriteFits(code);
        code.Jump("walked");

        code.Mark("udp");
        RequireWhole(code, 8);
        Copy(code, Transport, 8);
        LoadNumber(code, R1, Transport + 4);
        code.Jump(Below, R1, 8, Undecided);
        WriteFits(code);
        code.Jump("walked");

        code.Mark("icmp");
        RequireWhole(code, 8);
        Copy(code, Transport, 8);
    }

    /// <summary>Copies bytes of the frame, from R8 on, to the stack; where there are not so many, it goes elsewhere.</summary>
    private static void Copy(BpfCode code, int to, int length, string otherwise = Undecided)
    {
        code.Do(Move, R1, R6);
        code.Do(Move, R2, R8);
        code.Do(Move, R3, Frame);
        code.Do(Add, R3, to);
        code.Do(Move, R4, length);
        code.Call(Bpf.BPF_FUNC_skb_load_bytes);
        code.Jump(NotEqual, R0, 0, otherwise);
    }

    /// <summary>A number of two bytes on the stack.</summary>
    internal static void LoadNumber(BpfCode code, Register to, int at)
    {
        code.Load(Size.Two, to, Frame, at);
        code.FromNetworkOrder(to);
    }

    /// <summary>R2 is the packet's length: notes its end, if it is all there.</summary>
    private static void WriteEnd(BpfCode code)
    {
        code.Do(Add, R2, R8);
        code.Load(Size.Four, R3, R6, FrameContext.LengthAt);
        code.Jump(Above, R2, R3, Undecided);
        code.Store(Size.Four, Frame, End, R2);
    }

    /// <summary>So many bytes from R8 on have to be the packet's.</summary>
    private static void RequireWhole(BpfCode code, int length)
    {
        code.Do(Move, R1, length);
        WriteFits(code);
    }

    /// <summary>R1 bytes from R8 on have to be the packet's.</summary>
    private static void WriteFits(BpfCode code)
    {
        code.Do(Add, R1, R8);
        code.Load(Size.Four, R2, Frame, End);
        code.Jump(Above, R1, R2, Undecided);
    }
}
