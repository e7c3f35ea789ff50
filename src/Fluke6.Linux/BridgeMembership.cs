using System.Runtime.InteropServices;
using Fluke6.Linux.Native;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>
/// Finds the kernel bridge that an interface belongs to, by rtnetlink: /sys shows the namespace it was mounted in, not the one that the
/// calling thread is in. rtnetlink(7).
/// </summary>
internal static unsafe class BridgeMembership
{
    /// <summary>The number of the bridge; 0 if the interface belongs to none.</summary>
    /// <param name="index">An interface in the calling thread's network namespace.</param>
    public static int Of(int index)
    {
        int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, RtNetlink.NETLINK_ROUTE);
        if (descriptor < 0)
            throw PortException.From("opening a netlink socket", $"interface {index}", errno, "close some files or raise `ulimit -n`");

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        byte[] answer = new byte[32 * 1024];
        ReadOnlySpan<byte> master = Find(Ask(descriptor, index, answer), RtNetlink.IFLA_MASTER);
        if (master.Length < sizeof(int))
            return 0;

        int masterIndex = MemoryMarshal.Read<int>(master);
        ReadOnlySpan<byte> linkInfo = Find(Ask(descriptor, masterIndex, answer), RtNetlink.IFLA_LINKINFO);
        // A bond or a VRF has members too, and does not forward between them.
        return Find(linkInfo, RtNetlink.IFLA_INFO_KIND).SequenceEqual("bridge\0"u8) ? masterIndex : 0;
    }

    /// <summary>The attributes of a link; empty if it is gone.</summary>
    private static ReadOnlySpan<byte> Ask(int descriptor, int index, byte[] answer)
    {
        Span<byte> request = stackalloc byte[sizeof(nlmsghdr) + sizeof(ifinfomsg)];
        request.Clear();
        var header = new nlmsghdr
        {
            nlmsg_len = (uint)request.Length,
            nlmsg_type = RtNetlink.RTM_GETLINK,
            nlmsg_flags = RtNetlink.NLM_F_REQUEST,
        };
        MemoryMarshal.Write(request, header);
        MemoryMarshal.Write(request[sizeof(nlmsghdr)..], new ifinfomsg { ifi_index = index });

        fixed (byte* question = request, reply = answer)
        {
            if (send(descriptor, question, request.Length, 0) < 0)
                return default;

            int length = (int)recv(descriptor, reply, answer.Length, 0);
            if (length < request.Length)
                return default;

            header = MemoryMarshal.Read<nlmsghdr>(answer);
            return header.nlmsg_type == RtNetlink.RTM_NEWLINK ? answer.AsSpan(request.Length..length) : default;
        }
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        while (attributes.Length >= sizeof(rtattr))
        {
            rtattr attribute = MemoryMarshal.Read<rtattr>(attributes);
            if (attribute.rta_len < sizeof(rtattr) || attribute.rta_len > attributes.Length)
                return default;
            if ((attribute.rta_type & RtNetlink.NLA_TYPE_MASK) == type)
                return attributes[sizeof(rtattr)..attribute.rta_len];

            attributes = attributes[Math.Min((attribute.rta_len + 3) & ~3, attributes.Length)..];
        }

        return default;
    }
}
