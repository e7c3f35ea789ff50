using System.Reflection;
using System.Reflection.Emit;
using Fluke6.Frames;

namespace Fluke6.Rules;

/// <summary>Whether a rule is to be asked about a frame.</summary>
internal delegate bool GuardCheck(FrameBuffer frame);

/// <summary>
/// Makes a guard machine code, once: the answers of its parts are inlined and become jumps. It is optimised as it is made, before the rule is
/// published; nothing ever compiles it again.
/// </summary>
internal static class GuardCode
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The check, ready to be called.</summary>
    public static GuardCheck Compile(Guard guard)
    {
        // A delegate that has a target is called without a detour.
        var method = new DynamicMethod("guard", typeof(bool), [typeof(object), typeof(FrameBuffer)], typeof(GuardCode).Module, skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        code.DeclareLocal(typeof(Layers).MakeByRefType());
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Call, typeof(FrameBuffer).GetProperty(nameof(FrameBuffer.Layers), Members)!.GetMethod!);
        code.Emit(OpCodes.Stloc_0);

        Label holds = code.DefineLabel(), fails = code.DefineLabel();
        Emit(code, guard, isWanted: true, holds, fails);
        code.MarkLabel(fails);
        code.Emit(OpCodes.Ldc_I4_0);
        code.Emit(OpCodes.Ret);
        code.MarkLabel(holds);
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Ret);
        return (GuardCheck)method.CreateDelegate(typeof(GuardCheck), guard);
    }

    /// <summary>Jumps to one of two places.</summary>
    /// <param name="isWanted">Whether the guard is to hold, and not its complement; each holds where that cannot be told.</param>
    private static void Emit(ILGenerator code, Guard guard, bool isWanted, Label holds, Label fails)
    {
        switch (guard)
        {
            case GuardComplement complement:
                Emit(code, complement.Guard, !isWanted, holds, fails);
                break;

            case GuardPair pair:
                Label next = code.DefineLabel();
                // The complement of both is the complement of either.
                if (pair.IsBoth == isWanted)
                    Emit(code, pair.Left, isWanted, next, fails);
                else
                    Emit(code, pair.Left, isWanted, holds, next);
                code.MarkLabel(next);
                Emit(code, pair.Right, isWanted, holds, fails);
                break;

            case TextGuard text:
                Label raw = code.DefineLabel(), answer = code.DefineLabel();
                code.Emit(OpCodes.Ldarg_1);
                code.Emit(OpCodes.Ldarg_1);
                code.Emit(OpCodes.Call, typeof(FrameBuffer).GetProperty(nameof(FrameBuffer.LinkType), Members)!.GetMethod!);
                code.Emit(OpCodes.Ldc_I4, (int)LinkType.Ethernet);
                code.Emit(OpCodes.Bne_Un, raw);
                code.Emit(OpCodes.Call, TextGuardCode.Compile(text.Ethernet));
                code.Emit(OpCodes.Br, answer);
                code.MarkLabel(raw);
                code.Emit(OpCodes.Call, TextGuardCode.Compile(text.Ip));
                code.MarkLabel(answer);
                code.Emit(isWanted ? OpCodes.Brtrue : OpCodes.Brfalse, holds);
                code.Emit(OpCodes.Br, fails);
                break;

            case NamedGuard named:
                EmitAnswer(code, named);
                code.Emit(OpCodes.Ldc_I4, (int)(isWanted ? GuardAnswer.No : GuardAnswer.Yes));
                code.Emit(OpCodes.Bne_Un, holds);
                code.Emit(OpCodes.Br, fails);
                break;
        }
    }

    private static void EmitAnswer(ILGenerator code, NamedGuard named)
    {
        MethodInfo answer = typeof(GuardAnswers).GetMethod($"{named.Kind}")!;
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldloc_0);
        foreach ((ParameterInfo parameter, ulong number) in answer.GetParameters().Skip(2).Zip(named.Numbers))
        {
            if (parameter.ParameterType == typeof(int))
                code.Emit(OpCodes.Ldc_I4, (int)number);
            else
                code.Emit(OpCodes.Ldc_I8, (long)number);
        }

        code.Emit(OpCodes.Call, answer);
    }
}
