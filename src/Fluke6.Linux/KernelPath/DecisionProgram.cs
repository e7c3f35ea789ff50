using Fluke6.Linux.Native;
using Fluke6.Rules;
using static Fluke6.Linux.KernelPath.Condition;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// The program that decides in the kernel whether a frame is for the rules, by the guard in the table. It reads the headers as LayerWalk does, up to
/// two VLAN tags and four extension headers. Whatever it cannot decide is for the rules: longer chains, fragments, headers that are cut short or
/// contradict themselves, and frames that are not for one other host, which this host may want, too.
/// </summary>
internal static class DecisionProgram
{
    /// <summary>How many tables of a guard there is room for: one in use, and others that programs which run now may still read.</summary>
    public const int Tables = 8;

    private const int OtherHost = 3;                                        // PACKET_OTHERHOST, linux/if_packet.h
    private const int LengthAt = 0, PacketTypeAt = 4, VlanPresentAt = 20, InterfaceAt = 40;    // struct __sk_buff
    private const int Ipv4 = 0x0800, Ipv6 = 0x86DD;
    private const int NoProtocol = 256, MaxExtensionHeaders = 4, MaxSteps = GuardTable.Rows + 1;

    // On the stack. The kernel's check follows every value that it knows through the whole table; it does not know those in the upper half of eight bytes.
    private const int Key = -8, Slot = -16, End = -20, VlanTag = -28, Next = -40, Type = -44, Protocol = -52, ExtensionHeader = -60;
    private const int Network = -104, Transport = -128;

    private static readonly int[] s_tags = [0x8100, 0x88A8, 0x9100];
    private static readonly int[] s_extensions = [0, 43, 51, 60, 135, 139, 140];
    private const int FragmentHeader = 44, AuthenticationHeader = 51;

    /// <summary>The program for a packet socket's filter: what it takes is for the rules.</summary>
    /// <param name="side">The side of the port.</param>
    /// <param name="rows">The map of all tables.</param>
    /// <param name="start">The map with the row to begin at; without one, all frames are for the rules.</param>
    /// <param name="slot">The map by which <see cref="WriteForwarding"/> learns what was decided; −1 for none.</param>
    public static BpfCode.Instruction[] Write(Side side, int rows, int start, int slot)
    {
        var code = new BpfCode();
        code.Do(Move, R6, R1);
        code.Do(Move, R0, 0);
        code.Store(Size.Eight, Frame, Key, R0);
        code.Store(Size.Four, Frame, ExtensionHeader, R0);
        if (slot >= 0)
        {
            code.LookUp(slot, Key);
            code.Jump(Equal, R0, 0, "rules");
            code.Store(Size.Eight, Frame, Slot, R0);
            code.Do(Move, R1, 0);
            code.Store(Size.Eight, R0, 0, R1);
        }

        code.LookUp(start, Key);
        code.Jump(Equal, R0, 0, "rules");
        code.Load(Size.Four, R1, R0, 0);
        code.Jump(AtLeast, R1, Tables * GuardTable.Rows, "rules");
        code.Store(Size.Eight, Frame, Next, R1);
        code.Load(Size.Four, R0, R6, PacketTypeAt);
        code.Jump(NotEqual, R0, OtherHost, "rules");
        WriteLink(code);
        WriteIpv4(code);
        WriteIpv6(code);
        WriteTransport(code);
        WriteTable(code, side, rows);
        code.Mark("forward");
        if (slot >= 0)
        {
            code.Load(Size.Eight, R0, Frame, Slot);
            WriteToken(code);
            code.Store(Size.Eight, R0, 0, R1);
        }

        code.Do(Move, R0, 0);
        code.Exit();
        code.Mark("rules");
        code.Do(Move, R0, -1);
        code.Exit();
        return code.ToArray();
    }

    /// <summary>The program at the interface, which takes what the filter left. It decides nothing: a frame is handled once, however guards change.</summary>
    /// <param name="side">The side of the port.</param>
    /// <param name="other">The interface to send by.</param>
    /// <param name="slot">The map by which the filter says what it decided.</param>
    /// <param name="counters">The map that counts, by side.</param>
    public static BpfCode.Instruction[] WriteForwarding(Side side, int other, int slot, int counters)
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
        code.Load(Size.Eight, R1, R0, 8);
        code.Load(Size.Four, R2, R6, LengthAt);
        code.Do(Add, R1, R2);
        code.Load(Size.Four, R2, R6, VlanPresentAt);
        code.Jump(Equal, R2, 0, "no tag");
        code.Do(Add, R1, 4);
        code.Mark("no tag");
        code.Store(Size.Eight, R0, 8, R1);
        code.Mark("redirect");
        code.Do(Move, R1, other);
        code.Do(Move, R2, 0);
        code.Call(Bpf.BPF_FUNC_redirect);
        code.Exit();
        code.Mark("next");
        code.Do(Move, R0, Bpf.TCX_NEXT);
        code.Exit();
        return code.ToArray();
    }

    // R1: never 0, and hardly the same for two frames that follow each other.
    private static void WriteToken(BpfCode code)
    {
        code.Load(Size.Four, R1, R6, InterfaceAt);
        code.Do(ShiftLeft, R1, 32);
        code.Load(Size.Four, R2, R6, LengthAt);
        code.Do(Or, R1, R2);
    }

    // R7: the EtherType; R8: where the network header begins; R9: the protocol.
    private static void WriteLink(BpfCode code)
    {
        code.Load(Size.Four, R7, R6, VlanPresentAt);
        code.Store(Size.Four, Frame, VlanTag, R7);
        code.Do(Move, R8, 12);
        Copy(code, Key, 2);
        LoadNumber(code, R7, Key);
        code.Do(Move, R8, 14);
        code.Do(Move, R9, NoProtocol);
        foreach (int tag in s_tags)
            code.Jump(Equal, R7, tag, "tag");
        code.Jump("type");
        // The outer tag is with the frame's data at some interfaces, and beside it at others.
        code.Mark("tag");
        code.Do(Move, R1, 1);
        code.Store(Size.Four, Frame, VlanTag, R1);
        Copy(code, Key, 4);
        LoadNumber(code, R7, Key + 2);
        code.Do(Move, R8, 18);
        foreach (int tag in s_tags)
            code.Jump(Equal, R7, tag, "rules");
        code.Mark("type");
        code.Jump(Equal, R7, Ipv4, "ipv4");
        code.Jump(Equal, R7, Ipv6, "ipv6");
        code.Jump("table");
    }

    private static void WriteIpv4(BpfCode code)
    {
        code.Mark("ipv4");
        Copy(code, Network, 20);
        code.Load(Size.One, R1, Frame, Network);
        code.Do(Move, R2, R1);
        code.Do(ShiftRight, R2, 4);
        code.Jump(NotEqual, R2, 4, "rules");
        code.Do(And, R1, 0xF);
        code.Do(ShiftLeft, R1, 2);
        code.Jump(Below, R1, 20, "rules");
        LoadNumber(code, R2, Network + 2);
        code.Jump(Below, R2, R1, "rules");
        WriteEnd(code);
        LoadNumber(code, R4, Network + 6);
        code.Do(And, R4, 0x3FFF);
        code.Jump(NotEqual, R4, 0, "rules");
        code.Load(Size.One, R9, Frame, Network + 9);
        code.Do(Add, R8, R1);
        code.Jump("transport");
    }

    private static void WriteIpv6(BpfCode code)
    {
        code.Mark("ipv6");
        Copy(code, Network, 40);
        code.Load(Size.One, R1, Frame, Network);
        code.Do(ShiftRight, R1, 4);
        code.Jump(NotEqual, R1, 6, "rules");
        LoadNumber(code, R2, Network + 4);
        code.Do(Add, R2, 40);
        WriteEnd(code);
        code.Load(Size.One, R9, Frame, Network + 6);
        code.Do(Add, R8, 40);
        for (int i = 0; i <= MaxExtensionHeaders; i++)
        {
            code.Jump(Equal, R9, FragmentHeader, "rules");
            foreach (int kind in s_extensions)
                code.Jump(Equal, R9, kind, i < MaxExtensionHeaders ? $"extension {i}" : "rules");
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
            code.Jump(Above, R8, R1, "rules");
        }
    }

    private static void WriteTransport(BpfCode code)
    {
        code.Mark("transport");
        code.Jump(Equal, R9, 6, "tcp");
        code.Jump(Equal, R9, 17, "udp");
        code.Jump(Equal, R9, 1, "icmp");
        code.Jump(Equal, R9, 58, "icmp");
        code.Jump("table");

        code.Mark("tcp");
        RequireWhole(code, 20);
        Copy(code, Transport, 20);
        code.Load(Size.One, R1, Frame, Transport + 12);
        code.Do(ShiftRight, R1, 4);
        code.Do(ShiftLeft, R1, 2);
        code.Jump(Below, R1, 20, "rules");
        WriteFits(code);
        code.Jump("table");

        code.Mark("udp");
        RequireWhole(code, 8);
        Copy(code, Transport, 8);
        LoadNumber(code, R1, Transport + 4);
        code.Jump(Below, R1, 8, "rules");
        WriteFits(code);
        code.Jump("table");

        code.Mark("icmp");
        RequireWhole(code, 8);
        Copy(code, Transport, 8);
    }

    private static void WriteTable(BpfCode code, Side side, int rows)
    {
        code.Mark("table");
        code.Store(Size.Four, Frame, Type, R7);
        code.Load(Size.Four, R7, Frame, Type);
        code.Store(Size.Four, Frame, Protocol, R9);
        code.Load(Size.Four, R9, Frame, Protocol);
        code.Do(Move, R8, MaxSteps);
        code.Mark("row");
        code.Do(Subtract, R8, 1);
        code.Jump(Equal, R8, 0, "rules");
        code.LookUp(rows, Next);
        code.Jump(Equal, R0, 0, "rules");
        code.Load(Size.Two, R1, R0, 0);
        foreach (GuardKind kind in Enum.GetValues<GuardKind>())
            code.Jump(Equal, R1, (int)kind, $"{kind}");
        code.Jump("rules");
        GuardRows.Write(code, side);
        code.Mark("holds");
        code.Load(Size.Two, R1, R0, GuardTable.Row.HoldsAt);
        code.Jump("next");
        code.Mark("fails");
        code.Load(Size.Two, R1, R0, GuardTable.Row.FailsAt);
        code.Mark("next");
        code.Jump(Equal, R1, GuardTable.ToRules, "rules");
        code.Jump(Equal, R1, GuardTable.Forward, "forward");
        code.Store(Size.Eight, Frame, Next, R1);
        code.Jump("row");
    }

    /// <summary>Copies bytes of the frame, from R8 on, to the stack; where there are not so many, the frame is for the rules.</summary>
    private static void Copy(BpfCode code, int to, int length)
    {
        code.Do(Move, R1, R6);
        code.Do(Move, R2, R8);
        code.Do(Move, R3, Frame);
        code.Do(Add, R3, to);
        code.Do(Move, R4, length);
        code.Call(Bpf.BPF_FUNC_skb_load_bytes);
        code.Jump(NotEqual, R0, 0, "rules");
    }

    internal static void LoadNumber(BpfCode code, Register to, int at)
    {
        code.Load(Size.Two, to, Frame, at);
        code.FromNetworkOrder(to);
    }

    /// <summary>R2 is the packet's length: notes its end, if it is all there.</summary>
    private static void WriteEnd(BpfCode code)
    {
        code.Do(Add, R2, R8);
        code.Load(Size.Four, R3, R6, LengthAt);
        code.Jump(Above, R2, R3, "rules");
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
        code.Jump(Above, R1, R2, "rules");
    }

    /// <summary>The question of each kind of row. R0 points to it.</summary>
    private static class GuardRows
    {
        public static void Write(BpfCode code, Side side)
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
            LoadNumber(code, R1, Transport + 12);
            code.Load(Size.Eight, R2, R0, GuardTable.Row.FirstAt);
            code.Do(And, R1, R2);
            code.Jump(NotEqual, R1, 0, "holds");
            code.Jump("fails");

            code.Mark(nameof(GuardKind.Port));
            code.Load(Size.Eight, R1, R0, GuardTable.Row.FirstAt);
            code.Jump(NotEqual, R1, R9, "fails");
            code.Load(Size.Eight, R2, R0, GuardTable.Row.SecondAt);
            LoadNumber(code, R1, Transport);
            code.Jump(Equal, R1, R2, "holds");
            LoadNumber(code, R1, Transport + 2);
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

            // Whether there is a tunnel is not told here: whatever else the guard says, such a frame is for the rules.
            code.Mark(nameof(GuardKind.Teredo));
            code.Jump(NotEqual, R7, Ipv4, "fails");
            code.Jump(Equal, R9, 17, "rules");
            code.Jump("fails");

            code.Mark(nameof(GuardKind.Inner));
            foreach (int protocol in (int[])[1, 4, 17, 41, 47, 58, 137])
                code.Jump(Equal, R9, protocol, "rules");
            foreach (int type in (int[])[0x8847, 0x8848, 0x8864])
                code.Jump(Equal, R7, type, "rules");
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
}
