using System.Numerics;

namespace Fluke6.TcpServices;

/// <summary>Rings that no connection uses at the moment. Bridge's thread only.</summary>
internal sealed class OctetRingPool
{
    private readonly Stack<OctetRing> _spare = new();

    /// <summary>A ring, or one more if all are in use. Connections are limited in number, and so are rings.</summary>
    public OctetRing Rent(int size)
    {
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)size);
        while (_spare.TryPop(out OctetRing? ring))
        {
            // Those of another size are from before a reload that changed it.
            if (ring.Capacity == capacity)
                return ring;
        }

        return new OctetRing(capacity);
    }

    public void Return(OctetRing ring) => _spare.Push(ring);
}
