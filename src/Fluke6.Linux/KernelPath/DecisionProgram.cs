using Fluke6.Linux.Native;
using static Fluke6.Linux.KernelPath.Condition;
using static Fluke6.Linux.KernelPath.DecisionStack;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// The program that decides in the kernel whether a frame is for the rules: by the guard in the table, and by whether frames that must not be
/// overtaken are still on their way through the bridge. What it leaves to the kernel it counts by flow. It is the filter of a port's packet socket.
/// </summary>
internal static class DecisionProgram
{
    /// <summary>How many tables of a guard there is room for: one in use, and others that programs which run now may still read.</summary>
    public const int Tables = 8;

    /// <summary>Where a frame ends up that the program cannot tell the ends of.</summary>
    public const string ToRules = "rules";

    /// <summary>Where a frame ends up whose headers the program cannot follow to their end.</summary>
    public const string Undecided = "undecided";

    /// <summary>Where a frame ends up that the guard holds for.</summary>
    public const string Asked = "asked";

    /// <summary>Where a frame ends up that the guard does not hold for.</summary>
    public const string NotAsked = "not asked";

    private const int OtherHost = 3;    // PACKET_OTHERHOST, linux/if_packet.h

    /// <summary>The program for a packet socket's filter: what it takes is for the rules.</summary>
    /// <param name="side">The side of the port.</param>
    /// <param name="maps">What it reads and writes.</param>
    public static BpfCode.Instruction[] Write(Side side, DecisionMaps maps)
    {
        var code = new BpfCode();
        code.Do(Move, R6, R1);
        code.Do(Move, R0, 0);
        code.Store(Size.Eight, Frame, Key, R0);
        code.Store(Size.Four, Frame, ExtensionHeader, R0);
        if (maps.Slot >= 0)
        {
            code.LookUp(maps.Slot, Key);
            code.Jump(Equal, R0, 0, ToRules);
            code.Store(Size.Eight, Frame, Slot, R0);
            code.Do(Move, R1, 0);
            code.Store(Size.Eight, R0, 0, R1);
        }

        code.LookUp(maps.Start, Key);
        code.Jump(Equal, R0, 0, ToRules);
        code.Load(Size.Four, R1, R0, 0);
        code.Jump(AtLeast, R1, Tables * GuardTable.Rows, ToRules);
        code.Store(Size.Eight, Frame, Next, R1);
        // What is for this host, or for several, this host may want, too.
        code.Load(Size.Four, R0, R6, FrameContext.PacketTypeAt);
        code.Jump(NotEqual, R0, OtherHost, ToRules);
        HeaderWalkCode.Write(code);
        OrderCode.ReadControl(code, side, maps.Control);
        if (maps.Flows >= 0)
            FlowKeyCode.Write(code, maps.Released);
        GuardRowCode.Write(code, side, maps);
        code.Mark(NotAsked);
        OrderCode.WriteCheck(code, maps.Marks);
        if (maps.Flows >= 0)
            FlowCountCode.Write(code, side, maps.Flows);
        if (maps.Slot >= 0)
        {
            code.Load(Size.Eight, R0, Frame, Slot);
            ForwardingProgram.WriteToken(code);
            code.Store(Size.Eight, R0, 0, R1);
        }

        code.Do(Move, R0, 0);
        code.Exit();
        OrderCode.WriteMarks(code, maps.Marks);
        code.Mark(ToRules);
        code.Do(Move, R0, -1);
        code.Exit();
        return code.ToArray();
    }
}

/// <summary>The descriptors of what the program reads and writes.</summary>
/// <param name="Rows">All tables of guards.</param>
/// <param name="Memory">Memory of filters in text.</param>
/// <param name="Start">The row to begin at; without one, all frames are for the rules.</param>
/// <param name="Slot">By which <see cref="ForwardingProgram"/> learns what was decided; −1 for none.</param>
/// <param name="Control">What the bridge says: <see cref="KernelControl"/>.</param>
/// <param name="Marks">When frames were taken that others must not overtake.</param>
/// <param name="Flows">What was forwarded, by flow; −1 where no flows are counted.</param>
/// <param name="Released">The rules that let go of a flow, by flow; −1 where no flows are counted.</param>
internal readonly record struct DecisionMaps(int Rows, int Memory, int Start, int Slot, int Control, int Marks, int Flows, int Released);

/// <summary><c>struct __sk_buff</c>: what the kernel tells a program of a frame.</summary>
internal static class FrameContext
{
    public const int LengthAt = 0, PacketTypeAt = 4, MarkAt = 8, VlanPresentAt = 20, VlanTagAt = 24, VlanTypeAt = 28, InterfaceAt = 40;
}

/// <summary>
/// Where on its stack the program keeps things. The kernel's check follows every value that it knows through the whole table; it does not know those in
/// the upper half of eight bytes.
/// </summary>
internal static class DecisionStack
{
    public const int Key = -8, Slot = -16, End = -20, VlanTag = -28, Next = -40, EtherTypeAt = -44, Protocol = -52, ExtensionHeader = -60;
    public const int Network = -104, Transport = -128, FlowKeyAt = -176, Figures = -232, Link = -246, Ends = -256;
    public const int FlowMark = -260, EndsMark = -268, Vlans = -280, Time = -288, Mark = -292;
    public const int UpperSends = -300, Handled = -312, AllTaken = -320, Releasing = -328, Released = -336;
    public const int AccumulatorAt = -340, IndexAt = -348, RowAt = -360, Loaded = -364;
}
