using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Fluke6.Scripting.Positions;

/// <summary>Who calls whom in a script's assembly.</summary>
internal sealed class ScriptCalls
{
    private readonly MetadataReader _metadata;
    private readonly Dictionary<int, bool> _known = [];
    private readonly HashSet<int> _delegates = [];

    /// <summary>Looks at an assembly's code.</summary>
    public ScriptCalls(PEReader assembly, MetadataReader metadata)
    {
        _metadata = metadata;
        foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        {
            if (metadata.GetMethodDefinition(handle).RelativeVirtualAddress is not 0 and var address)
                FindDelegates(assembly.GetMethodBody(address).GetILContent());
        }
    }

    /// <summary>Whether others than the script may call a method: it is virtual, or a delegate is made of it.</summary>
    public bool IsCalledBack(MethodDefinitionHandle handle) =>
        _metadata.GetMethodDefinition(handle).Attributes.HasFlag(MethodAttributes.Virtual) || _delegates.Contains(MetadataTokens.GetToken(handle));

    /// <summary>Whether the method that a token names may run code of the script.</summary>
    public bool MayRunScript(int token)
    {
        if (!_known.TryGetValue(token, out bool may))
            _known[token] = may = !IsPlainMethodOfFluke6(MetadataTokens.EntityHandle(token));
        return may;
    }

    private void FindDelegates(ImmutableArray<byte> code)
    {
        foreach (Instruction instruction in Instruction.Decode(code))
        {
            if (instruction.Code is not (ILOpCode.Ldftn or ILOpCode.Ldvirtftn))
                continue;

            EntityHandle method = MetadataTokens.EntityHandle(BitConverter.ToInt32(code.AsSpan()[instruction.Operand..]));
            if (method.Kind == HandleKind.MethodSpecification)
                method = _metadata.GetMethodSpecification((MethodSpecificationHandle)method).Method;
            _delegates.Add(MetadataTokens.GetToken(method));
        }
    }

    // Such as TryGetTcp, on nearly every line of a rule: one that takes no type argument calls nothing back.
    private bool IsPlainMethodOfFluke6(EntityHandle handle)
    {
        if (handle.Kind != HandleKind.MemberReference
            || _metadata.GetMemberReference((MemberReferenceHandle)handle).Parent is not { Kind: HandleKind.TypeReference } parent)
        {
            return false;
        }

        EntityHandle scope = _metadata.GetTypeReference((TypeReferenceHandle)parent).ResolutionScope;
        while (scope.Kind == HandleKind.TypeReference)
            scope = _metadata.GetTypeReference((TypeReferenceHandle)scope).ResolutionScope;
        return scope.Kind == HandleKind.AssemblyReference
            && _metadata.GetString(_metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name).StartsWith("Fluke6.", StringComparison.Ordinal);
    }
}
