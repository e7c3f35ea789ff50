using System.Numerics;

namespace Fluke6.TcpServices;

/// <summary>A queue of octets of a fixed capacity that may be read and written at any offset.</summary>
internal sealed class OctetRing
{
    private readonly byte[] _octets;
    private int _start;

    /// <param name="capacity">A power of two.</param>
    public OctetRing(int capacity)
    {
        if (!BitOperations.IsPow2(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity));
        _octets = GC.AllocateUninitializedArray<byte>(capacity);
    }

    public int Capacity => _octets.Length;

    /// <summary>Writes at an offset from the queue's first octet; offset and length together at most <see cref="Capacity"/>.</summary>
    public void Write(int offset, ReadOnlySpan<byte> octets)
    {
        int at = (_start + offset) & (_octets.Length - 1);
        int first = Math.Min(octets.Length, _octets.Length - at);
        octets[..first].CopyTo(_octets.AsSpan(at));
        octets[first..].CopyTo(_octets);
    }

    /// <summary>Reads from an offset from the queue's first octet on.</summary>
    public void CopyTo(int offset, Span<byte> destination)
    {
        int at = (_start + offset) & (_octets.Length - 1);
        int first = Math.Min(destination.Length, _octets.Length - at);
        _octets.AsSpan(at, first).CopyTo(destination);
        _octets.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
    }

    /// <summary>The first octets, up to a number and as far as they lie in one piece.</summary>
    public ReadOnlySpan<byte> First(int atMost) => _octets.AsSpan(_start, Math.Min(atMost, _octets.Length - _start));

    /// <summary>Takes octets off the front.</summary>
    public void Skip(int count) => _start = (_start + count) & (_octets.Length - 1);
}
