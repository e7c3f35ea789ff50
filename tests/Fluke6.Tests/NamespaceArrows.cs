using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Fluke6.Command.Tests;

/// <summary>
/// Which namespace uses which, as it was compiled: base types, signatures, attributes and every token in a method's code. A name in a comment
/// or a string is no use, and a constant leaves no trace.
/// </summary>
internal sealed class NamespaceArrows
{
    private const BindingFlags Declared =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private readonly Dictionary<(string From, string To), string> _found = [];

    /// <summary>Reads an assembly.</summary>
    public NamespaceArrows(Assembly assembly)
    {
        foreach (Type type in assembly.GetTypes().Where(type => type.Namespace is not null))
            Read(type);
    }

    /// <summary>From which namespace to which, other ones; with a place that shows it.</summary>
    public IReadOnlyDictionary<(string From, string To), string> Found => _found;

    private void Read(Type type)
    {
        Note(type, type.BaseType);
        Note(type, type.GetInterfaces());
        Note(type, type.GetCustomAttributesData());
        foreach (Type parameter in type.GetGenericArguments())
            Note(type, parameter.GetGenericParameterConstraints());

        foreach (FieldInfo field in type.GetFields(Declared))
        {
            Note(type, field.FieldType);
            Note(type, field.GetCustomAttributesData());
        }

        foreach (MethodBase method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
            Read(type, method);
    }

    private void Read(Type type, MethodBase method)
    {
        Note(type, (method as MethodInfo)?.ReturnType);
        Note(type, method.GetParameters().Select(parameter => parameter.ParameterType));
        Note(type, method.GetCustomAttributesData());
        if (method.IsGenericMethodDefinition)
            Note(type, method.GetGenericArguments().SelectMany(parameter => parameter.GetGenericParameterConstraints()));
        if (method.GetMethodBody() is not { } body)
            return;

        Note(type, body.LocalVariables.Select(local => local.LocalType));
        Note(type, body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType));
        Type[] ofType = type.IsGenericType ? type.GetGenericArguments() : [];
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        foreach (int token in Tokens(body.GetILAsByteArray()!))
            Note(type, type.Module.ResolveMember(token, ofType, ofMethod));
    }

    // ECMA-335 §III: an instruction is an opcode of one or two bytes and an operand whose length it tells.
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (int i = 0; i < code.Length;)
        {
            short value = code[i] == 0xFE ? (short)(0xFE00 | code[i + 1]) : code[i];
            OpCode opCode = s_opCodes[value];
            i += opCode.Size;
            switch (opCode.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(i));
                    i += sizeof(int);
                    break;

                case OperandType.InlineSwitch:
                    i += sizeof(int) * (1 + BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(i)));
                    break;

                case OperandType operand:
                    i += Length(operand);
                    break;
            }
        }
    }

    private static int Length(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private void Note(Type user, IEnumerable<CustomAttributeData> attributes)
    {
        foreach (CustomAttributeData attribute in attributes)
        {
            Note(user, attribute.AttributeType);
            Note(user, attribute.ConstructorArguments.Select(argument => argument.Value).OfType<Type>());
        }
    }

    private void Note(Type user, IEnumerable<Type?> used)
    {
        foreach (Type? type in used)
            Note(user, type);
    }

    private void Note(Type user, MemberInfo? used)
    {
        switch (used)
        {
            case Type type:
                NoteType(user, type);
                break;

            case MethodBase method:
                Note(user, method.DeclaringType);
                Note(user, (method as MethodInfo)?.ReturnType);
                Note(user, method.GetParameters().Select(parameter => parameter.ParameterType));
                Note(user, method.IsGenericMethod ? method.GetGenericArguments() : []);
                break;

            case FieldInfo field:
                Note(user, field.DeclaringType);
                Note(user, field.FieldType);
                break;
        }
    }

    private void NoteType(Type user, Type used)
    {
        if (used.HasElementType)
        {
            NoteType(user, used.GetElementType()!);
            return;
        }

        if (used.IsGenericParameter)
            return;

        if (used.IsConstructedGenericType)
            Note(user, used.GetGenericArguments());
        if (used.Namespace is { } to && to != user.Namespace)
            _found.TryAdd((user.Namespace!, to), $"{user.FullName} uses {used.FullName ?? used.Name}");
    }
}
