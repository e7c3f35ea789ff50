using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Fluke6.Scripting.Positions;

/// <summary>One instruction of a method. ECMA-335, III.</summary>
/// <param name="Code">Which.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Operand">Where its operand begins.</param>
/// <param name="End">Where the next one begins.</param>
internal readonly record struct Instruction(ILOpCode Code, int Offset, int Operand, int End)
{
    private static readonly Dictionary<ILOpCode, OperandType> s_operands = typeof(OpCodes)
        .GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ILOpCode)(ushort)code.Value, code => code.OperandType);

    /// <summary>Whether it jumps to one place.</summary>
    public bool IsBranch => Code.IsBranch();

    /// <summary>Whether it calls a method that its operand names.</summary>
    public bool IsCall => Code is ILOpCode.Call or ILOpCode.Callvirt or ILOpCode.Newobj;

    /// <summary>Where a branch goes.</summary>
    public int Target(ImmutableArray<byte> code) =>
        End + (Code.GetBranchOperandSize() == 1 ? (sbyte)code[Operand] : BitConverter.ToInt32(code.AsSpan()[Operand..]));

    /// <summary>What a call, or another instruction that names a member, names.</summary>
    public int Token(ImmutableArray<byte> code) => BitConverter.ToInt32(code.AsSpan()[Operand..]);

    /// <summary>A method's instructions.</summary>
    public static List<Instruction> Decode(ImmutableArray<byte> code)
    {
        var instructions = new List<Instruction>();
        for (int at = 0; at < code.Length;)
        {
            int operand = at + 1;
            var opcode = (ILOpCode)code[at];
            if (code[at] == 0xFE)
                opcode = (ILOpCode)(0xFE00 | code[operand++]);
            int end = operand + OperandLength(opcode, code.AsSpan()[operand..]);
            instructions.Add(new Instruction(opcode, at, operand, end));
            at = end;
        }

        return instructions;
    }

    private static int OperandLength(ILOpCode code, ReadOnlySpan<byte> operand) => s_operands[code] switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(operand)),
        _ => 4,
    };
}
