using Fluke6.Frames;
using Fluke6.Linux.KernelPath;
using Fluke6.Linux.Native;
using Fluke6.Ports;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>
/// An interface that exists, by a packet socket: what arrives on it arrives here, what is sent here it sends. Its settings are left alone;
/// that it is promiscuous meanwhile is a membership, which the kernel undoes when the socket closes. packet(7). Or the outer end of a pair that
/// is made for the port, and removed by whoever ends last.
/// </summary>
internal sealed unsafe partial class PacketPort : KernelPort
{
    private const int MaxBatch = 64;

    // Room for a few hundred super-segments while the bridge is busy elsewhere.
    private const int SocketBuffer = 32 * 1024 * 1024;

    private readonly SafeFileHandle _handle;
    private readonly InterfaceControl _control;
    private readonly int _descriptor;
    private InterfaceLock? _lock;
    private readonly TransmitRing? _ring;
    private readonly string? _pair;
    private InnerEnd? _inner;
    private byte[] _name;

    private PacketPort(
        PortSpecification specification, bool offload, SafeFileHandle handle, InterfaceControl control, TransmitRing? ring)
        : base(specification, offload)
    {
        _handle = handle;
        _control = control;
        _descriptor = (int)handle.DangerousGetHandle();
        _name = InterfaceControl.NameOctets(specification.Interface);
        _pair = specification.Kind == PortKind.Veth ? specification.Interface : null;
        _ring = ring;
        _incoming = new MessageBatch(MaxBatch, hasControl: true, _overflow);
        _cut = new Segmentation(offload ? SegmentationPieces.SuperSegments : SegmentationPieces.Segments);
    }

    /// <summary>Whether its interface is one of a pair that was made for it.</summary>
    internal bool HasPair => _pair is not null;

    /// <inheritdoc/>
    public override LinkType LinkType => LinkType.Ethernet;

    /// <inheritdoc/>
    public override int BatchSize => MaxBatch;

    /// <inheritdoc/>
    public override int TagRoom => _tagRoom;

    /// <inheritdoc/>
    internal override string NamespaceIdentity => _control.NamespaceIdentity;

    /// <inheritdoc/>
    // The socket, once open, binds to whatever interface has the name. A pair is to be removed, and its MTU to be kept alike.
    internal override Capabilities RightsToComeBack => _pair is null ? Capabilities.None : Capabilities.NetworkAdministration;

    /// <inheritdoc/>
    internal override PortDescriptors Descriptors =>
        new(_descriptor, _control.Descriptor, _lock?.Descriptor ?? -1, _ring?.Descriptor ?? -1, _inner?.Descriptor ?? -1, Dropped: -1, _control.NamespaceIdentity,
            _tunnels?.Descriptors ?? []);

    /// <inheritdoc/>
    internal override int Descriptor => State == PortState.Gone ? -1 : _descriptor;

    /// <summary>Opens a packet socket on the interface.</summary>
    /// <exception cref="PortException">It could not be opened.</exception>
    internal static PacketPort Open(PortSpecification specification, bool offload)
    {
        if (specification.Kind != PortKind.Veth)
            return OpenInterface(specification, offload);

        VethPair.Make(specification);
        try
        {
            PacketPort port = OpenInterface(specification, offload);
            port._inner = InnerEnd.Open(specification);
            return port;
        }
        catch
        {
            VethPair.Remove(specification.Interface);
            throw;
        }
    }

    private static PacketPort OpenInterface(PortSpecification specification, bool offload) =>
        Linux.NetworkNamespace.Run(specification.InterfaceNamespace, specification.Interface, () =>
        {
            // Protocol 0 receives nothing: bound to ETH_P_ALL from the start it would take in every interface's frames until bind.
            int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            if (descriptor < 0)
            {
                throw PortException.From("opening a packet socket", specification.Interface, errno,
                    "the kernel needs packet sockets (CONFIG_PACKET; `modprobe af_packet`)");
            }

            var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            InterfaceControl? control = null;
            InterfaceLock? only = null;
            TransmitRing? ring = null;
            try
            {
                control = new InterfaceControl(specification.Interface);
                CheckInterface(specification, control);
                int index = control.IndexOf(InterfaceControl.NameOctets(specification.Interface));
                only = InterfaceLock.Take(index, specification.ToString(), mayWait: true);
                ring = TransmitRing.TryOpen(LongestTagged(specification, control));
                var port = new PacketPort(specification, offload, handle, control, ring) { _lock = only };
                port.SetOptions();
                // Until those are gone or a program before them decides, the kernel forwards every frame.
                if (ExitLinks.IsAt(index))
                    port.StopArrivals();
                port.Bind(index);
                port._tunnels = offload ? TunnelSender.TryOpen(specification.Interface, index, attachesAtOnce: specification.InterfaceNamespace is not null) : null;
                port.Maintain();
                return port;
            }
            catch
            {
                handle.Dispose();
                control?.Dispose();
                only?.Dispose();
                ring?.Dispose();
                throw;
            }
        });

    /// <summary>Goes on with an interface to which another program opened a socket. Frames that came meanwhile wait there.</summary>
    internal static PacketPort Adopt(PortSpecification specification, bool offload, PortDescriptors descriptors)
    {
        SafeFileHandle handle = descriptors.TakePort();
        InterfaceControl control = descriptors.TakeControl();
        TransmitRing? ring = descriptors.TakeRing() is { } socket
            ? TransmitRing.TryAdopt(socket, LongestTagged(specification, control)) : null;
        var port = new PacketPort(specification, offload, handle, control, ring);
        port._inner = descriptors.TakeInner() is { } inner ? new InnerEnd(inner, specification.Name) : null;
        port._lock = descriptors.TakeThird() is { } only ? InterfaceLock.Adopt(only) : null;
        port.InterfaceIndex = port.BoundIndex();
        port._tunnels = TunnelSender.Adopt(port.InterfaceIndex, descriptors.Tunnels);
        port.LearnTagRoom();
        port.Maintain();
        return port;
    }

    /// <inheritdoc/>
    public override bool Maintain()
    {
        (PortState state, int mtu) = (State, Mtu);
        // Throws where the descriptor is not this socket's any more.
        BoundIndex();
        Follow();
        _inner?.LendMtu(_control, _name, Mtu);
        if (InterfaceIndex != 0 && _control.TryGetMtu(_name, out int newMtu) && _control.TryGetUp(_name, out bool up))
        {
            Mtu = newMtu;
            State = up ? PortState.Up : PortState.Down;
        }

        CountDrops();
        return state != State || mtu != Mtu;
    }

    /// <inheritdoc/>
    internal override void RemoveInterface()
    {
        if (_pair is not null)
            VethPair.Remove(_pair);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _handle.Dispose();
        _inner?.Dispose();
        _control.Dispose();
        _lock?.Dispose();
        _ring?.Dispose();
        EndTunnels();
        _incoming.Dispose();
        ((IDisposable)_overflow).Dispose();
        _outgoing.Dispose();
        _outgoingPieces.Dispose();
    }

    private static void CheckInterface(PortSpecification specification, InterfaceControl control)
    {
        if (!control.TryGetHardwareType(InterfaceControl.NameOctets(specification.Interface), out ushort type))
        {
            string ip = specification.NetworkNamespace is { } name && !name.Contains('/') ? $"ip -n {name}" : "ip";
            throw PortException.From("looking for the interface", specification.Name, errno, PortTrouble.Missing(specification.Name, ip).Line);
        }

        if (PortTrouble.NotEthernet(specification.Name, type) is { } trouble)
            throw new PortException(trouble.Line);
    }

    private void SetOptions()
    {
        Set(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1, "ignoring own frames", "Fluke6 needs Linux 4.20 or later");
        // Without it the kernel hands over super-segments and partial checksums all the same, and does not say so.
        Set(SOL_PACKET, PACKET_VNET_HDR, 1, "asking for virtio headers", "Fluke6 needs Linux 4.20 or later");
        Set(SOL_PACKET, PACKET_AUXDATA, 1, "asking for VLAN tags", "Fluke6 needs Linux 4.20 or later");
        GrowBuffer(SO_RCVBUFFORCE, SO_RCVBUF);
        GrowBuffer(Native.Socket.SO_SNDBUFFORCE, SO_SNDBUF);
    }

    private void Set(int level, int option, int value, string operation, string advice)
    {
        if (setsockopt(_descriptor, level, option, &value, sizeof(int)) < 0)
            throw PortException.From(operation, Name, errno, advice);
    }

    /// <summary>Lets a program of the kernel's choose the frames that arrive here.</summary>
    /// <exception cref="PortException">The kernel refuses it.</exception>
    internal void AttachFilter(SafeFileHandle program)
    {
        int descriptor = (int)program.DangerousGetHandle();
        if (setsockopt(_descriptor, SOL_SOCKET, Bpf.SO_ATTACH_BPF, &descriptor, sizeof(int)) < 0)
            throw PortException.From("attaching a filter", Name, errno, "--fast-path off goes without it");
    }

    /// <summary>Takes away what forwards frames while no bridge does, and lets all arrive here.</summary>
    internal void TakeOver() => Linux.NetworkNamespace.Run(NetworkNamespace, Name, () =>
    {
        if (!ExitLinks.IsAt(InterfaceIndex))
            return false;

        ExitLinks.Remove(InterfaceIndex);
        DetachFilter();
        return true;
    });

    /// <summary>Lets all frames arrive here.</summary>
    internal void DetachFilter()
    {
        int none = 0;
        // That there was none is an error, too.
        _ = setsockopt(_descriptor, SOL_SOCKET, Bpf.SO_DETACH_FILTER, &none, sizeof(int));
    }

    private void GrowBuffer(int force, int ask)
    {
        int size = SocketBuffer;
        // Past the system's limit only with CAP_NET_ADMIN; without it, as much as the limit allows.
        if (setsockopt(_descriptor, SOL_SOCKET, force, &size, sizeof(int)) < 0
            && setsockopt(_descriptor, SOL_SOCKET, ask, &size, sizeof(int)) < 0)
            Counters.CountError(errno);
    }
}
