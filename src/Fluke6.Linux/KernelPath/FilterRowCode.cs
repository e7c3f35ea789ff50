using Fluke6.Linux.Native;
using static Fluke6.Linux.KernelPath.Condition;
using static Fluke6.Linux.KernelPath.DecisionProgram;
using static Fluke6.Linux.KernelPath.DecisionStack;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>What a row does that is an instruction of a filter in text. The numbers follow those of guards' parts.</summary>
internal enum FilterStep : ushort
{
    Equal = 0x100,
    Two,
    One,
    Four,
    HeaderLength,
    AnyOf,
    Above,
    AtLeast,
    And,
    Number,
    NumberToIndex,
    Length,
    LengthToIndex,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Or,
    ExclusiveOr,
    ShiftLeft,
    ShiftRight,
    Negate,
    ToIndex,
    ToAccumulator,
    Keep,
    KeepIndex,
    Recall,
    RecallToIndex,
}

/// <summary>
/// Does what the instructions of libpcap's filters do, each a row. A load past the frame's end and a division by zero go where the row says that the
/// frame is not one of the filter's. A frame is as libpcap sees it on a wire: the outer VLAN tag, which the kernel keeps beside, is where it was.
/// </summary>
internal static class FilterRowCode
{
    private const int TagAt = 12, TagLength = 4, MemoryCells = 16;

    /// <summary>How many bytes the memory of one filter takes.</summary>
    public const int MemoryLength = MemoryCells * sizeof(ulong);

    /// <summary>Goes on at the code of a row; R1 is what it does, R0 points to it.</summary>
    public static void Write(BpfCode code, int memory)
    {
        // R2: a constant, the index, or both.
        code.Load(Size.Eight, R3, R0, GuardTable.Row.FirstAt);
        code.Load(Size.Eight, R4, R0, GuardTable.Row.SecondAt);
        code.Load(Size.Four, R2, Frame, IndexAt);
        code.Do(And, R2, R4);
        code.Do(Add, R2, R3);
        foreach (FilterStep step in Enum.GetValues<FilterStep>())
            code.Jump(Equal, R1, (int)step, $"{step} of a filter");
        code.Jump(Asked);
        WriteLoads(code);
        WriteJumps(code);
        WriteArithmetic(code);
        WriteMoves(code, memory);
    }

    private static void WriteLoads(BpfCode code)
    {
        WriteLoad(code, FilterStep.One, Size.One);
        code.Jump("to accumulator");
        WriteLoad(code, FilterStep.Two, Size.Two);
        code.Jump("to accumulator");
        WriteLoad(code, FilterStep.Four, Size.Four);
        code.Jump("to accumulator");
        WriteLoad(code, FilterStep.HeaderLength, Size.One);
        code.Do(And, R1, 0xF);
        code.Do(ShiftLeft, R1, 2);
        code.Jump("to index");

        code.Mark("type of the tag");
        WriteTagType(code);
        code.Jump("to accumulator");
        code.Mark("number of the tag");
        code.Load(Size.Four, R1, R6, FrameContext.VlanTagAt);
        code.Jump("to accumulator");
        code.Mark("whole tag");
        WriteTagType(code);
        code.Do(ShiftLeft, R1, 16);
        code.Load(Size.Four, R2, R6, FrameContext.VlanTagAt);
        code.Do(Or, R1, R2);
        code.Mark("to accumulator");
        code.Store(Size.Four, Frame, AccumulatorAt, R1);
        code.Jump("holds");
        code.Mark("to index");
        code.Store(Size.Four, Frame, IndexAt, R1);
        code.Jump("holds");
    }

    private static void WriteTagType(BpfCode code)
    {
        code.Load(Size.Four, R1, R6, FrameContext.VlanTypeAt);
        code.FromNetworkOrder(R1);
    }

    // R1: the number at R2.
    private static void WriteLoad(BpfCode code, FilterStep step, Size size)
    {
        int length = size == Size.One ? 1 : size == Size.Two ? 2 : 4;
        string there = $"{step} is there";
        code.Mark($"{step} of a filter");
        code.Jump(Above, R2, int.MaxValue, "fails");
        code.Store(Size.Eight, Frame, RowAt, R0);
        code.Load(Size.Four, R1, R6, FrameContext.VlanPresentAt);
        code.Jump(Equal, R1, 0, there);
        code.Jump(Below, R2, TagAt + 1 - length, there);
        if (size == Size.Two)
        {
            code.Jump(Equal, R2, TagAt, "type of the tag");
            code.Jump(Equal, R2, TagAt + 2, "number of the tag");
        }
        else if (size == Size.Four)
        {
            code.Jump(Equal, R2, TagAt, "whole tag");
        }

        // A part of the tag.
        code.Jump(Below, R2, TagAt + TagLength, Asked);
        code.Do(Subtract, R2, TagLength);
        code.Mark(there);
        code.Do(Move, R1, R6);
        code.Do(Move, R3, Frame);
        code.Do(Add, R3, Loaded);
        code.Do(Move, R4, length);
        code.Call(Bpf.BPF_FUNC_skb_load_bytes);
        code.Do(Move, R1, R0);
        code.Load(Size.Eight, R0, Frame, RowAt);
        code.Jump(NotEqual, R1, 0, "fails");
        code.Load(size, R1, Frame, Loaded);
        if (size != Size.One)
            code.FromNetworkOrder(R1, 8 * length);
    }

    private static void WriteJumps(BpfCode code)
    {
        foreach ((FilterStep step, Condition condition) in (ReadOnlySpan<(FilterStep, Condition)>)
            [(FilterStep.Equal, Equal), (FilterStep.Above, Above), (FilterStep.AtLeast, AtLeast)])
        {
            code.Mark($"{step} of a filter");
            code.Load(Size.Four, R1, Frame, AccumulatorAt);
            code.Jump(condition, R1, R2, "holds");
            code.Jump("fails");
        }

        code.Mark($"{FilterStep.AnyOf} of a filter");
        code.Load(Size.Four, R1, Frame, AccumulatorAt);
        code.Do(And, R1, R2);
        code.Jump(NotEqual, R1, 0, "holds");
        code.Jump("fails");
    }

    private static void WriteArithmetic(BpfCode code)
    {
        foreach ((FilterStep step, Operation operation) in (ReadOnlySpan<(FilterStep, Operation)>)
            [
                (FilterStep.Add, Add), (FilterStep.Subtract, Subtract), (FilterStep.Multiply, Multiply), (FilterStep.Divide, Divide), (FilterStep.Modulo, Modulo),
                (FilterStep.And, And), (FilterStep.Or, Or), (FilterStep.ExclusiveOr, ExclusiveOr), (FilterStep.ShiftLeft, ShiftLeft), (FilterStep.ShiftRight, ShiftRight),
            ])
        {
            code.Mark($"{step} of a filter");
            code.Load(Size.Four, R1, Frame, AccumulatorAt);
            if (operation is Divide or Modulo)
                code.Jump(Equal, R2, 0, "fails");
            if (operation is ShiftLeft or ShiftRight)
                code.Jump(Above, R2, 31, "nothing is left");
            code.Do(operation, R1, R2);
            code.Jump("to accumulator");
        }

        code.Mark("nothing is left");
        code.Do(Move, R1, 0);
        code.Jump("to accumulator");

        code.Mark($"{FilterStep.Negate} of a filter");
        code.Load(Size.Four, R2, Frame, AccumulatorAt);
        code.Do(Move, R1, 0);
        code.Do(Subtract, R1, R2);
        code.Jump("to accumulator");
    }

    private static void WriteMoves(BpfCode code, int memory)
    {
        code.Mark($"{FilterStep.Number} of a filter");
        code.Do(Move, R1, R2);
        code.Jump("to accumulator");
        code.Mark($"{FilterStep.NumberToIndex} of a filter");
        code.Do(Move, R1, R2);
        code.Jump("to index");
        code.Mark($"{FilterStep.ToIndex} of a filter");
        code.Load(Size.Four, R1, Frame, AccumulatorAt);
        code.Jump("to index");
        code.Mark($"{FilterStep.ToAccumulator} of a filter");
        code.Load(Size.Four, R1, Frame, IndexAt);
        code.Jump("to accumulator");
        foreach (bool toIndex in (bool[])[false, true])
        {
            string target = toIndex ? "index" : "accumulator";
            code.Mark($"{(toIndex ? FilterStep.LengthToIndex : FilterStep.Length)} of a filter");
            code.Load(Size.Four, R1, R6, FrameContext.LengthAt);
            code.Load(Size.Four, R2, R6, FrameContext.VlanPresentAt);
            code.Jump(Equal, R2, 0, $"to {target}");
            code.Do(Add, R1, TagLength);
            code.Jump($"to {target}");

            code.Mark($"{(toIndex ? FilterStep.RecallToIndex : FilterStep.Recall)} of a filter");
            WriteCell(code, memory, $"recalled to {target}");
            code.Load(Size.Eight, R1, R2, 0);
            code.Jump($"to {target}");

            code.Mark($"{(toIndex ? FilterStep.KeepIndex : FilterStep.Keep)} of a filter");
            WriteCell(code, memory, $"kept of {target}");
            code.Load(Size.Four, R1, Frame, toIndex ? IndexAt : AccumulatorAt);
            code.Store(Size.Eight, R2, 0, R1);
            code.Jump("holds");
        }
    }

    // R2: the address of the cell whose number it was; R0 still points to the row.
    private static void WriteCell(BpfCode code, int memory, string name)
    {
        code.Store(Size.Eight, Frame, RowAt, R0);
        code.Store(Size.Four, Frame, Loaded, R2);
        code.Do(Move, R1, 0);
        code.Store(Size.Eight, Frame, Key, R1);
        code.LookUp(memory, Key);
        code.Jump(NotEqual, R0, 0, name);
        code.Jump(Asked);
        code.Mark(name);
        code.Load(Size.Four, R2, Frame, Loaded);
        code.Do(And, R2, MemoryCells - 1);
        code.Do(ShiftLeft, R2, 3);
        code.Do(Add, R2, R0);
        code.Load(Size.Eight, R0, Frame, RowAt);
    }
}
