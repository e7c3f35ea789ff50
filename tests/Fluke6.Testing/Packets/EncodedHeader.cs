using Fluke6.Wire;

namespace Fluke6.Testing.Packets;

/// <summary>An extension header as it stands on the wire, which nobody looks at: also one that no field can say.</summary>
internal readonly record struct EncodedHeader(byte[] Octets) : IIpv6Fields
{
    public int Length => Octets.Length;

    public void Write(Span<byte> destination) => Octets.CopyTo(destination);
}
