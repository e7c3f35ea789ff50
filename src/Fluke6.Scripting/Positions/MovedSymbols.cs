using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Fluke6.Scripting.Positions;

/// <summary>
/// Symbols for code that moved: which lines its offsets stand for, so that stack traces name lines, and nothing else. Portable PDB 1.0.
/// </summary>
internal sealed class MovedSymbols
{
    private const int NoLine = 0;
    private readonly MetadataBuilder _metadata = new();
    private readonly MetadataReader _before;
    private readonly ImmutableArray<int> _rows;

    /// <summary>Symbols with the documents of those before.</summary>
    /// <param name="assembly">The assembly's metadata.</param>
    /// <param name="before">The symbols before.</param>
    public MovedSymbols(MetadataReader assembly, MetadataReader before)
    {
        _before = before;
        _rows = [.. Enumerable.Range(0, MetadataTokens.TableCount)
            .Select(table => table < (int)TableIndex.Document ? assembly.GetTableRowCount((TableIndex)table) : 0)];
        foreach (DocumentHandle handle in before.Documents)
        {
            Document document = before.GetDocument(handle);
            _metadata.AddDocument(
                _metadata.GetOrAddDocumentName(before.GetString(document.Name)),
                _metadata.GetOrAddGuid(before.GetGuid(document.HashAlgorithm)),
                _metadata.GetOrAddBlob(before.GetBlobContent(document.Hash)),
                _metadata.GetOrAddGuid(before.GetGuid(document.Language)));
        }
    }

    /// <summary>Adds the next method.</summary>
    /// <param name="method">As it was.</param>
    /// <param name="marked">Its code as it is now; null if it has no lines.</param>
    public void Add(MethodDebugInformation method, MarkedBody? marked) =>
        _metadata.AddMethodDebugInformation(method.Document, marked is null ? default : _metadata.GetOrAddBlob(Encode(method, marked)));

    /// <summary>The symbols.</summary>
    public byte[] Image()
    {
        BlobContentId id = new(_before.DebugMetadataHeader!.Id);
        var image = new BlobBuilder();
        new PortablePdbBuilder(_metadata, _rows, entryPoint: default, _ => id).Serialize(image);
        return image.ToArray();
    }

    private static BlobBuilder Encode(MethodDebugInformation method, MarkedBody marked)
    {
        var blob = new BlobBuilder();
        blob.WriteCompressedInteger(method.LocalSignature.IsNil ? 0 : MetadataTokens.GetRowNumber(method.LocalSignature));
        DocumentHandle document = method.Document;
        int offset = -1, line = NoLine, column = 0;
        foreach (SequencePoint point in method.GetSequencePoints())
        {
            if (point.Document != document)
            {
                // At the head, a method of several files names its first one; later, a change of file is a record of its own.
                if (offset >= 0)
                    blob.WriteCompressedInteger(0);
                blob.WriteCompressedInteger(MetadataTokens.GetRowNumber(point.Document));
                document = point.Document;
            }

            int moved = marked.Moved(point.Offset);
            blob.WriteCompressedInteger(offset < 0 ? moved : moved - offset);
            offset = moved;
            if (point.IsHidden)
            {
                blob.WriteCompressedInteger(0);
                blob.WriteCompressedInteger(0);
                continue;
            }

            int lines = point.EndLine - point.StartLine;
            blob.WriteCompressedInteger(lines);
            if (lines == 0)
                blob.WriteCompressedInteger(point.EndColumn - point.StartColumn);
            else
                blob.WriteCompressedSignedInteger(point.EndColumn - point.StartColumn);

            if (line == NoLine)
            {
                blob.WriteCompressedInteger(point.StartLine);
                blob.WriteCompressedInteger(point.StartColumn);
            }
            else
            {
                blob.WriteCompressedSignedInteger(point.StartLine - line);
                blob.WriteCompressedSignedInteger(point.StartColumn - column);
            }

            (line, column) = (point.StartLine, point.StartColumn);
        }

        return blob;
    }
}
