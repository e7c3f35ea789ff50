using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Fluke6.Frames;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Rules;

/// <summary>
/// Makes a filter's program machine code: each instruction becomes those that do the same. As in libpcap's <c>bpf_filter</c>, a load past the frame's end and
/// a division by zero end it, and the frame is not one of the filter's.
/// </summary>
internal static class TextGuardCode
{
    // The instruction's class, and the parts of its code.
    private const int Load = 0, LoadIndex = 1, Store = 2, StoreIndex = 3, Arithmetic = 4, Jump = 5, Return = 6;
    private const int ClassBits = 0x07, SizeBits = 0x18, ModeBits = 0xE0, OperationBits = 0xF0, IsIndex = 0x08;
    private const int Half = 0x08, Byte = 0x10;
    private const int Immediate = 0x00, Absolute = 0x20, Indirect = 0x40, Memory = 0x60, Length = 0x80, HeaderLength = 0xA0;
    private const int JumpAlways = 0x00, JumpEqual = 0x10, JumpGreater = 0x20, JumpAtLeast = 0x30, ReturnAccumulator = 0x10, IndexToAccumulator = 0x80;
    private const int Divide = 0x30, ShiftLeft = 0x60, ShiftRight = 0x70, Negate = 0x80, Modulo = 0x90;

    /// <summary>The check: whether a frame is one of the filter's.</summary>
    public static DynamicMethod Compile(FilterInstruction[] program)
    {
        var method = new DynamicMethod("filter", typeof(bool), [typeof(FrameBuffer)], typeof(TextGuardCode).Module, skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        LocalBuilder accumulator = code.DeclareLocal(typeof(uint)), index = code.DeclareLocal(typeof(uint));
        var memory = new LocalBuilder?[16];
        Label[] places = [.. program.Select(_ => code.DefineLabel())];
        Label none = code.DefineLabel();
        for (int i = 0; i < program.Length; i++)
        {
            FilterInstruction instruction = program[i];
            code.MarkLabel(places[i]);
            LocalBuilder target = (instruction.Code & ClassBits) == LoadIndex ? index : accumulator;
            switch (instruction.Code & ClassBits)
            {
                case Load or LoadIndex:
                    EmitLoad(code, instruction, target, index, Cell, none);
                    break;
                case Store or StoreIndex:
                    code.Emit(OpCodes.Ldloc, (instruction.Code & ClassBits) == Store ? accumulator : index);
                    code.Emit(OpCodes.Stloc, Cell(instruction.Number));
                    break;
                case Arithmetic:
                    EmitArithmetic(code, instruction, accumulator, index, none);
                    break;
                case Jump:
                    EmitJump(code, instruction, i, places, accumulator, index);
                    break;
                case Return:
                    if ((instruction.Code & SizeBits) == ReturnAccumulator)
                        code.Emit(OpCodes.Ldloc, accumulator);
                    else
                        EmitNumber(code, instruction.Number);
                    code.Emit(OpCodes.Ldc_I4_0);
                    code.Emit(OpCodes.Cgt_Un);
                    code.Emit(OpCodes.Ret);
                    break;
                default:
                    bool isBack = (instruction.Code & IndexToAccumulator) != 0;
                    code.Emit(OpCodes.Ldloc, isBack ? index : accumulator);
                    code.Emit(OpCodes.Stloc, isBack ? accumulator : index);
                    break;
            }
        }

        code.MarkLabel(none);
        code.Emit(OpCodes.Ldc_I4_0);
        code.Emit(OpCodes.Ret);
        GuardCode.CallOnce(method.CreateDelegate<GuardCheck>());
        return method;

        LocalBuilder Cell(uint number) => memory[number] ??= code.DeclareLocal(typeof(uint));
    }

    private static void EmitLoad(ILGenerator code, FilterInstruction load, LocalBuilder target, LocalBuilder index, Func<uint, LocalBuilder> cell, Label none)
    {
        switch (load.Code & ModeBits)
        {
            case Immediate:
                EmitNumber(code, load.Number);
                break;
            case Memory:
                code.Emit(OpCodes.Ldloc, cell(load.Number));
                break;
            case Length:
                code.Emit(OpCodes.Ldarg_0);
                code.Emit(OpCodes.Call, Own(nameof(LengthOf)));
                break;
            default:
                code.Emit(OpCodes.Ldarg_0);
                EmitNumber(code, load.Number);
                code.Emit(OpCodes.Conv_U8);
                if ((load.Code & ModeBits) == Indirect)
                {
                    code.Emit(OpCodes.Ldloc, index);
                    code.Emit(OpCodes.Conv_U8);
                    code.Emit(OpCodes.Add);
                }

                code.Emit(OpCodes.Ldloca, target);
                code.Emit(OpCodes.Call, Own((load.Code & ModeBits, load.Code & SizeBits) switch
                {
                    (HeaderLength, _) => nameof(TryHeaderLength),
                    (_, Half) => nameof(TryTwo),
                    (_, Byte) => nameof(TryOne),
                    _ => nameof(TryFour),
                }));
                code.Emit(OpCodes.Brfalse, none);
                return;
        }

        code.Emit(OpCodes.Stloc, target);
    }

    private static void EmitArithmetic(ILGenerator code, FilterInstruction instruction, LocalBuilder accumulator, LocalBuilder index, Label none)
    {
        int operation = instruction.Code & OperationBits;
        bool byIndex = (instruction.Code & IsIndex) != 0;
        if (operation is Divide or Modulo)
        {
            EmitOperand(code, instruction, index);
            code.Emit(OpCodes.Brfalse, none);
        }

        code.Emit(OpCodes.Ldloc, accumulator);
        if (operation == Negate)
            code.Emit(OpCodes.Neg);
        else
            EmitOperand(code, instruction, index);
        if (operation is ShiftLeft or ShiftRight && byIndex)
            code.Emit(OpCodes.Call, Own(operation == ShiftLeft ? nameof(Left) : nameof(Right)));
        else if (operation != Negate)
            code.Emit(OperationOf(operation));
        code.Emit(OpCodes.Stloc, accumulator);
    }

    private static OpCode OperationOf(int operation) => operation switch
    {
        0x00 => OpCodes.Add,
        0x10 => OpCodes.Sub,
        0x20 => OpCodes.Mul,
        Divide => OpCodes.Div_Un,
        0x40 => OpCodes.Or,
        0x50 => OpCodes.And,
        ShiftLeft => OpCodes.Shl,
        ShiftRight => OpCodes.Shr_Un,
        Modulo => OpCodes.Rem_Un,
        _ => OpCodes.Xor,
    };

    private static void EmitJump(ILGenerator code, FilterInstruction jump, int at, Label[] places, LocalBuilder accumulator, LocalBuilder index)
    {
        int operation = jump.Code & OperationBits;
        if (operation == JumpAlways)
        {
            code.Emit(OpCodes.Br, places[at + 1 + (int)jump.Number]);
            return;
        }

        code.Emit(OpCodes.Ldloc, accumulator);
        EmitOperand(code, jump, index);
        if (operation is JumpEqual or JumpGreater or JumpAtLeast)
        {
            code.Emit(operation == JumpEqual ? OpCodes.Beq : operation == JumpGreater ? OpCodes.Bgt_Un : OpCodes.Bge_Un, places[at + 1 + jump.IfTrue]);
        }
        else
        {
            code.Emit(OpCodes.And);
            code.Emit(OpCodes.Brtrue, places[at + 1 + jump.IfTrue]);
        }

        code.Emit(OpCodes.Br, places[at + 1 + jump.IfFalse]);
    }

    private static void EmitOperand(ILGenerator code, FilterInstruction instruction, LocalBuilder index)
    {
        if ((instruction.Code & IsIndex) != 0)
            code.Emit(OpCodes.Ldloc, index);
        else
            EmitNumber(code, instruction.Number);
    }

    private static void EmitNumber(ILGenerator code, uint number) => code.Emit(OpCodes.Ldc_I4, (int)number);

    private static MethodInfo Own(string name) => typeof(TextGuardCode).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static uint LengthOf(FrameBuffer frame) => (uint)frame.Length;

    private static uint Left(uint number, uint bits) => bits < 32 ? number << (int)bits : 0;

    private static uint Right(uint number, uint bits) => bits < 32 ? number >> (int)bits : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryOne(FrameBuffer frame, ulong at, ref uint value)
    {
        if (at >= (ulong)frame.Length)
            return false;

        value = frame.Octets[(int)at];
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTwo(FrameBuffer frame, ulong at, ref uint value)
    {
        if (at + 2 > (ulong)frame.Length)
            return false;

        value = ReadUInt16BigEndian(frame.Octets[(int)at..]);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFour(FrameBuffer frame, ulong at, ref uint value)
    {
        if (at + 4 > (ulong)frame.Length)
            return false;

        value = ReadUInt32BigEndian(frame.Octets[(int)at..]);
        return true;
    }

    // Four times the lower half of a byte: how long an IPv4 header says it is.
    private static bool TryHeaderLength(FrameBuffer frame, ulong at, ref uint value)
    {
        if (!TryOne(frame, at, ref value))
            return false;

        value = (value & 0xF) << 2;
        return true;
    }
}
