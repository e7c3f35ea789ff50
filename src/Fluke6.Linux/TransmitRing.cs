using System.Numerics;
using Fluke6.Frames;
using Fluke6.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>
/// A second packet socket, that only sends, through memory it shares with the kernel. With virtio headers the kernel does not hold such
/// frames against the MTU, so that those go out whose packet fits and whose tags or labels come on top: send(2) takes four octets more than
/// the MTU of frames with a VLAN tag of the type 0x8100 and of no other. packet(7), Documentation/networking/packet_mmap.rst.
/// </summary>
internal sealed unsafe class TransmitRing : IDisposable
{
    private const int Slots = 64;
    private const int PageSize = 4096;

    private readonly SafeFileHandle _handle;
    private readonly byte* _memory;
    private readonly int _slotSize;
    private readonly int _length;
    private int _next;

    private TransmitRing(SafeFileHandle handle, byte* memory, int slotSize, int length)
    {
        _handle = handle;
        _memory = memory;
        _slotSize = slotSize;
        _length = length;
    }

    /// <summary>The socket's descriptor.</summary>
    public int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>Makes one in the calling thread's network namespace; null if the kernel has no memory for it, or no such sockets.</summary>
    /// <param name="frameLength">The longest frame.</param>
    public static TransmitRing? TryOpen(int frameLength)
    {
        // Protocol 0: receives nothing.
        int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        return descriptor < 0 ? null : TryShare(new SafeFileHandle(descriptor, ownsHandle: true), frameLength);
    }

    /// <summary>Goes on with a socket that another program opened; null if the kernel has no memory for it.</summary>
    /// <param name="handle">The socket, which is this program's from here on.</param>
    /// <param name="frameLength">The longest frame.</param>
    public static TransmitRing? TryAdopt(SafeFileHandle handle, int frameLength)
    {
        // Memory of its own: nobody knows where that program was in the one that it shared with the kernel.
        tpacket_req none = default;
        _ = setsockopt((int)handle.DangerousGetHandle(), SOL_PACKET, IfPacket.PACKET_TX_RING, &none, sizeof(tpacket_req));
        return TryShare(handle, frameLength);
    }

    private static TransmitRing? TryShare(SafeFileHandle handle, int frameLength)
    {
        int descriptor = (int)handle.DangerousGetHandle();
        int slotSize = Math.Max(2048, (int)BitOperations.RoundUpToPowerOf2((uint)(IfPacket.TPACKET2_DATA + Offload.Length + frameLength)));
        int blockSize = Math.Max(slotSize, PageSize), length = Slots * slotSize;
        var request = new tpacket_req
        {
            tp_block_size = (uint)blockSize,
            tp_block_nr = (uint)(length / blockSize),
            tp_frame_size = (uint)slotSize,
            tp_frame_nr = Slots,
        };
        if (Set(descriptor, IfPacket.PACKET_VERSION, IfPacket.TPACKET_V2) && Set(descriptor, PACKET_VNET_HDR, 1)
            && setsockopt(descriptor, SOL_PACKET, IfPacket.PACKET_TX_RING, &request, sizeof(tpacket_req)) == 0)
        {
            void* memory = mmap(null, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
            if (memory != MAP_FAILED)
                return new TransmitRing(handle, (byte*)memory, slotSize, length);
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Sends on this interface from now on.</summary>
    /// <returns>Whether the interface is there.</returns>
    public bool TryBind(int index)
    {
        sockaddr_ll address = default;
        address.sll_family = (ushort)AF_PACKET;
        address.sll_ifindex = index;
        return bind(Descriptor, (sockaddr*)&address, sizeof(sockaddr_ll)) == 0;
    }

    /// <summary>Sends a frame.</summary>
    /// <returns>0, or the errno; ENOBUFS if all memory waits to be sent, or the interface dropped it.</returns>
    public int Send(FrameBuffer frame)
    {
        byte* slot = _memory + ((nint)_next * _slotSize);
        var header = (tpacket2_hdr*)slot;
        int length = Offload.Length + frame.Length;
        if (length > _slotSize - IfPacket.TPACKET2_DATA)
            return EMSGSIZE;
        if (Volatile.Read(ref header->tp_status) != IfPacket.TP_STATUS_AVAILABLE)
            return ENOBUFS;

        var octets = new Span<byte>(slot + IfPacket.TPACKET2_DATA, length);
        frame.Array.AsSpan(frame.Start - Offload.Length, length).CopyTo(octets);
        // As much as is said here is copied; of the rest the kernel would keep the memory until the frame is gone.
        new Offload(octets).HeaderLength = (ushort)frame.Length;
        header->tp_len = (uint)length;
        Volatile.Write(ref header->tp_status, IfPacket.TP_STATUS_SEND_REQUEST);
        int number = Flush();
        if (number == 0 && Volatile.Read(ref header->tp_status) == IfPacket.TP_STATUS_SEND_REQUEST)
            number = EAGAIN;

        // The kernel goes on from the one that it did not take.
        if (number != 0)
            Volatile.Write(ref header->tp_status, IfPacket.TP_STATUS_AVAILABLE);
        else
            _next = (_next + 1) % Slots;
        return number;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = munmap(_memory, _length);
        _handle.Dispose();
    }

    private int Flush()
    {
        while (send(Descriptor, null, 0, MSG_DONTWAIT) < 0)
        {
            if (errno != EINTR)
                return errno;
        }

        return 0;
    }

    private static bool Set(int descriptor, int option, int value) => setsockopt(descriptor, SOL_PACKET, option, &value, sizeof(int)) == 0;
}
