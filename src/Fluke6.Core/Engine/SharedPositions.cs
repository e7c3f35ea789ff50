using System.Text;

namespace Fluke6.Engine;

/// <summary>
/// Memory that another process sees, in which scripts note the statements that they are at, each beside a table that says which lines those
/// are. That process still has it when this one has ended.
/// </summary>
/// <remarks>
/// A block: how many methods there are, and how many statements; the numbers that the script stores; of each statement, its line and where in
/// the block its file's name is; the names, each ended by a zero.
/// </remarks>
internal sealed unsafe class SharedPositions(nint memory)
{
    /// <summary>How much memory it takes, in bytes: for some ten thousand statements.</summary>
    public const int Length = 256 * 1024;

    private const int Numbers = 2 * sizeof(int), Entry = 2 * sizeof(int), Alignment = 64;
    private readonly SortedList<int, int> _taken = [];    // where blocks begin and end
    private readonly byte* _memory = (byte*)memory;

    /// <summary>Takes a block and writes its table.</summary>
    /// <returns>Where it begins; null if there is no room.</returns>
    public int? Take(IReadOnlyList<ScriptPoint> points, int methods)
    {
        byte[][] names =
        [
            .. points.Select(point => Path.GetFileName(point.File)).Distinct(StringComparer.Ordinal)
                .Select(name => Encoding.UTF8.GetBytes(name + '\0'))
        ];
        int table = Numbers + ((1 + methods) * sizeof(int));
        int firstName = table + (points.Count * Entry);
        int? block = Reserve(firstName + names.Sum(name => name.Length));
        if (block is not { } start)
            return null;

        new Span<byte>(_memory + start, firstName).Clear();
        int* entry = (int*)(_memory + start + table);
        var nameAt = new Dictionary<string, int>(StringComparer.Ordinal);
        int at = firstName;
        foreach (ScriptPoint point in points)
        {
            string file = Path.GetFileName(point.File);
            if (!nameAt.TryGetValue(file, out int name))
            {
                byte[] bytes = names[nameAt.Count];
                bytes.CopyTo(new Span<byte>(_memory + start + at, bytes.Length));
                nameAt[file] = name = at;
                at += bytes.Length;
            }

            *entry++ = point.Line;
            *entry++ = name;
        }

        int* header = (int*)(_memory + start);
        (header[0], header[1]) = (methods, points.Count);
        return start;
    }

    /// <summary>Gives a block back, whose script runs no more.</summary>
    public void Free(int block)
    {
        lock (_taken)
            _taken.Remove(block);
    }

    /// <summary>Where the script stores its numbers.</summary>
    public int* NumbersOf(int block) => (int*)(_memory + block + Numbers);

    /// <summary>
    /// File and line of the last statement of a script, such as <c>10-x.csx:4</c>; null if none ran, or the memory holds something else.
    /// </summary>
    public string? LineAt(int block)
    {
        if (block < 0 || block > Length - Numbers - sizeof(int))
            return null;

        int* header = (int*)(_memory + block);
        (int methods, int points, int number) = (header[0], header[1], *NumbersOf(block));
        long entry = block + Numbers + ((1 + (long)methods) * sizeof(int)) + ((number - 1L) * Entry);
        if (methods < 0 || number < 1 || number > points || entry > Length - Entry)
            return null;

        int line = *(int*)(_memory + entry), name = ((int*)(_memory + entry))[1];
        if (name < 0 || name >= Length - block)
            return null;

        var rest = new ReadOnlySpan<byte>(_memory + block + name, Length - block - name);
        int end = rest.IndexOf((byte)0);
        return end <= 0 ? null : $"{Encoding.UTF8.GetString(rest[..end])}:{line}";
    }

    private int? Reserve(int length)
    {
        lock (_taken)
        {
            int start = 0;
            foreach ((int begin, int end) in _taken)
            {
                if (begin - start >= length)
                    break;
                start = (end + Alignment - 1) / Alignment * Alignment;
            }

            if (start + length > Length)
                return null;

            _taken.Add(start, start + length);
            return start;
        }
    }
}
