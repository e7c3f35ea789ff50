using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Fluke6.Scripting.Positions;

/// <summary>
/// Gives methods of an assembly other bodies: they go into a section of their own at the image's end, and the table of methods is told where
/// they are. All else stays as the compiler wrote it. PE format; ECMA-335, II.25.
/// </summary>
internal sealed class MethodBodies(byte[] image, PEReader assembly)
{
    private const int SectionHeaderLength = 40;

    // A body with a smaller stack may get a header of another length.
    private const int LeastOfFatHeader = 9;
    private const int FatHeaderLength = 12;

    private readonly MethodBodyStreamEncoder _stream = new(new BlobBuilder());
    private readonly List<int> _cells = [];
    private readonly byte[] _image = [.. image];

    private readonly int _methodTable = assembly.PEHeaders.MetadataStartOffset + assembly.GetMetadataReader().GetTableMetadataOffset(TableIndex.MethodDef);
    private readonly int _methodRow = assembly.GetMetadataReader().GetTableRowSize(TableIndex.MethodDef);
    private readonly int _sectionAddress = Align(
        assembly.PEHeaders.SectionHeaders.Max(section => section.VirtualAddress + Math.Max(section.VirtualSize, section.SizeOfRawData)),
        assembly.PEHeaders.PEHeader!.SectionAlignment);
    private readonly int _sectionStart = Align(image.Length, assembly.PEHeaders.PEHeader!.FileAlignment);

    /// <summary>Gives a method another body.</summary>
    /// <param name="handle">The method.</param>
    /// <param name="method">The method.</param>
    /// <param name="before">Its body, whose local variables stay.</param>
    /// <param name="marked">Its code.</param>
    /// <param name="hint">What the just-in-time compiler is told about it.</param>
    public void Add(MethodDefinitionHandle handle, MethodDefinition method, MethodBodyBlock before, MarkedBody marked, JitHint hint)
    {
        MethodBodyStreamEncoder.MethodBody body = _stream.AddMethodBody(
            marked.Code.Length,
            Math.Max(marked.MaxStack, LeastOfFatHeader),
            before.ExceptionRegions.Length,
            hasSmallExceptionRegions: false,
            before.LocalSignature,
            before.LocalVariablesInitialized ? MethodBodyAttributes.InitLocals : MethodBodyAttributes.None);
        new BlobWriter(body.Instructions).WriteBytes(marked.Code);
        marked.WriteRegions(body.ExceptionRegions);
        foreach (int cell in marked.Cells)
            _cells.Add(_sectionStart + body.Offset + FatHeaderLength + cell);

        int row = _methodTable + ((MetadataTokens.GetRowNumber(handle) - 1) * _methodRow);
        BinaryPrimitives.WriteInt32LittleEndian(_image.AsSpan(row), _sectionAddress + body.Offset);
        MethodImplAttributes attributes = hint switch
        {
            JitHint.NeverInline => method.ImplAttributes & ~MethodImplAttributes.AggressiveInlining | MethodImplAttributes.NoInlining,
            JitHint.AlwaysInline when (method.ImplAttributes & MethodImplAttributes.NoInlining) == 0 =>
                method.ImplAttributes | MethodImplAttributes.AggressiveInlining,
            _ => method.ImplAttributes,
        };
        BinaryPrimitives.WriteUInt16LittleEndian(_image.AsSpan(row + 4), (ushort)attributes);
    }

    /// <summary>The image.</summary>
    /// <param name="cells">Where in it the cell's address belongs.</param>
    public byte[] Image(out IReadOnlyList<int> cells)
    {
        PEHeaders headers = assembly.PEHeaders;
        int length = Align(_stream.Builder.Count, headers.PEHeader!.FileAlignment);
        byte[] whole = new byte[_sectionStart + length];
        _image.CopyTo(whole, 0);
        _stream.Builder.ToArray().CopyTo(whole, _sectionStart);

        int count = headers.SectionHeaders.Length;
        int optional = headers.PEHeaderStartOffset;
        int section = optional + headers.CoffHeader.SizeOfOptionalHeader + (count * SectionHeaderLength);
        if (section + SectionHeaderLength > headers.PEHeader.SizeOfHeaders)
            throw new BadImageFormatException("There is no room for another section.");

        Span<byte> header = whole.AsSpan(section, SectionHeaderLength);
        ".marked"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], _stream.Builder.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], _sectionAddress);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], length);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], _sectionStart);
        BinaryPrimitives.WriteUInt32LittleEndian(
            header[36..], (uint)(SectionCharacteristics.ContainsCode | SectionCharacteristics.MemExecute | SectionCharacteristics.MemRead));

        // NumberOfSections; SizeOfImage.
        BinaryPrimitives.WriteUInt16LittleEndian(whole.AsSpan(headers.CoffHeaderStartOffset + 2), (ushort)(count + 1));
        BinaryPrimitives.WriteInt32LittleEndian(
            whole.AsSpan(optional + 56), Align(_sectionAddress + _stream.Builder.Count, headers.PEHeader.SectionAlignment));
        cells = _cells;
        return whole;
    }

    private static int Align(int value, int alignment) => (value + alignment - 1) / alignment * alignment;
}
