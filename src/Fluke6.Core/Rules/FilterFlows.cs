using Fluke6.Wire;

namespace Fluke6.Rules;

/// <summary>
/// Tells whether a filter in text goes by what all frames of one direction of a flow have in common: addresses, types, protocols, ports, VLANs; and the
/// flags that begin and end a connection. It follows the filter's program along every path, and gives up at all that it does not know.
/// </summary>
internal static class FilterFlows
{
    private const int MostStates = 10_000, TypeAt = 12, TagLength = 4, MaxTags = 2;
    private const int ClassBits = 0x07, Load = 0, LoadIndex = 1, Store = 2, StoreIndex = 3, Arithmetic = 4, Jump = 5, Return = 6;
    private const int ModeBits = 0xE0, Immediate = 0x00, Absolute = 0x20, Indirect = 0x40, Memory = 0x60, HeaderLength = 0xA0;
    private const int SizeBits = 0x18, IsIndex = 0x08, IndexToAccumulator = 0x80, OperationBits = 0xF0, And = 0x50;
    private const int JumpAlways = 0x00, JumpEqual = 0x10, JumpAnyOf = 0x40;
    private const uint Splitless = (uint)(TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst);

    /// <summary>The kind of number that the accumulator or the index holds.</summary>
    private enum Content : byte
    {
        Common,
        Type,
        Protocol,
        Flags,
        HeaderLength,
    }

    /// <summary>Whether the filter may hold for some frames of a flow and not for others that follow.</summary>
    /// <param name="program">The filter's program, for frames that begin with an Ethernet header.</param>
    public static bool Splits(FilterInstruction[] program)
    {
        var seen = new HashSet<State>();
        var left = new Stack<State>([new State(0, TypeAt, EtherType.None, false, Content.Common, Content.Common)]);
        while (left.TryPop(out State state))
        {
            if (!seen.Add(state))
                continue;
            if (seen.Count > MostStates || !Follow(program[state.At], state, left))
                return true;
        }

        return false;
    }

    // False where the instruction reads what frames of a flow do not have in common, or nobody knows what.
    private static bool Follow(FilterInstruction instruction, State state, Stack<State> left)
    {
        State next = state with { At = state.At + 1 };
        switch (instruction.Code & ClassBits)
        {
            case Load:
                if (Loaded(instruction, state) is not { } content)
                    return false;
                left.Push(next with { Accumulator = content });
                return true;

            case LoadIndex:
                int mode = instruction.Code & ModeBits;
                bool isHeader = mode == HeaderLength && state.Network == EtherType.Ipv4 && instruction.Number == state.NetworkAt;
                left.Push(next with { Index = isHeader ? Content.HeaderLength : Content.Common });
                return isHeader || mode is Immediate or Memory;

            case Store or StoreIndex:
                left.Push(next);
                return ((instruction.Code & ClassBits) == Store ? state.Accumulator : state.Index) != Content.Flags;

            case Arithmetic:
                left.Push(next with { Accumulator = Content.Common });
                return state.Accumulator != Content.Flags
                    || ((instruction.Code & OperationBits) == And && (instruction.Code & IsIndex) == 0 && (instruction.Number & ~Splitless) == 0);

            case Jump:
                return FollowJump(instruction, state, left);

            case Return:
                return true;

            default:
                bool isBack = (instruction.Code & IndexToAccumulator) != 0;
                left.Push(isBack ? next with { Accumulator = Content.Common } : next with { Index = Content.Common });
                return isBack || state.Accumulator != Content.Flags;
        }
    }

    private static bool FollowJump(FilterInstruction jump, State state, Stack<State> left)
    {
        int operation = jump.Code & OperationBits;
        if (operation == JumpAlways)
        {
            left.Push(state with { At = state.At + 1 + (int)jump.Number });
            return true;
        }

        bool byIndex = (jump.Code & IsIndex) != 0;
        State taken = state with { At = state.At + 1 + jump.IfTrue };
        left.Push(state with { At = state.At + 1 + jump.IfFalse });
        if (operation == JumpEqual && !byIndex && state.Accumulator == Content.Type)
        {
            bool isTag = (EtherType)jump.Number is EtherType.Dot1Q or EtherType.Dot1Ad or EtherType.LegacyQinQ;
            taken = !isTag ? taken with { Network = (EtherType)jump.Number }
                : state.TypeAt < TypeAt + (MaxTags * TagLength) ? taken with { TypeAt = state.TypeAt + TagLength } : taken with { Network = EtherType.None };
        }

        if (operation == JumpEqual && !byIndex && state.Accumulator == Content.Protocol)
            taken = taken with { IsTcp = jump.Number == (uint)IpProtocol.Tcp };
        left.Push(taken);
        // Segments with one of these flags alone go one way and all others the other one.
        return state.Accumulator != Content.Flags
            || (!byIndex && (operation == JumpEqual ? (jump.Number & Splitless) != 0 : operation == JumpAnyOf && (jump.Number & ~Splitless) == 0));
    }

    private static Content? Loaded(FilterInstruction load, in State state)
    {
        int length = (load.Code & SizeBits) switch { 0x08 => 2, 0x10 => 1, _ => 4 };
        switch (load.Code & ModeBits)
        {
            case Immediate or Memory:
                return Content.Common;

            case Absolute when load.Number == state.TypeAt && length == 2:
                return Content.Type;

            case Absolute:
                return Field((long)load.Number, length, state);

            // Behind an IPv4 header, whatever its options.
            case Indirect when state.Index == Content.HeaderLength && load.Number >= state.NetworkAt:
                return Transport(load.Number - state.NetworkAt, length, state);

            default:
                return null;
        }
    }

    // Where each field stands: RFC 791 §3.1, RFC 8200 §3, RFC 826.
    private static Content? Field(long at, int length, in State state)
    {
        long end = at + length;
        if (end <= state.TypeAt || (at == state.TypeAt && length == 2))
            return Content.Common;

        (at, end) = (at - state.NetworkAt, end - state.NetworkAt);
        return state.Network switch
        {
            EtherType.Ipv4 => (at, length) == (9, 1) ? Content.Protocol : (at, length) == (6, 2) || (at >= 12 && end <= 20) ? Content.Common : null,
            EtherType.Ipv6 => (at, length) == (6, 1) ? Content.Protocol : at >= 8 && end <= 40 ? Content.Common : Transport(at - 40, length, state),
            EtherType.Arp or (EtherType)0x8035 => at >= 0 && end <= 28 ? Content.Common : null,
            _ => null,
        };
    }

    // Ports, or what kind of ICMP it is. RFC 9293 §3.1.
    private static Content? Transport(long at, int length, in State state) =>
        at >= 0 && at + length <= 4 ? Content.Common : (at, length, state.IsTcp) == (13, 1, true) ? Content.Flags : null;

    /// <summary>Where the program is, and what it has found out by then.</summary>
    private readonly record struct State(int At, int TypeAt, EtherType Network, bool IsTcp, Content Accumulator, Content Index)
    {
        public int NetworkAt => TypeAt + 2;
    }
}
