using Fluke6.Linux.Native;
using static Fluke6.Linux.KernelPath.Condition;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// The program at an interface that puts a tunnel's headers around a packet that <see cref="TunnelSender"/> sends, and tells the kernel so: from then
/// on that is a super-segment in a tunnel like those of the kernel's own tunnels. It runs within send(2).
/// </summary>
internal static class TunnelProgram
{
    private const int Key = -8;
    private const int BPF_ADJ_ROOM_MAC = 1;
    private const int TC_ACT_SHOT = 2;

    /// <summary>The program.</summary>
    /// <param name="mark">The mark of what is sent, which it takes off; positive.</param>
    /// <param name="slot">The map with a <see cref="TunnelSlot"/>.</param>
    public static BpfCode.Instruction[] Write(int mark, int slot)
    {
        var code = new BpfCode();
        code.Load(Size.Four, R2, R1, FrameContext.MarkAt);
        code.Jump(NotEqual, R2, mark, "next");
        code.Do(Move, R6, R1);
        code.Do(Move, R2, 0);
        code.Store(Size.Four, R6, FrameContext.MarkAt, R2);
        code.Store(Size.Four, Frame, Key, R2);
        code.LookUp(slot, Key);
        code.Jump(Equal, R0, 0, "drop");
        code.Do(Move, R7, R0);
        code.Load(Size.Four, R8, R7, TunnelSlot.LengthAt);
        code.Jump(Equal, R8, 0, "drop");
        code.Jump(Above, R8, TunnelSlot.MaxLength, "drop");
        code.Do(Move, R1, R6);
        code.Do(Move, R2, R8);
        code.Do(Move, R3, BPF_ADJ_ROOM_MAC);
        code.Load(Size.Eight, R4, R7, TunnelSlot.FlagsAt);
        code.Call(Bpf.BPF_FUNC_skb_adjust_room);
        code.Jump(NotEqual, R0, 0, "drop");
        code.Do(Move, R1, R6);
        code.Do(Move, R2, 0);
        code.Do(Move, R3, R7);
        code.Do(Add, R3, TunnelSlot.HeadersAt);
        code.Do(Move, R4, R8);
        code.Do(Add, R4, TunnelSlot.LinkLength);
        code.Do(Move, R5, 0);
        code.Call(Bpf.BPF_FUNC_skb_store_bytes);
        code.Jump(NotEqual, R0, 0, "drop");
        for (int i = 0; i < TunnelSlot.MaxTags; i++)
            WriteTag(code, TunnelSlot.TagsAt + (i * TunnelSlot.TagLength));
        code.Mark("done");
        code.Do(Move, R1, 1);
        code.Store(Size.Four, R7, TunnelSlot.DoneAt, R1);
        code.Mark("next");
        code.Do(Move, R0, Bpf.TCX_NEXT);
        code.Exit();
        code.Mark("drop");
        code.Do(Move, R0, TC_ACT_SHOT);
        code.Exit();
        return code.ToArray();
    }

    private static void WriteTag(BpfCode code, int at)
    {
        code.Load(Size.Four, R2, R7, at);
        code.Jump(Equal, R2, 0, "done");
        code.Load(Size.Four, R3, R7, at + sizeof(uint));
        code.Do(Move, R1, R6);
        code.Call(Bpf.BPF_FUNC_skb_vlan_push);
        code.Jump(NotEqual, R0, 0, "drop");
    }
}

/// <summary>The next packet, as the program is told of it, in memory that it shares with the bridge.</summary>
internal static class TunnelSlot
{
    /// <summary>Whether it got its headers, and of these the length from the outer IP header on, and what they are to the kernel.</summary>
    public const int DoneAt = 0, LengthAt = 4, FlagsAt = 8;

    /// <summary>VLAN tags, the innermost first: the type in network order, or 0 after the last, and the rest of the tag.</summary>
    public const int TagsAt = 16, TagLength = 8, MaxTags = 2;

    /// <summary>The outer Ethernet header without tags, and all up to the inner IP header.</summary>
    public const int HeadersAt = 32, LinkLength = 14, MaxLength = Length - HeadersAt - LinkLength;

    /// <summary>Of all of it.</summary>
    public const int Length = 512;
}
