using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using Fluke6.Engine;

namespace Fluke6.Scripting.Positions;

/// <summary>A script's assembly whose methods say, while they run, which statement they are at.</summary>
/// <param name="Module">Its module, by its version's identifier.</param>
/// <param name="Image">The assembly.</param>
/// <param name="Symbols">Its symbols, a portable PDB.</param>
/// <param name="Cells">Where in the image the cell's address belongs: eight bytes each.</param>
/// <param name="Points">What the numbers from 1 on stand for.</param>
/// <param name="Methods">How many methods have statements.</param>
/// <param name="Calls">Which methods call those that may be compiled into their callers.</param>
internal sealed record MarkedAssembly(
    Guid Module,
    byte[] Image,
    byte[] Symbols,
    IReadOnlyList<int> Cells,
    IReadOnlyList<ScriptPoint> Points,
    int Methods,
    IReadOnlyList<ScriptCall> Calls)
{
    // Longer methods the just-in-time compiler never inlines; shorter ones than the second, always.
    private const int LongestInlined = 100;
    private const int LongestAlwaysInlined = 16;

    /// <summary>Marks an assembly.</summary>
    /// <param name="image">As compiled.</param>
    /// <param name="symbols">As compiled.</param>
    public static MarkedAssembly From(byte[] image, byte[] symbols)
    {
        using var assembly = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(image));
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbImage(ImmutableCollectionsMarshal.AsImmutableArray(symbols));
        MetadataReader metadata = assembly.GetMetadataReader();
        MetadataReader debug = provider.GetMetadataReader();
        var calls = new ScriptCalls(assembly, metadata);
        var points = new List<ScriptPoint>();
        int slot = 0;
        var written = new MethodBodies(image, assembly);
        var newSymbols = new MovedSymbols(metadata, debug);

        foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        {
            MethodDefinition method = metadata.GetMethodDefinition(handle);
            MethodDebugInformation information = debug.GetMethodDebugInformation(handle);
            if (method.RelativeVirtualAddress == 0)
            {
                newSymbols.Add(information, null);
                continue;
            }

            MethodBodyBlock body = assembly.GetMethodBody(method.RelativeVirtualAddress);
            int first = points.Count;
            Dictionary<int, int> numbers = Number(information, handle, slot, debug, points);
            var marked = new MarkedBody(body, numbers, slot++, method.Attributes.HasFlag(MethodAttributes.Static), calls, calls.MayRecurse(handle));
            JitHint hint = calls.IsCalledBack(handle) ? JitHint.NeverInline
                : body.ExceptionRegions.IsEmpty && marked.PlainLength <= LongestAlwaysInlined ? JitHint.AlwaysInline : JitHint.None;
            if (hint == JitHint.AlwaysInline || (hint == JitHint.None && body.ExceptionRegions.IsEmpty && marked.Code.Length <= LongestInlined))
            {
                for (int i = first; i < points.Count; i++)
                    points[i] = points[i] with { Inlined = true };
            }

            newSymbols.Add(information, information.SequencePointsBlob.IsNil ? null : marked);
            written.Add(handle, method, body, marked, hint);
        }

        Guid module = metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        HashSet<int> inlined = [.. points.Where(point => point.Inlined).Select(point => point.Method)];
        return new MarkedAssembly(
            module, written.Image(out IReadOnlyList<int> cells), newSymbols.Image(), cells, points, slot, [.. calls.All.Where(call => inlined.Contains(call.Callee))]);
    }

    /// <summary>The image for a rule whose cell lies at an address.</summary>
    public byte[] WithCell(nint cell)
    {
        byte[] filled = [.. Image];
        foreach (int offset in Cells)
            BitConverter.TryWriteBytes(filled.AsSpan(offset), (long)cell);
        return filled;
    }

    private static Dictionary<int, int> Number(
        MethodDebugInformation information, MethodDefinitionHandle method, int slot, MetadataReader debug, List<ScriptPoint> points)
    {
        var numbers = new Dictionary<int, int>();
        foreach (SequencePoint point in information.GetSequencePoints())
        {
            if (point.IsHidden)
            {
                numbers.TryAdd(point.Offset, 0);
                continue;
            }

            string file = debug.GetString(debug.GetDocument(point.Document).Name);
            points.Add(new ScriptPoint(file, point.StartLine, point.StartColumn, MetadataTokens.GetToken(method), slot, Inlined: false));
            numbers[point.Offset] = points.Count;
        }

        return numbers;
    }
}
