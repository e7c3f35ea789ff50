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
    private static readonly FrameBuffer s_nothing = new();

    /// <summary>The check, ready to be called.</summary>
    public static GuardCheck Compile(Guard guard)
    {
        DynamicMethod check = Write(guard, nameof(FrameBuffer.Layers));
        GuardCheck made = Make(check);
        return CallsNothing(guard) ? Make(Write(guard, nameof(FrameBuffer.KnownLayers), otherwise: check)) : made;

        // A delegate that has a target is called without a detour.
        GuardCheck Make(DynamicMethod method) => CallOnce((GuardCheck)method.CreateDelegate(typeof(GuardCheck), guard));
    }

    /// <summary>Calls a check at no frame: .NET makes a method machine code at its first call, which is not to be at a frame.</summary>
    public static GuardCheck CallOnce(GuardCheck check)
    {
        lock (s_nothing)
            check(s_nothing);
        return check;
    }

    /// <summary>Whether a guard's answers are no calls once all headers were read.</summary>
    private static bool CallsNothing(Guard guard) => guard switch
    {
        GuardComplement complement => CallsNothing(complement.Guard),
        GuardPair pair => CallsNothing(pair.Left) && CallsNothing(pair.Right),
        NamedGuard named => named.Kind is not (GuardKind.Teredo or GuardKind.Inner),
        _ => false,
    };

    /// <summary>Writes a guard's code.</summary>
    /// <param name="guard">The guard.</param>
    /// <param name="layers">The property of the frame that says which headers it has.</param>
    /// <param name="otherwise">
    /// The code to go on with where not all headers were read; null for code that knows of that itself. Code that calls nothing has nothing to save and keeps what
    /// it loaded for its other parts.
    /// </param>
    private static DynamicMethod Write(Guard guard, string layers, DynamicMethod? otherwise = null)
    {
        var method = new DynamicMethod("guard", typeof(bool), [typeof(object), typeof(FrameBuffer)], typeof(GuardCode).Module, skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        if (otherwise is not null)
        {
            Label isRead = code.DefineLabel();
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Call, Getter(nameof(FrameBuffer.IsRead)));
            code.Emit(OpCodes.Brtrue, isRead);
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Tailcall);
            code.Emit(OpCodes.Call, otherwise);
            code.Emit(OpCodes.Ret);
            code.MarkLabel(isRead);
        }

        code.DeclareLocal(typeof(Layers).MakeByRefType());
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Call, Getter(layers));
        code.Emit(OpCodes.Stloc_0);

        Label holds = code.DefineLabel(), fails = code.DefineLabel();
        Emit(code, guard, isWanted: true, otherwise is not null, holds, fails);
        code.MarkLabel(fails);
        code.Emit(OpCodes.Ldc_I4_0);
        code.Emit(OpCodes.Ret);
        code.MarkLabel(holds);
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Ret);
        return method;
    }

    private static MethodInfo Getter(string property) => typeof(FrameBuffer).GetProperty(property, Members)!.GetMethod!;

    /// <summary>Jumps to one of two places.</summary>
    /// <param name="isWanted">Whether the guard is to hold, and not its complement; each holds where that cannot be told.</param>
    /// <param name="isRead">Whether all headers were read.</param>
    private static void Emit(ILGenerator code, Guard guard, bool isWanted, bool isRead, Label holds, Label fails)
    {
        switch (guard)
        {
            case GuardComplement complement:
                Emit(code, complement.Guard, !isWanted, isRead, holds, fails);
                break;

            case GuardPair pair:
                Label next = code.DefineLabel();
                // The complement of both is the complement of either.
                if (pair.IsBoth == isWanted)
                    Emit(code, pair.Left, isWanted, isRead, next, fails);
                else
                    Emit(code, pair.Left, isWanted, isRead, holds, next);
                code.MarkLabel(next);
                Emit(code, pair.Right, isWanted, isRead, holds, fails);
                break;

            case TextGuard text:
                Label raw = code.DefineLabel(), answer = code.DefineLabel();
                code.Emit(OpCodes.Ldarg_1);
                code.Emit(OpCodes.Ldarg_1);
                code.Emit(OpCodes.Call, Getter(nameof(FrameBuffer.LinkType)));
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
                EmitAnswer(code, named, isRead);
                code.Emit(OpCodes.Ldc_I4, (int)(isWanted ? GuardAnswer.No : GuardAnswer.Yes));
                code.Emit(OpCodes.Bne_Un, holds);
                code.Emit(OpCodes.Br, fails);
                break;
        }
    }

    private static void EmitAnswer(ILGenerator code, NamedGuard named, bool isRead)
    {
        MethodInfo answer = typeof(GuardAnswers).GetMethod($"{named.Kind}")!;
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldloc_0);
        code.Emit(isRead ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        foreach ((ParameterInfo parameter, ulong number) in answer.GetParameters().Skip(3).Zip(named.Numbers))
        {
            if (parameter.ParameterType == typeof(int))
                code.Emit(OpCodes.Ldc_I4, (int)number);
            else
                code.Emit(OpCodes.Ldc_I8, (long)number);
        }

        code.Emit(OpCodes.Call, answer);
    }
}
