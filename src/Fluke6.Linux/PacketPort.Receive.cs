using Fluke6.Frames;
using Fluke6.Linux.Native;
using Fluke6.Ports;
using Fluke6.Wire;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

internal sealed unsafe partial class PacketPort
{
    // Past this many octets in a batch the frames no longer stay in the processor's cache until they leave.
    private const int BatchOctets = 256 * 1024;
    private const int MinLimit = 4;
    private const int VlanTagLength = 4;

    private readonly OverflowMemory _overflow = new(MaxBatch, LongestFrame - FrameBuffer.MaxFrameLength);
    private readonly MessageBatch _incoming;
    private int _limit = 16;

    /// <inheritdoc/>
    public override bool Receive(FrameBatch batch, Side from, int mtu)
    {
        if (ReceivesStaged)
            return ReceiveStaged(batch, from, mtu);

        bool more = ReceiveMessages(batch, from, mtu);
        if (_firstLong < 0)
            return more;

        StageFrom(batch, more);
        return batch.Count > 0 || ReceiveStaged(batch, from, mtu);
    }

    private bool ReceiveMessages(FrameBatch batch, Side from, int mtu)
    {
        ReadOnlySpan<FrameBuffer> buffers = batch.Buffers;
        int limit = Math.Min(Math.Min(_limit, MaxBatch), buffers.Length);
        for (int i = 0; i < limit; i++)
        {
            _incoming.Set(i, AddressOf(buffers[i], FrameBuffer.FrameStart - Frames.Offload.Length),
                Frames.Offload.Length + FrameBuffer.MaxFrameLength);
        }

        batch.Count = 0;
        int received = Native.Socket.recvmmsg(_descriptor, _incoming.From(0), (uint)limit, MSG_DONTWAIT, null);
        if (received < 0)
            return ReceiveAgain(errno);

        long octets = 0;
        for (int i = 0; i < received; i++)
        {
            int length = _incoming.Length(i) - Frames.Offload.Length;
            if (length < 0 || (_incoming.Flags(i) & MSG_TRUNC) != 0)
            {
                Counters.CountRxDropped(ReceiveLoss.Truncated);
                continue;
            }

            FrameBuffer buffer = buffers[batch.Count];
            int held = Math.Min(length, FrameBuffer.MaxFrameLength);
            if (batch.Count != i)
                MoveUp(buffers[i], buffer, held);

            int tag = RestoreVlanTag(buffer, i, held);
            buffer.Arrive(held + tag, LinkType.Ethernet, from, mtu, FrameBuffer.FrameStart - tag);
            buffer.TagRoom = batch.TagRoom;
            if (length > MaxPacketLength)
                NoteLong(buffer, batch.Count, i, length);
            octets += held + tag;
            batch.Count++;
        }

        Counters.RxFrames += batch.Count;
        Counters.RxBytes += octets;
        _limit = octets > BatchOctets ? Math.Max(MinLimit, limit / 2) : received == limit ? Math.Min(limit * 2, MaxBatch) : limit;
        return received == limit;
    }

    /// <summary>Takes note of why nothing could be read.</summary>
    /// <returns>Whether to read again at once.</returns>
    private bool ReceiveAgain(int number)
    {
        if (number == EAGAIN)
            return false;
        if (number == EINTR)
            return true;

        Counters.CountError(number);
        // Reading took the error off the socket, so that poll waits again; Maintain finds out what became of the interface.
        if (number != ENETDOWN)
            Counters.CountRxDropped(number == EINVAL ? ReceiveLoss.NotHandedOver : ReceiveLoss.ReadFailed);
        return number == EINVAL;
    }

    /// <summary>Puts the tag, which the kernel took out on the way in, back after the addresses.</summary>
    /// <returns>By how many octets the frame now begins earlier.</returns>
    private int RestoreVlanTag(FrameBuffer buffer, int message, int length)
    {
        if (!_incoming.TryGetAuxiliaryData(message, out tpacket_auxdata data)
            || (data.tp_status & IfPacket.TP_STATUS_VLAN_VALID) == 0
            || length < 2 * IfEther.ETH_ALEN)
            return 0;

        const int moved = Frames.Offload.Length + (2 * IfEther.ETH_ALEN);
        Span<byte> octets = buffer.Array.AsSpan(FrameBuffer.FrameStart - Frames.Offload.Length - VlanTagLength, moved + VlanTagLength);
        octets[VlanTagLength..].CopyTo(octets);
        VlanTag.Write(
            octets[moved..], (data.tp_status & IfPacket.TP_STATUS_VLAN_TPID_VALID) != 0 ? (EtherType)data.tp_vlan_tpid : EtherType.Dot1Q, data.tp_vlan_tci);

        var offload = new Offload(octets);
        if (offload.NeedsCsum)
            offload.ChecksumStart += VlanTagLength;
        if (offload.HeaderLength != 0)
            offload.HeaderLength += VlanTagLength;
        return VlanTagLength;
    }

    private static void MoveUp(FrameBuffer source, FrameBuffer target, int length)
    {
        const int start = FrameBuffer.FrameStart - Frames.Offload.Length;
        source.Array.AsSpan(start, Frames.Offload.Length + length).CopyTo(target.Array.AsSpan(start));
    }
}
