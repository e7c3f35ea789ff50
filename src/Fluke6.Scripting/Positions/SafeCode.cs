using System.Reflection.Metadata;

namespace Fluke6.Scripting.Positions;

/// <summary>
/// Tells instructions that can neither throw nor call anything, such as those of <c>seen++</c> or <c>return Verdict.Continue</c>: a statement
/// of such alone needs no mark.
/// </summary>
/// <param name="isStatic">Whether the method has no object; otherwise its first argument is one, and never null.</param>
internal sealed class SafeCode(bool isStatic)
{
    // Of each value on the stack, whether it is the method's own object.
    private readonly Stack<bool> _values = [];

    /// <summary>Whether these instructions, which begin with an empty stack, can throw nothing and call nothing.</summary>
    public bool Contains(IEnumerable<Instruction> instructions)
    {
        _values.Clear();
        foreach (Instruction instruction in instructions)
        {
            if (!Step(instruction.Code))
                return false;
        }

        return true;
    }

    private bool Step(ILOpCode code)
    {
        switch (code)
        {
            case ILOpCode.Nop or ILOpCode.Br or ILOpCode.Br_s or ILOpCode.Ret:
                return true;
            case ILOpCode.Ldarg_0:
                _values.Push(!isStatic);
                return true;
            case ILOpCode.Ldarg_1 or ILOpCode.Ldarg_2 or ILOpCode.Ldarg_3 or ILOpCode.Ldarg_s or ILOpCode.Ldnull
                or (>= ILOpCode.Ldloc_0 and <= ILOpCode.Ldloc_3) or ILOpCode.Ldloc_s or (>= ILOpCode.Ldc_i4_m1 and <= ILOpCode.Ldc_r8):
                _values.Push(false);
                return true;
            case (>= ILOpCode.Stloc_0 and <= ILOpCode.Stloc_3) or ILOpCode.Stloc_s or ILOpCode.Pop
                or ILOpCode.Brtrue or ILOpCode.Brtrue_s or ILOpCode.Brfalse or ILOpCode.Brfalse_s:
                return Take(1);
            case >= ILOpCode.Beq_s and <= ILOpCode.Blt_un_s or >= ILOpCode.Beq and <= ILOpCode.Blt_un:
                return Take(2);
            case ILOpCode.Dup:
                return _values.TryPeek(out bool own) && Put(own);
            case ILOpCode.Add or ILOpCode.Sub or ILOpCode.Mul or (>= ILOpCode.And and <= ILOpCode.Shr_un)
                or ILOpCode.Ceq or ILOpCode.Cgt or ILOpCode.Cgt_un or ILOpCode.Clt or ILOpCode.Clt_un:
                return Take(2) && Put(false);
            case ILOpCode.Neg or ILOpCode.Not or (>= ILOpCode.Conv_i1 and <= ILOpCode.Conv_u8) or ILOpCode.Conv_u1 or ILOpCode.Conv_u2:
                return Take(1) && Put(false);
            case ILOpCode.Ldfld:
                return TakeOwn() && Put(false);
            case ILOpCode.Stfld:
                return Take(1) && TakeOwn();
            default:
                return false;
        }
    }

    private bool Put(bool own)
    {
        _values.Push(own);
        return true;
    }

    private bool Take(int count)
    {
        for (; count > 0; count--)
        {
            if (!_values.TryPop(out _))
                return false;
        }

        return true;
    }

    private bool TakeOwn() => _values.TryPop(out bool own) && own;
}
