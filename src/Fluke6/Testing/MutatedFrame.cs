using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Command.Testing;

/// <summary>
/// Changes bytes of frames at random. Every other one gets right checksums again, so that rules do not turn all of them away.
/// </summary>
internal static class MutatedFrame
{
    private const int MostChanges = 5, MostAdded = 20, Ipv4ChecksumOffset = 10;

    /// <summary>A frame with some bytes changed; sometimes shorter or longer.</summary>
    public static byte[] Of(byte[] original, LinkType linkType, Random random)
    {
        byte[] frame = original.Length == 0 ? new byte[1] : [.. original];
        for (int changes = random.Next(1, MostChanges + 1); changes > 0; changes--)
            frame[random.Next(frame.Length)] = (byte)random.Next(256);
        if (random.Next(4) == 0)
            Array.Resize(ref frame, Math.Max(1, random.Next(frame.Length + MostAdded)));
        if (random.Next(2) == 0)
            WriteChecksums(frame, linkType);
        return frame;
    }

    private static void WriteChecksums(Span<byte> frame, LinkType linkType)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(frame, linkType, Side.Left);
        Layers layers = buffer.Layers;
        if (!layers.AreUnderstood || !layers.HasTransport || layers.IsFragment)
            return;

        Span<byte> network = frame[layers.NetworkOffset..], message = frame[layers.TransportOffset..layers.PayloadEnd];
        bool isIpv4 = layers.Network == EtherType.Ipv4;
        if (isIpv4)
            Write(network[..((network[0] & 0xF) * 4)], Ipv4ChecksumOffset, initial: 0);
        int field = layers.Transport switch
        {
            IpProtocol.Tcp => 16,
            IpProtocol.Udp => 6,
            IpProtocol.Icmpv4 or IpProtocol.Icmpv6 => 2,
            _ => message.Length,
        };
        if (field + 2 > message.Length)
            return;

        ReadOnlySpan<byte> addresses = isIpv4 ? network.Slice(12, 2 * Ipv4Address.Length) : network.Slice(8, 2 * Ipv6Address.Length);
        Write(message, field, layers.Transport == IpProtocol.Icmpv4
            ? (ushort)0 : InternetChecksum.PseudoHeaderSum(addresses, (byte)layers.Transport, message.Length));
    }

    private static void Write(Span<byte> octets, int field, ushort initial)
    {
        WriteUInt16BigEndian(octets[field..], 0);
        WriteUInt16BigEndian(octets[field..], InternetChecksum.Compute(octets, initial));
    }
}
