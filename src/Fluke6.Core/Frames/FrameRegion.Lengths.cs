using Fluke6.Wire;

namespace Fluke6.Frames;

// The lengths that follow an edit, all of them: whoever makes a frame longer or shorter, at its end, in its headers or inside, comes here.
public abstract partial class FrameRegion
{
    /// <summary>
    /// Writes the lengths that follow from a transport header or payload that grows, and adjusts checksums over them. The octets stand
    /// saved; whether they have moved yet does not matter, as long as the headers before them are where the layers say.
    /// </summary>
    /// <param name="layers">Which headers there are, as they were before.</param>
    /// <param name="growth">By how many octets it grows; negative: shrinks.</param>
    internal void FollowLength(in Layers layers, int growth)
    {
        FollowPacketLength(layers, growth);
        if (!layers.HasTransport)
            return;

        var old = (ushort)(layers.PayloadEnd - layers.TransportOffset);
        var @new = (ushort)(old + growth);
        if (layers.Transport == IpProtocol.Udp)
            TransportChecksum(layers).Write(Octets.Slice(layers.TransportOffset, UdpHeader.Length), 4, @new);

        PseudoHeaderChecksum(layers).AdjustPseudoHeader(old, @new);
    }

    /// <summary>Writes the lengths that follow from a packet that grows by what no transport's own length counts.</summary>
    /// <inheritdoc cref="FollowLength"/>
    internal void FollowPacketLength(in Layers layers, int growth)
    {
        Span<byte> network = Octets[layers.NetworkOffset..];
        int length = layers.NetworkEnd - layers.NetworkOffset + growth;
        if (layers.Network == EtherType.Ipv4)
            new ChecksumField(network.Slice(10, 2), ChecksumKind.Full, this).Write(network[..Ipv4Header.MinLength], 2, (ushort)length);
        else if (layers.Network == EtherType.Ipv6)
            Ipv6Fields.WriteLength(network, length);
        else if (layers.StoppedAt == LayerStop.Tunnel && layers.EtherType == EtherType.PppoeSession)
            PppoeHeader.FollowLength(network, growth);
    }
}
