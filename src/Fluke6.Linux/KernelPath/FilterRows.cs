using Fluke6.Rules;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// Makes rows of a filter in text: one for each of its instructions, but for those that only say where to go on. McCanne and Jacobson, "The BSD Packet Filter", 1993.
/// </summary>
internal static class FilterRows
{
    // The instruction's class, and the parts of its code: linux/bpf_common.h.
    private const int ClassBits = 0x07, Load = 0, LoadIndex = 1, Store = 2, StoreIndex = 3, Arithmetic = 4, Jump = 5, Return = 6;
    private const int SizeBits = 0x18, Half = 0x08, Byte = 0x10, IsIndex = 0x08, ReturnAccumulator = 0x10, IndexToAccumulator = 0x80;
    private const int ModeBits = 0xE0, Immediate = 0x00, Indirect = 0x40, Memory = 0x60, Length = 0x80, HeaderLength = 0xA0;
    private const int OperationBits = 0xF0, JumpAlways = 0x00;

    private static readonly FilterStep[] s_arithmetic =
    [
        FilterStep.Add, FilterStep.Subtract, FilterStep.Multiply, FilterStep.Divide, FilterStep.Or, FilterStep.And, FilterStep.ShiftLeft, FilterStep.ShiftRight,
        FilterStep.Negate, FilterStep.Modulo, FilterStep.ExclusiveOr,
    ];

    private static readonly FilterStep[] s_jumps = [FilterStep.Equal, FilterStep.Above, FilterStep.AtLeast, FilterStep.AnyOf];

    /// <summary>Adds the rows of a filter.</summary>
    /// <param name="program">The filter's program, for frames that begin with an Ethernet header.</param>
    /// <param name="holds">Where to go on with frames of the filter.</param>
    /// <param name="fails">Where to go on with others.</param>
    /// <param name="first">The number of the table's first row.</param>
    /// <param name="rows">The rows so far.</param>
    /// <returns>The row to begin at.</returns>
    public static ushort Add(FilterInstruction[] program, ushort holds, ushort fails, int first, List<GuardTable.Row> rows)
    {
        ushort[] places = new ushort[program.Length];
        int next = first + rows.Count;
        for (int i = 0; i < program.Length; i++)
            places[i] = IsRow(program[i]) ? (ushort)next++ : fails;
        // A jump leads to an instruction after it, but for a loop's, which is a row's.
        for (int i = program.Length - 1; i >= 0; i--)
        {
            if (!IsRow(program[i]))
                places[i] = (program[i].Code & ClassBits) == Jump ? places[Target(i, program[i].Number)] : program[i].Number != 0 ? holds : fails;
        }

        for (int i = 0; i < program.Length; i++)
        {
            FilterInstruction instruction = program[i];
            if (!IsRow(instruction))
                continue;

            FilterStep step = StepOf(instruction);
            (ushort then, ushort otherwise) = (instruction.Code & ClassBits) switch
            {
                Jump => (places[i + 1 + instruction.IfTrue], places[i + 1 + instruction.IfFalse]),
                Return => (holds, fails),
                _ => (places[i + 1], fails),
            };
            (ulong number, bool byIndex) = Operand(instruction);
            rows.Add(new GuardTable.Row((ushort)step, then, otherwise, 0, number, byIndex ? ulong.MaxValue : 0, 0, 0));
        }

        return places[0];
    }

    private static int Target(int at, uint distance) => at + 1 + (int)distance;

    private static bool IsRow(FilterInstruction instruction) => (instruction.Code & ClassBits) switch
    {
        Jump => (instruction.Code & OperationBits) != JumpAlways,
        Return => (instruction.Code & SizeBits) == ReturnAccumulator,
        _ => true,
    };

    private static (ulong Number, bool ByIndex) Operand(FilterInstruction instruction) => (instruction.Code & ClassBits) switch
    {
        Load or LoadIndex => (instruction.Number, (instruction.Code & ModeBits) == Indirect),
        // Whether any bit is set.
        Return => (uint.MaxValue, false),
        Arithmetic or Jump when (instruction.Code & IsIndex) != 0 => (0, true),
        _ => (instruction.Number, false),
    };

    private static FilterStep StepOf(FilterInstruction instruction)
    {
        int kind = instruction.Code & ClassBits, mode = instruction.Code & ModeBits, operation = (instruction.Code & OperationBits) >> 4;
        return kind switch
        {
            Load when mode is not (Immediate or Memory or Length) => (instruction.Code & SizeBits) switch
            {
                Half => FilterStep.Two,
                Byte => FilterStep.One,
                _ => FilterStep.Four,
            },
            Load => mode == Immediate ? FilterStep.Number : mode == Memory ? FilterStep.Recall : FilterStep.Length,
            LoadIndex => mode switch
            {
                Immediate => FilterStep.NumberToIndex,
                Memory => FilterStep.RecallToIndex,
                Length => FilterStep.LengthToIndex,
                HeaderLength => FilterStep.HeaderLength,
                _ => throw new ArgumentException("No load that libpcap has.", nameof(instruction)),
            },
            Store => FilterStep.Keep,
            StoreIndex => FilterStep.KeepIndex,
            Arithmetic => s_arithmetic[operation],
            Jump => s_jumps[operation - 1],
            Return => FilterStep.AnyOf,
            _ => (instruction.Code & IndexToAccumulator) != 0 ? FilterStep.ToAccumulator : FilterStep.ToIndex,
        };
    }
}
