using Fluke6.Frames;
using Fluke6.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

// How the interface is made, found again, and set up.
internal sealed unsafe partial class TapPort
{
    /// <summary>Makes the interface, or attaches to one of that name that <c>ip tuntap add</c> made, and sets it up.</summary>
    /// <exception cref="PortException">It could not be opened.</exception>
    internal static TapPort Open(PortSpecification specification, bool offload) =>
        Linux.NetworkNamespace.Run(specification.NetworkNamespace, specification.Name, () =>
        {
            SafeFileHandle handle = OpenDevice(specification.Name);
            InterfaceControl? control = null;
            InterfaceStatistics? statistics = null;
            try
            {
                control = new InterfaceControl(specification.Name);
                statistics = new InterfaceStatistics();
                var port = new TapPort(specification, offload, handle, control, statistics, specification.Kind == PortKind.Tun);
                port.Attach();
                if (!control.TrySetUp(port._name))
                    throw PortException.From("setting the interface up", specification.Name, errno, $"try `ip link set {port.Name} up`");

                port.Maintain();
                return port;
            }
            catch
            {
                handle.Dispose();
                control?.Dispose();
                statistics?.Dispose();
                throw;
            }
        });

    /// <summary>Goes on with an interface that another program opened, which holds it, too, or is no more.</summary>
    internal static TapPort Adopt(PortSpecification specification, bool offload, PortDescriptors descriptors)
    {
        var port = new TapPort(
            specification,
            offload,
            descriptors.TakePort(),
            descriptors.TakeControl(),
            new InterfaceStatistics(descriptors.TakeThird()),
            specification.Kind == PortKind.Tun) { _droppedBefore = descriptors.Dropped };
        port.Maintain();
        return port;
    }

    private static SafeFileHandle OpenDevice(string name)
    {
        int descriptor;
        fixed (byte* path = "/dev/net/tun\0"u8)
            descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC, 0);

        if (descriptor < 0)
        {
            throw PortException.From("opening /dev/net/tun", name, errno,
                "load the driver with `modprobe tun`; in a container, pass the device in (`--device /dev/net/tun`)");
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private void Attach()
    {
        int number = SetInterface(0);
        // A persistent interface made with several queues takes only whoever says so too.
        if (number == EINVAL)
            number = SetInterface(IfTun.IFF_MULTI_QUEUE);
        if (number != 0)
        {
            string kind = _tun ? "TUN" : "TAP";
            throw PortException.From($"opening the {kind} interface", Name, number, number == EBUSY
                ? "another program holds it; end that one or choose another name"
                : $"an interface of that name exists that is no {kind}; choose another name, or write {Name} alone to use it as it is");
        }

        int headerSize = Frames.Offload.Length;
        if (ioctl(_descriptor, IfTun.TUNSETVNETHDRSZ, &headerSize) < 0)
            throw PortException.From("setting the virtio header's size", Name, errno, "Fluke6 needs Linux 5.4 or later");

        const int tcp = IfTun.TUN_F_CSUM | IfTun.TUN_F_TSO4 | IfTun.TUN_F_TSO6 | IfTun.TUN_F_TSO_ECN;
        const int udp = IfTun.TUN_F_USO4 | IfTun.TUN_F_USO6;
        // USO came with Linux 6.2; without offload the kernel cuts and completes for us, and the header stays in place.
        if (SetOffload(Offload ? tcp | udp : 0) < 0 && (errno != EINVAL || SetOffload(tcp) < 0))
            throw PortException.From("setting offloads", Name, errno, "try `--no-offload`");
    }

    private int SetOffload(int flags) => ioctl(_descriptor, IfTun.TUNSETOFFLOAD, flags);

    private int SetInterface(short extra)
    {
        ifreq request = default;
        _name.CopyTo(new Span<byte>(request.ifr_name, If.IFNAMSIZ));
        short kind = _tun ? IfTun.IFF_TUN : IfTun.IFF_TAP;
        request.ifr_flags = (short)(kind | IfTun.IFF_NO_PI | IfTun.IFF_VNET_HDR | (ushort)extra);
        return ioctl(_descriptor, IfTun.TUNSETIFF, &request) < 0 ? errno : 0;
    }

    /// <summary>Attaches again once an interface of that name appears, as <c>ip tuntap add</c> makes it.</summary>
    private bool TakeBack()
    {
        if (_control.IndexOf(_name) == 0)
            return false;

        try
        {
            Attach();
        }
        catch (PortException exception)
        {
            Counters.CountError(exception.Errno);
            return false;
        }

        _control.TrySetUp(_name);
        return true;
    }
}
