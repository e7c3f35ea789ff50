using System.Text;
using Fluke6.Linux.Native;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>
/// Asks and tells the kernel about interfaces, by a socket that stays in the network namespace it was opened in. netdevice(7).
/// Its calls allocate nothing.
/// </summary>
internal sealed unsafe class InterfaceControl : IDisposable
{
    private readonly SafeFileHandle _socket;

    /// <summary>A control socket in the calling thread's network namespace.</summary>
    public InterfaceControl(string interfaceName)
    {
        _socket = OpenSocket(interfaceName);
        NamespaceIdentity = NetworkNamespace.Identity;
    }

    /// <summary>A control socket that another program opened.</summary>
    public InterfaceControl(SafeFileHandle socket, string namespaceIdentity)
    {
        _socket = socket;
        NamespaceIdentity = namespaceIdentity;
    }

    /// <summary>Which network namespace the socket lives in.</summary>
    public string NamespaceIdentity { get; }

    /// <summary>A socket in the calling thread's network namespace.</summary>
    /// <param name="interfaceName">For the message if it fails.</param>
    public static SafeFileHandle OpenSocket(string interfaceName)
    {
        // AF_UNIX, because a kernel may lack IPv4.
        int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw PortException.From("opening a control socket", interfaceName, errno, "close some files or raise `ulimit -n`");
    }

    /// <summary>The number of the interface of this name; 0 if there is none.</summary>
    public int IndexOf(ReadOnlySpan<byte> name) => Ask(name, SIOCGIFINDEX, out ifreq request) ? request.ifr_ifindex : 0;

    /// <summary>The MTU in octets.</summary>
    public bool TryGetMtu(ReadOnlySpan<byte> name, out int mtu)
    {
        bool answered = Ask(name, SIOCGIFMTU, out ifreq request);
        mtu = request.ifr_mtu;
        return answered;
    }

    /// <summary>Whether the interface is administratively up.</summary>
    public bool TryGetUp(ReadOnlySpan<byte> name, out bool up)
    {
        bool answered = Ask(name, SIOCGIFFLAGS, out ifreq request);
        up = (request.ifr_flags & If.IFF_UP) != 0;
        return answered;
    }

    /// <summary>The kind of link, ARPHRD_….</summary>
    public bool TryGetHardwareType(ReadOnlySpan<byte> name, out ushort type)
    {
        bool answered = Ask(name, SIOCGIFHWADDR, out ifreq request);
        type = request.ifr_hwaddr_family;
        return answered;
    }

    /// <summary>Whether the driver behind an interface has this name, such as <c>veth</c>.</summary>
    public bool IsDriver(ReadOnlySpan<byte> name, ReadOnlySpan<byte> driver)
    {
        ethtool_drvinfo answer = default;
        answer.cmd = Ethtool.ETHTOOL_GDRVINFO;
        ifreq request = default;
        name.CopyTo(new Span<byte>(request.ifr_name, If.IFNAMSIZ));
        request.ifr_data = &answer;
        return ioctl(Descriptor, Ethtool.SIOCETHTOOL, &request) == 0
            && new ReadOnlySpan<byte>(answer.driver, Ethtool.DriverNameLength).TrimEnd((byte)0).SequenceEqual(driver);
    }

    /// <summary>Sets the interface administratively up; errno tells why not.</summary>
    public bool TrySetUp(ReadOnlySpan<byte> name)
    {
        if (!Ask(name, SIOCGIFFLAGS, out ifreq request))
            return false;

        request.ifr_flags |= If.IFF_UP;
        return ioctl(Descriptor, SIOCSIFFLAGS, &request) == 0;
    }

    /// <summary>Sets the MTU, in bytes; errno tells why not.</summary>
    public bool TrySetMtu(ReadOnlySpan<byte> name, int mtu)
    {
        ifreq request = default;
        name.CopyTo(new Span<byte>(request.ifr_name, If.IFNAMSIZ));
        request.ifr_mtu = mtu;
        return ioctl(Descriptor, SIOCSIFMTU, &request) == 0;
    }

    /// <summary>Writes the name of the interface with this number, zero-padded to <see cref="If.IFNAMSIZ"/>.</summary>
    public bool TryGetName(int index, Span<byte> name)
    {
        ifreq request = default;
        request.ifr_ifindex = index;
        if (ioctl(Descriptor, SIOCGIFNAME, &request) < 0)
            return false;

        new ReadOnlySpan<byte>(request.ifr_name, If.IFNAMSIZ).CopyTo(name);
        return true;
    }

    /// <summary>The name as the kernel takes it, zero-padded.</summary>
    public static byte[] NameOctets(string name)
    {
        byte[] octets = new byte[If.IFNAMSIZ];
        Encoding.UTF8.GetBytes(name, octets);
        return octets;
    }

    /// <summary>The name in zero-padded octets.</summary>
    public static string NameString(ReadOnlySpan<byte> octets)
    {
        int end = octets.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? octets : octets[..end]);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    internal int Descriptor => (int)_socket.DangerousGetHandle();

    private bool Ask(ReadOnlySpan<byte> name, int what, out ifreq answer)
    {
        ifreq request = default;
        name.CopyTo(new Span<byte>(request.ifr_name, If.IFNAMSIZ));
        bool answered = ioctl(Descriptor, what, &request) == 0;
        answer = request;
        return answered;
    }
}
