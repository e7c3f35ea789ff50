using System.Runtime.CompilerServices;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

// Which checksum covers what.
public abstract partial class FrameRegion
{
    /// <summary>The transport's checksum; absent where there is no transport.</summary>
    internal ChecksumField TransportChecksum(in Layers layers)
    {
        if (!layers.HasTransport)
            return new ChecksumField(default, ChecksumKind.Absent, this);

        // To the end of the memory's frame: where that shrinks, the layers may speak of more than is left.
        Span<byte> segment = Octets[layers.TransportOffset..];
        bool partial = ChecksumIsPartial(layers.TransportOffset);
        ChecksumKind kind = partial ? ChecksumKind.Partial : ChecksumKind.Full;
        return layers.Transport switch
        {
            IpProtocol.Tcp => new ChecksumField(segment.Slice(16, 2), kind, this),
            IpProtocol.Udp => UdpHeader.ChecksumOf(segment, partial, this),
            _ => new ChecksumField(segment.Slice(2, 2), kind, this),
        };
    }

    /// <summary>The checksum whose pseudo-header holds the addresses, of whatever protocol: none for ICMPv4 and what has no such.</summary>
    internal ChecksumField PseudoHeaderChecksum(in Layers layers) =>
        layers.HasTransport && layers.Transport != IpProtocol.Icmpv4 ? TransportChecksum(layers) : OtherPseudoHeaderChecksum(layers);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ChecksumField OtherPseudoHeaderChecksum(in Layers layers)
    {
        return OtherTransport.TryFindChecksum(Octets, layers, out int start, out int field, out ChecksumKind kind)
            ? new ChecksumField(Octets.Slice(field, sizeof(ushort)), ChecksumIsPartial(start) ? ChecksumKind.Partial : kind, this)
            : new ChecksumField(default, ChecksumKind.Absent, this);
    }

    /// <summary>The checksum, the transport's or GRE's, that covers a frame that is carried, from where the transport would be.</summary>
    internal ChecksumField CarrierChecksum()
    {
        // As they were when the edit in there began, which is when they were looked up last.
        ref readonly Layers layers = ref _layers;
        if (layers.HasTransport)
            return TransportChecksum(layers);

        Span<byte> carrier = Octets[layers.TransportOffset..];
        return layers.NextProtocol == IpProtocol.Gre && GreHeader.TryRead(carrier, out GreHeader gre) && gre.HasChecksum
            ? new ChecksumField(carrier.Slice(4, 2), ChecksumKind.Full, this)
            : default;
    }

    /// <summary>Whether the checksum of the transport that begins there is left for whoever sends the frame to complete.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool ChecksumIsPartial(int transportOffset) => HasOffload && OffloadStartsAt(transportOffset);

    private bool OffloadStartsAt(int transportOffset)
    {
        Offload offload = Offload;
        return offload.NeedsCsum && offload.ChecksumStart == transportOffset;
    }

    /// <summary>The sum, as they will be on the wire, of these octets of the frame, which reach to the end of its payload.</summary>
    internal ushort WireSum(int from, int end)
    {
        ReadOnlySpan<byte> octets = Octets[..end];
        Offload offload = Offload;
        if (!offload.NeedsCsum || offload.ChecksumStart < from || offload.ChecksumStart + offload.ChecksumOffset + sizeof(ushort) > end)
            return InternetChecksum.Sum(octets[from..]);

        // Once completed, what a checksum covers sums to the complement of the pseudo-header, which the field holds until then: whoever
        // made the outer checksum reckoned with that (local checksum offload).
        int start = offload.ChecksumStart;
        var completed = (ushort)~ReadUInt16BigEndian(octets[(start + offload.ChecksumOffset)..]);
        if (int.IsOddInteger(start - from))
            completed = ReverseEndianness(completed);

        return InternetChecksum.Fold((ulong)InternetChecksum.Sum(octets[from..start]) + completed);
    }
}
