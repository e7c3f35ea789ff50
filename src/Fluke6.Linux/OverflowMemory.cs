using System.Buffers;
using System.Runtime.InteropServices;

namespace Fluke6.Linux;

/// <summary>
/// As much memory again for each message of a batch, for frames that are longer than a buffer. It is only address space until such a frame
/// comes: malloc(3) has memory of this size from mmap(2), which hands out pages when they are first written to.
/// </summary>
internal sealed unsafe class OverflowMemory : MemoryManager<byte>
{
    private byte* _memory;
    private readonly int _count;

    /// <summary>Memory for so many messages.</summary>
    /// <param name="count">How many.</param>
    /// <param name="each">How many octets each.</param>
    public OverflowMemory(int count, int each)
    {
        _count = count;
        Each = each;
        _memory = (byte*)NativeMemory.Alloc((nuint)count, (nuint)each);
    }

    /// <summary>How many octets there are for each message.</summary>
    public int Each { get; }

    /// <summary>Where a message's memory begins.</summary>
    public byte* AddressOf(int index) => _memory + ((nint)index * Each);

    /// <summary>The first octets of a message's memory.</summary>
    public ReadOnlyMemory<byte> Of(int index, int length) => Memory.Slice(index * Each, length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_memory, _count * Each);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_memory + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }
}
