using System.Reflection;
using System.Reflection.Emit;
using Fluke6.Frames;

namespace Fluke6.Core.Tests.Frames;

/// <summary>
/// How a rule gets from a frame to a view: <c>TryGet</c> methods, properties and lists, one after another. Views cannot be boxed, so each way
/// is compiled into a method of its own, which ends in a call of one of the view's members.
/// </summary>
internal sealed class ViewPath
{
    private const int MaxSteps = 8;
    private readonly MethodInfo[] _steps;

    private ViewPath(MethodInfo[] steps) => _steps = steps;

    /// <summary>The view at the end.</summary>
    public Type View => _steps.Length == 0 ? typeof(Frame) : Result(_steps[^1]);

    /// <summary>What can be called on the view, setters and indexers included.</summary>
    public IEnumerable<MethodInfo> Members => View.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsGenericMethod && method.Name is not ("Equals" or "GetHashCode" or "GetType"));

    /// <summary>The shortest way to every kind of view that this frame has.</summary>
    public static IEnumerable<ViewPath> Of(Func<FrameBuffer> load)
    {
        var found = new Dictionary<Type, ViewPath>();
        var next = new Queue<ViewPath>([new ViewPath([])]);
        while (next.TryDequeue(out ViewPath? path))
        {
            if (path._steps.Length == MaxSteps || !found.TryAdd(path.View, path))
                continue;

            foreach (MethodInfo member in path.Members.Where(IsStep))
            {
                var longer = new ViewPath([.. path._steps, member]);
                if (longer.Run(load(), () => { }, member: null))
                    next.Enqueue(longer);
            }
        }

        return found.Values;
    }

    /// <summary>Gets the view, lets something happen, and calls a member of the view, with the defaults of what it takes.</summary>
    /// <returns>Whether the frame has the view.</returns>
    public bool Run(FrameBuffer buffer, Action meanwhile, MethodInfo? member)
    {
        DynamicMethod method = Create(typeof(bool), isAtElement: true, out ILGenerator il, out LocalBuilder view);
        if (member is not null)
            EmitCall(il, view, member);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<FrameBuffer, Action, bool>>()(buffer, meanwhile);
    }

    /// <summary>The view as it formats itself.</summary>
    public string Text(FrameBuffer buffer)
    {
        DynamicMethod method = Create(typeof(string), isAtElement: false, out ILGenerator il, out LocalBuilder view);
        il.Emit(OpCodes.Ldloca, view);
        il.Emit(OpCodes.Constrained, View);
        il.Emit(OpCodes.Callvirt, typeof(object).GetMethod(nameof(ToString))!);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<FrameBuffer, Action, string>>()(buffer, () => { });
    }

    private DynamicMethod Create(Type result, bool isAtElement, out ILGenerator il, out LocalBuilder view)
    {
        var method = new DynamicMethod("Run", result, [typeof(FrameBuffer), typeof(Action)], typeof(ViewPath).Module, skipVisibility: true);
        il = method.GetILGenerator();
        Label missing = il.DefineLabel(), found = il.DefineLabel();
        view = il.DeclareLocal(typeof(Frame));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, typeof(Frame).GetConstructor([typeof(FrameBuffer)])!);
        il.Emit(OpCodes.Stloc, view);
        foreach (MethodInfo step in _steps)
            view = EmitStep(il, view, step, isAtElement || step != _steps[^1], missing);

        il.Emit(OpCodes.Br, found);
        il.MarkLabel(missing);
        il.Emit(result == typeof(bool) ? OpCodes.Ldc_I4_0 : OpCodes.Ldnull);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(found);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Callvirt, typeof(Action).GetMethod(nameof(Action.Invoke))!);
        return method;
    }

    public override string ToString() => string.Join('.', _steps.Select(step => step.Name).Prepend("frame"));

    private static LocalBuilder EmitStep(ILGenerator il, LocalBuilder view, MethodInfo step, bool isAtElement, Label missing)
    {
        LocalBuilder result = il.DeclareLocal(Result(step));
        il.Emit(OpCodes.Ldloca, view);
        foreach (ParameterInfo parameter in step.GetParameters())
        {
            if (parameter.IsOut && parameter.ParameterType == result.LocalType.MakeByRefType())
                il.Emit(OpCodes.Ldloca, result);
            else
                EmitDefault(il, parameter);
        }

        il.Emit(OpCodes.Call, step);
        if (step.ReturnType == typeof(bool))
            il.Emit(OpCodes.Brfalse, missing);
        else
            il.Emit(OpCodes.Stloc, result);

        // A list is at its first element.
        if (isAtElement && result.LocalType.GetMethod("MoveNext") is { } moveNext)
        {
            il.Emit(OpCodes.Ldloca, result);
            il.Emit(OpCodes.Call, moveNext);
            il.Emit(OpCodes.Brfalse, missing);
        }

        return result;
    }

    private static void EmitCall(ILGenerator il, LocalBuilder view, MethodInfo member)
    {
        il.Emit(OpCodes.Ldloca, view);
        foreach (ParameterInfo parameter in member.GetParameters())
            EmitDefault(il, parameter);
        il.Emit(OpCodes.Call, member);
        if (member.ReturnType != typeof(void))
            il.Emit(OpCodes.Pop);
    }

    private static void EmitDefault(ILGenerator il, ParameterInfo parameter)
    {
        bool isByRef = parameter.ParameterType.IsByRef;
        LocalBuilder value = il.DeclareLocal(isByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType);
        // Of every enumeration of kinds this is one that is not padding.
        if (value.LocalType.IsEnum)
        {
            il.Emit(OpCodes.Ldc_I4_5);
            il.Emit(OpCodes.Stloc, value);
        }

        il.Emit(isByRef ? OpCodes.Ldloca : OpCodes.Ldloc, value);
    }

    // A flow is no octets of the frame.
    private static bool IsStep(MethodInfo member) =>
        Result(member) is { IsByRefLike: true, Namespace: "Fluke6.Wire" or "Fluke6.Frames" } && Result(member) != typeof(Flow);

    private static Type Result(MethodInfo member) => member.ReturnType == typeof(bool)
        ? member.GetParameters().SingleOrDefault(parameter => parameter.IsOut)?.ParameterType.GetElementType() ?? typeof(bool)
        : member.ReturnType;
}
