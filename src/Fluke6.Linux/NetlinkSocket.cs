using System.Runtime.InteropServices;
using Fluke6.Linux.Native;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>Asks the kernel about the network namespace that the socket was opened in. netlink(7).</summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    // A table that changes while it is listed may lack entries, and is listed again.
    private const int Tries = 3;
    private readonly SafeFileHandle _handle;
    private readonly byte[] _answer = new byte[64 * 1024];

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <param name="about">What it is to be asked about, for the message if that fails.</param>
    /// <param name="family">Such as NETLINK_ROUTE.</param>
    /// <exception cref="PortException">It cannot be opened.</exception>
    public NetlinkSocket(string about, int family = RtNetlink.NETLINK_ROUTE)
        : this(Open(about, family))
    {
    }

    /// <summary>Asks by a socket that is open, and whose end is another's business until <see cref="Dispose"/>.</summary>
    public NetlinkSocket(SafeFileHandle open) => _handle = open;

    /// <summary>A socket in the calling thread's network namespace.</summary>
    /// <inheritdoc cref="NetlinkSocket(string, int)"/>
    public static SafeFileHandle Open(string about, int family = RtNetlink.NETLINK_ROUTE)
    {
        int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family);
        return descriptor < 0
            ? throw PortException.From("opening a netlink socket", about, errno, "close some files or raise `ulimit -n`")
            : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Asks for one thing.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="header">What stands before the attributes of such a message.</param>
    /// <returns>The answer's header and attributes; empty if there is none.</returns>
    public ReadOnlySpan<byte> Ask<T>(ushort type, scoped in T header)
        where T : unmanaged
    {
        int length = Send(type, RtNetlink.NLM_F_REQUEST, header) ? Receive() : 0;
        return length < sizeof(nlmsghdr) || MemoryMarshal.Read<nlmsghdr>(_answer)
            .nlmsg_type is RtNetlink.NLMSG_ERROR or RtNetlink.NLMSG_DONE
            ? default : _answer.AsSpan(sizeof(nlmsghdr)..length);
    }

    /// <summary>Asks for a list.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="header">What stands before the attributes of such a message.</param>
    /// <returns>Each entry's header and attributes.</returns>
    /// <exception cref="PortException">The kernel has no such list, or a right is missing.</exception>
    public IReadOnlyList<byte[]> List<T>(ushort type, in T header)
        where T : unmanaged
    {
        for (int tries = 1; ; tries++)
        {
            var entries = new List<byte[]>();
            if (!Send(type, RtNetlink.NLM_F_REQUEST | RtNetlink.NLM_F_DUMP, header))
                throw Failure(errno);
            if (Collect(entries) || tries == Tries)
                return entries;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static PortException Failure(int number) => PortException.From("asking the kernel", "netlink", number,
        "this kernel may lack it");

    private bool Send<T>(ushort type, ushort flags, scoped in T header)
        where T : unmanaged
    {
        Span<byte> request = stackalloc byte[sizeof(nlmsghdr) + sizeof(T)];
        MemoryMarshal.Write(request, new nlmsghdr { nlmsg_len = (uint)request.Length, nlmsg_type = type, nlmsg_flags = flags });
        MemoryMarshal.Write(request[sizeof(nlmsghdr)..], header);
        fixed (byte* question = request)
            return send((int)_handle.DangerousGetHandle(), question, request.Length, 0) >= 0;
    }

    private int Receive()
    {
        fixed (byte* reply = _answer)
            return (int)recv((int)_handle.DangerousGetHandle(), reply, _answer.Length, 0);
    }

    /// <summary>Reads answers to the last of them.</summary>
    /// <returns>False if the list changed meanwhile.</returns>
    private bool Collect(List<byte[]> entries)
    {
        bool whole = true;
        while (true)
        {
            int length = Receive();
            if (length < 0)
                throw Failure(errno);

            for (ReadOnlySpan<byte> rest = _answer.AsSpan(0, length); rest.Length >= sizeof(nlmsghdr);)
            {
                nlmsghdr header = MemoryMarshal.Read<nlmsghdr>(rest);
                if (header.nlmsg_len < sizeof(nlmsghdr) || header.nlmsg_len > rest.Length)
                    break;
                whole &= (header.nlmsg_flags & RtNetlink.NLM_F_DUMP_INTR) == 0;
                if (header.nlmsg_type == RtNetlink.NLMSG_DONE)
                    return whole;
                if (header.nlmsg_type == RtNetlink.NLMSG_ERROR)
                    throw Failure(-MemoryMarshal.Read<int>(rest[sizeof(nlmsghdr)..]));

                entries.Add(rest[sizeof(nlmsghdr)..(int)header.nlmsg_len].ToArray());
                rest = rest[Math.Min((int)(header.nlmsg_len + 3) & ~3, rest.Length)..];
            }
        }
    }
}

/// <summary>The attributes of a netlink message, or those inside one of them: type, value, type, value. netlink(7).</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> _rest = octets;

    /// <summary>The attribute's type.</summary>
    public ushort Type { get; private set; }

    /// <summary>The attribute's value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The value of the first attribute of a type; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> octets, ushort type)
    {
        var attributes = new NetlinkAttributes(octets);
        while (attributes.MoveNext())
        {
            if (attributes.Type == type)
                return attributes.Value;
        }

        return default;
    }

    /// <summary>The value of the first attribute of a type as a number; null if there is none.</summary>
    public static T? Number<T>(ReadOnlySpan<byte> octets, ushort type)
        where T : unmanaged
    {
        ReadOnlySpan<byte> value = Find(octets, type);
        return MemoryMarshal.TryRead(value, out T number) ? number : null;
    }

    /// <summary>The value of the first attribute of a type as text; empty if there is none.</summary>
    public static string Text(ReadOnlySpan<byte> octets, ushort type) => System.Text.Encoding.UTF8.GetString(Find(octets, type)
        .TrimEnd((byte)0));

    /// <summary>Goes on to the next attribute.</summary>
    public unsafe bool MoveNext()
    {
        if (!MemoryMarshal.TryRead(_rest, out rtattr attribute) || attribute.rta_len < sizeof(rtattr) || attribute.rta_len > _rest.Length)
            return false;

        Type = (ushort)(attribute.rta_type & RtNetlink.NLA_TYPE_MASK);
        Value = _rest[sizeof(rtattr)..attribute.rta_len];
        _rest = _rest[Math.Min((attribute.rta_len + 3) & ~3, _rest.Length)..];
        return true;
    }
}
