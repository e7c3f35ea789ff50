using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Fluke6.Frames;
using Fluke6.Linux.KernelPath;
using Fluke6.Linux.Native;
using Fluke6.Linux.Survey;
using Fluke6.Wire;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static System.Buffers.Binary.BinaryPrimitives;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>
/// Sends super-segments that are in a tunnel whole, which a virtio header cannot say: the inner packet goes to the kernel as a super-segment of its own,
/// by a packet socket that only sends, and <see cref="TunnelProgram"/> puts the outer headers on before the interface, or tcpdump, sees it.
/// Socket, program and link go with their descriptors. Opening needs rights; the rest needs none.
/// </summary>
/// <remarks>
/// The kernel asks a program at an interface about every frame that leaves there, which costs each some 50 nanoseconds. So this one is attached only once
/// there is such a super-segment, unless the interface is in another network namespace, which needs rights to enter.
/// </remarks>
internal sealed unsafe class TunnelSender : IDisposable
{
    private const int SendBuffer = 32 * 1024 * 1024;

    // BPF_F_ADJ_ROOM_…
    private const ulong FixedSegments = 1, Ipv4 = 1 << 1, Ipv6 = 1 << 2, Gre = 1 << 3, Udp = 1 << 4, InnerEthernet = 1 << 6;
    private const int InnerLinkShift = 56;

    private static readonly SafeFileHandle s_ended = new(-1, ownsHandle: false);

    private readonly SafeFileHandle[] _held;    // the socket, the slot's map, the program, and the link if that is there from the start
    private readonly int _interfaceIndex;
    private readonly int _socket;
    private readonly byte* _slot;
    private SafeFileHandle? _link;
    private bool _wasAttached;

    private TunnelSender(int interfaceIndex, SafeFileHandle[] held)
    {
        (_interfaceIndex, _held) = (interfaceIndex, held);
        _socket = BpfObjects.Number(held[0]);
        _slot = (byte*)BpfObjects.Map(held[1], TunnelSlot.Length);
        _wasAttached = held.Length > 3;
        _link = _wasAttached ? held[3] : null;
    }

    /// <summary>Whether it can send. The first to ask has the program attached, by a thread of its own, since the kernel takes its time for that.</summary>
    public bool IsReady
    {
        get
        {
            if (Volatile.Read(ref _link) is not null)
                return true;

            if (!_wasAttached)
            {
                _wasAttached = true;
                new Thread(Attach) { IsBackground = true, Name = "tunnels" }.Start();
            }

            return false;
        }
    }

    /// <summary>The descriptors with which another program goes on with it.</summary>
    public IReadOnlyList<int> Descriptors => [.. _held.Select(BpfObjects.Number)];

    /// <summary>Makes one for an interface of the calling thread's network namespace; null where the kernel has no such programs, or the rights lack.</summary>
    /// <param name="interfaceName">The interface's name.</param>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="attachesAtOnce">Whether the process is in another namespace.</param>
    public static TunnelSender? TryOpen(string interfaceName, int interfaceIndex, bool attachesAtOnce)
    {
        // Chains come before programs: they would see the inner packet alone, and a filter would not know it.
        if (NetfilterHook.IsAtExitOf(interfaceName))
            return null;

        var opened = new List<SafeFileHandle>();
        try
        {
            int mark = RandomNumberGenerator.GetInt32(1, int.MaxValue);
            opened.Add(OpenSocket(interfaceIndex, mark));
            opened.Add(BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, TunnelSlot.Length, 1, Bpf.BPF_F_MMAPABLE));
            opened.Add(BpfObjects.Load(Bpf.BPF_PROG_TYPE_SCHED_CLS, TunnelProgram.Write(mark, BpfObjects.Number(opened[1]))));
            if (attachesAtOnce)
                opened.Add(Attach(opened[2], interfaceIndex));
            return new TunnelSender(interfaceIndex, [.. opened]);
        }
        catch (PortException)
        {
            // Nothing is lost without: such frames are cut here.
            opened.ForEach(handle => handle.Dispose());
            return null;
        }
    }

    /// <summary>Goes on with what another program opened; null if that had none.</summary>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="descriptors">Its <see cref="Descriptors"/>, which are this program's from here on.</param>
    public static TunnelSender? Adopt(int interfaceIndex, IReadOnlyList<int> descriptors) =>
        descriptors.Count == 0 ? null : new TunnelSender(interfaceIndex, [.. descriptors.Select(PortDescriptors.Take)]);

    /// <summary>Sends a super-segment.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="tunnel">The tunnel that it is in; its headers are no longer than <see cref="TunnelSlot"/> says.</param>
    /// <param name="checksum">The two bytes of each segment's outer checksum; none if the tunnel has none.</param>
    /// <param name="number">0, or the errno for which it was not sent.</param>
    /// <returns>
    /// Whether the frame got its headers, and so was sent or lost for another reason. If not, it was not sent; and if then there is no errno either,
    /// a program of others stands before this one's, which kept the frame, or let it pass without headers, to nobody's address.
    /// </returns>
    public bool TrySend(FrameBuffer frame, in TunnelHeaders tunnel, ReadOnlySpan<byte> checksum, out int number)
    {
        WriteSlot(frame, tunnel, checksum);
        int removed = tunnel.InnerOffset - TunnelSlot.LinkLength;
        Span<byte> first = stackalloc byte[Frames.Offload.Length + TunnelSlot.LinkLength];
        frame.Array.AsSpan(frame.Start - Frames.Offload.Length, Frames.Offload.Length).CopyTo(first);
        var offload = new Offload(first);
        offload.ChecksumStart = (ushort)(offload.ChecksumStart - removed);
        offload.HeaderLength = (ushort)(frame.SegmentHeaderLength - removed);
        bool isIpv6 = frame.Octets[tunnel.InnerOffset] >> 4 == 6;
        // Addresses that no host has, for a frame that nobody puts headers around.
        new EthernetFields(default, default, isIpv6 ? EtherType.Ipv6 : EtherType.Ipv4).Write(first[Frames.Offload.Length..]);
        iovec* vectors = stackalloc iovec[2];
        fixed (byte* start = first, packet = &frame.Array[frame.Start + tunnel.InnerOffset])
        {
            vectors[0] = new iovec { iov_base = start, iov_len = first.Length };
            vectors[1] = new iovec { iov_base = packet, iov_len = frame.Length - tunnel.InnerOffset };
            var message = new msghdr { msg_iov = vectors, msg_iovlen = 2 };
            number = sendmsg(_socket, &message, MSG_DONTWAIT) < 0 ? errno : 0;
        }

        return Volatile.Read(ref *(uint*)(_slot + TunnelSlot.DoneAt)) != 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Interlocked.Exchange(ref _link, s_ended)?.Dispose();
        _ = munmap(_slot, TunnelSlot.Length);
        foreach (SafeFileHandle handle in _held)
            handle.Dispose();
    }

    private void Attach()
    {
        bool isHeld = false;
        try
        {
            _held[2].DangerousAddRef(ref isHeld);
            SafeFileHandle link = Attach(_held[2], _interfaceIndex);
            if (Interlocked.CompareExchange(ref _link, link, null) is not null)
                link.Dispose();
        }
        catch (Exception exception) when (exception is PortException or ObjectDisposedException)
        {
            // The kernel refuses it, or the port has gone: such frames are cut, and nothing is lost.
        }
        finally
        {
            if (isHeld)
                _held[2].DangerousRelease();
        }
    }

    // Before other programs, which are to see the whole frame.
    private static SafeFileHandle Attach(SafeFileHandle program, int interfaceIndex) =>
        BpfObjects.Attach(program, interfaceIndex, Bpf.BPF_TCX_EGRESS, isFirst: true);

    private void WriteSlot(FrameBuffer frame, in TunnelHeaders tunnel, ReadOnlySpan<byte> checksum)
    {
        var slot = new Span<byte>(_slot, TunnelSlot.Length);
        ReadOnlySpan<byte> octets = frame.Octets;
        MemoryMarshal.Write(slot[TunnelSlot.DoneAt..], 0u);
        MemoryMarshal.Write(slot[TunnelSlot.LengthAt..], tunnel.Length);
        MemoryMarshal.Write(slot[TunnelSlot.FlagsAt..], Flags(tunnel));
        slot.Slice(TunnelSlot.TagsAt, TunnelSlot.MaxTags * TunnelSlot.TagLength).Clear();
        int typeAt = TunnelSlot.LinkLength - sizeof(ushort), at = TunnelSlot.TagsAt;
        for (int tag = tunnel.Offset - sizeof(ushort) - VlanTag.Length; tag >= typeAt; tag -= VlanTag.Length, at += TunnelSlot.TagLength)
        {
            MemoryMarshal.Write(slot[at..], (uint)MemoryMarshal.Read<ushort>(octets[tag..]));
            MemoryMarshal.Write(slot[(at + sizeof(uint))..], (uint)ReadUInt16BigEndian(octets[(tag + sizeof(ushort))..]));
        }

        Span<byte> headers = slot[TunnelSlot.HeadersAt..];
        octets[..typeAt].CopyTo(headers);
        octets[(tunnel.Offset - sizeof(ushort))..tunnel.InnerOffset].CopyTo(headers[typeAt..]);
        if (!checksum.IsEmpty)
            checksum.CopyTo(headers[(tunnel.ChecksumOffset - tunnel.Offset + TunnelSlot.LinkLength)..]);
    }

    private static ulong Flags(in TunnelHeaders tunnel)
    {
        ulong flags = FixedSegments | (tunnel.Network == PathHeaderKind.Ipv4 ? Ipv4 : Ipv6);
        flags |= tunnel.Carrier switch
        {
            PathHeaderKind.Udp => Udp,
            PathHeaderKind.Gre => Gre,
            _ => 0,
        };
        return tunnel.InnerLinkLength == 0 ? flags : flags | InnerEthernet | ((ulong)tunnel.InnerLinkLength << InnerLinkShift);
    }

    private static SafeFileHandle OpenSocket(int interfaceIndex, int mark)
    {
        // Protocol 0: receives nothing.
        int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1, size = SendBuffer;
        if (descriptor < 0)
            throw PortException.From("opening a packet socket", "tunnels", errno, "");

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        sockaddr_ll address = default;
        address.sll_family = (ushort)AF_PACKET;
        address.sll_ifindex = interfaceIndex;
        if (setsockopt(descriptor, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(int)) < 0
            || setsockopt(descriptor, SOL_SOCKET, SO_MARK, &mark, sizeof(int)) < 0
            || setsockopt(descriptor, SOL_SOCKET, Native.Socket.SO_SNDBUFFORCE, &size, sizeof(int)) < 0
            || bind(descriptor, (sockaddr*)&address, sizeof(sockaddr_ll)) < 0)
        {
            int number = errno;
            handle.Dispose();
            throw PortException.From("preparing a packet socket", "tunnels", number, "");
        }

        return handle;
    }
}
