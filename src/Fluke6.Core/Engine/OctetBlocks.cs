namespace Fluke6.Engine;

/// <summary>
/// Octets of frames that are held, each in a list of blocks, so that any may leave before others and no room is lost. The memory grows as
/// it is needed, up to a bound, and is used again and again. Worker's thread only.
/// </summary>
internal sealed class OctetBlocks
{
    /// <summary>Octets of a block: three take a full-sized Ethernet frame.</summary>
    public const int BlockLength = 512;

    private const int BlocksPerChunk = 2048;
    private const int None = -1;
    private readonly List<byte[]> _chunks = [];
    private readonly List<int[]> _next = [];
    private int _free = None;
    private int _made;

    /// <summary>Blocks in use.</summary>
    public int Used { get; private set; }

    /// <summary>How many octets of memory there are.</summary>
    public long Memory => (long)_chunks.Count * BlocksPerChunk * (BlockLength + sizeof(int));

    /// <summary>How many blocks some octets take.</summary>
    public static int CountFor(int octets) => (octets + BlockLength - 1) / BlockLength;

    /// <summary>Keeps octets, of two parts.</summary>
    /// <returns>The first block.</returns>
    public int Add(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int head = None, last = None;
        for (int total = first.Length + second.Length; total > 0; total -= BlockLength)
        {
            int block = Take();
            Span<byte> room = Octets(block);
            int count = Math.Min(first.Length, room.Length);
            first[..count].CopyTo(room);
            first = first[count..];
            room = room[count..];
            count = Math.Min(second.Length, room.Length);
            second[..count].CopyTo(room);
            second = second[count..];
            if (last == None)
                head = block;
            else
                Next(last) = block;
            last = block;
        }

        return head;
    }

    /// <summary>Gives octets back, in the two parts that they were, and uses their blocks again.</summary>
    public void Take(int block, Span<byte> first, Span<byte> second)
    {
        for (int total = first.Length + second.Length; total > 0; total -= BlockLength)
        {
            ReadOnlySpan<byte> octets = Octets(block);
            int count = Math.Min(first.Length, octets.Length);
            octets[..count].CopyTo(first);
            first = first[count..];
            octets = octets[count..];
            count = Math.Min(second.Length, octets.Length);
            octets[..count].CopyTo(second);
            second = second[count..];
            int next = Next(block);
            Next(block) = _free;
            _free = block;
            Used--;
            block = next;
        }
    }

    private int Take()
    {
        Used++;
        int block = _free;
        if (block != None)
        {
            _free = Next(block);
        }
        else
        {
            if (_made == _chunks.Count * BlocksPerChunk)
            {
                _chunks.Add(GC.AllocateUninitializedArray<byte>(BlocksPerChunk * BlockLength));
                _next.Add(new int[BlocksPerChunk]);
            }

            block = _made++;
        }

        Next(block) = None;
        return block;
    }

    private Span<byte> Octets(int block) => _chunks[block / BlocksPerChunk].AsSpan(block % BlocksPerChunk * BlockLength, BlockLength);

    private ref int Next(int block) => ref _next[block / BlocksPerChunk][block % BlocksPerChunk];
}
