using System.Numerics;

namespace Fluke6.Streams;

/// <summary>
/// The memory of all streams of a rule: arrays whose lengths are powers of two, used again and again, up to a bound. Worker's thread only.
/// </summary>
internal sealed class StreamMemory
{
    /// <summary>The least that is given out, octets.</summary>
    public const int Least = 4096;

    private readonly Stack<byte[]>[] _spare = [.. Enumerable.Range(0, 32).Select(_ => new Stack<byte[]>())];
    private long _made;

    /// <summary>How many octets there may be, given out or spare.</summary>
    public long Capacity { get; set; } = 256 << 20;

    /// <summary>How many octets are given out.</summary>
    public long Used { get; private set; }

    /// <summary>Gives out an array of at least this length; null if there is no room.</summary>
    public byte[]? Rent(int length)
    {
        int order = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, Least)));
        int size = 1 << order;
        if (!_spare[order].TryPop(out byte[]? octets))
        {
            if (_made + size > Capacity)
                GiveUpSpare();
            if (_made + size > Capacity)
                return null;

            octets = GC.AllocateUninitializedArray<byte>(size);
            _made += size;
        }

        Used += size;
        return octets;
    }

    /// <summary>Takes an array back.</summary>
    public void Return(byte[] octets)
    {
        Used -= octets.Length;
        _spare[BitOperations.Log2((uint)octets.Length)].Push(octets);
    }

    // Of lengths that nobody wants at the moment.
    private void GiveUpSpare()
    {
        foreach (Stack<byte[]> spare in _spare)
        {
            while (spare.TryPop(out byte[]? octets))
                _made -= octets.Length;
        }
    }
}
