using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using Fluke6.Engine;

namespace Fluke6.Scripting.Positions;

/// <summary>Who calls whom in a script's assembly.</summary>
internal sealed class ScriptCalls
{
    private readonly MetadataReader _metadata;
    private readonly Dictionary<int, bool> _known = [];
    private readonly HashSet<int> _delegates = [];
    private readonly HashSet<int> _recursive;
    private readonly Dictionary<int, HashSet<int>> _callees = [];
    private readonly ILookup<string, int> _named;

    /// <summary>Looks at an assembly's code.</summary>
    public ScriptCalls(PEReader assembly, MetadataReader metadata)
    {
        _metadata = metadata;
        StackProbe = FindStackProbe();
        _named = metadata.MethodDefinitions.ToLookup(
            handle => metadata.GetString(metadata.GetMethodDefinition(handle).Name), handle => MetadataTokens.GetToken(handle));
        foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        {
            if (metadata.GetMethodDefinition(handle).RelativeVirtualAddress is not 0 and var address)
                _callees[MetadataTokens.GetToken(handle)] = FindCallees(assembly.GetMethodBody(address).GetILContent());
        }

        // Whoever is called back may be so by any code that is not the script's.
        _callees[CallCycles.Others] = [.. metadata.MethodDefinitions.Where(IsCalledBack).Select(handle => MetadataTokens.GetToken(handle))];
        _recursive = CallCycles.Find(_callees);
    }

    /// <summary>Which of the script's methods call which.</summary>
    public IEnumerable<ScriptCall> All => _callees
        .Where(caller => caller.Key != CallCycles.Others)
        .SelectMany(caller => caller.Value, (caller, callee) => new ScriptCall(caller.Key, callee));

    /// <summary>Whether a method may come to call itself, on whatever way.</summary>
    public bool MayRecurse(MethodDefinitionHandle handle) => _recursive.Contains(MetadataTokens.GetToken(handle));

    /// <summary>The token of <see cref="RuntimeHelpers.EnsureSufficientExecutionStack"/>; null if no method of the script looks for stack.</summary>
    public int? StackProbe { get; }

    /// <summary>Whether others than the script may call a method: it is virtual, or a delegate is made of it.</summary>
    public bool IsCalledBack(MethodDefinitionHandle handle) =>
        IsVirtual(handle) || _delegates.Contains(MetadataTokens.GetToken(handle));

    /// <summary>Whether the method that a token names may run code of the script.</summary>
    public bool MayRunScript(int token)
    {
        if (!_known.TryGetValue(token, out bool may))
            _known[token] = may = token != StackProbe && !IsPlainMethodOfFluke6(MetadataTokens.EntityHandle(token));
        return may;
    }

    private int? FindStackProbe()
    {
        foreach (MemberReferenceHandle handle in _metadata.MemberReferences)
        {
            if (_metadata.GetString(_metadata.GetMemberReference(handle).Name) == nameof(RuntimeHelpers.EnsureSufficientExecutionStack))
                return MetadataTokens.GetToken(handle);
        }

        return null;
    }

    private HashSet<int> FindCallees(ImmutableArray<byte> code)
    {
        var callees = new HashSet<int>();
        foreach (Instruction instruction in Instruction.Decode(code))
        {
            bool makesDelegate = instruction.Code is ILOpCode.Ldftn or ILOpCode.Ldvirtftn;
            if (!makesDelegate && !instruction.IsCall && instruction.Code != ILOpCode.Calli)
                continue;

            EntityHandle method = MetadataTokens.EntityHandle(instruction.Token(code));
            if (method.Kind == HandleKind.MethodSpecification)
                method = _metadata.GetMethodSpecification((MethodSpecificationHandle)method).Method;
            int token = MetadataTokens.GetToken(method);
            if (makesDelegate)
                _delegates.Add(token);
            if (method.Kind == HandleKind.MethodDefinition)
                callees.Add(token);
            // A method of a generic type of the script's is named by a reference.
            if (method.Kind == HandleKind.MemberReference
                && _metadata.GetMemberReference((MemberReferenceHandle)method) is var reference && IsOwn(reference.Parent))
                callees.UnionWith(_named[_metadata.GetString(reference.Name)]);
            // Of a virtual method, another may be called than the one that is named.
            if (method.Kind == HandleKind.MethodDefinition ? instruction.Code == ILOpCode.Callvirt && IsVirtual((MethodDefinitionHandle)method)
                : MayRunScript(token))
            {
                callees.Add(CallCycles.Others);
            }
        }

        return callees;
    }

    // ECMA-335, II.23.2.14: GENERICINST, CLASS or VALUETYPE, the generic type.
    private bool IsOwn(EntityHandle type)
    {
        if (type.Kind != HandleKind.TypeSpecification)
            return type.Kind == HandleKind.TypeDefinition;

        BlobReader signature = _metadata.GetBlobReader(_metadata.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return false;

        signature.ReadByte();
        return signature.ReadTypeHandle().Kind == HandleKind.TypeDefinition;
    }

    private bool IsVirtual(MethodDefinitionHandle handle) => _metadata.GetMethodDefinition(handle).Attributes.HasFlag(MethodAttributes.Virtual);

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
