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
        using SafeFileHandle handle = Open(index);
        int descriptor = (int)handle.DangerousGetHandle();
        byte[] answer = new byte[32 * 1024];
        ReadOnlySpan<byte> master = Find(Ask(descriptor, index, answer), RtNetlink.IFLA_MASTER);
        if (master.Length < sizeof(int))
            return 0;

        int masterIndex = MemoryMarshal.Read<int>(master);
        ReadOnlySpan<byte> linkInfo = Find(Ask(descriptor, masterIndex, answer), RtNetlink.IFLA_LINKINFO);
        // A bond or a VRF has members too, and does not forward between them.
        return Find(linkInfo, RtNetlink.IFLA_INFO_KIND).SequenceEqual("bridge\0"u8) ? masterIndex : 0;
    }

    /// <summary>Whether an interface is a member of another one: a bridge, a bond, a team, a VRF.</summary>
    /// <param name="index">An interface in the calling thread's network namespace.</param>
    public static bool HasMaster(int index)
    {
        using SafeFileHandle handle = Open(index);
        return Find(Ask((int)handle.DangerousGetHandle(), index, new byte[32 * 1024]), RtNetlink.IFLA_MASTER).Length >= sizeof(int);
    }

    /// <summary>Whether tc(8) may have filters for what arrives at an interface: a clsact or ingress qdisc.</summary>
    /// <param name="index">An interface in the calling thread's network namespace.</param>
    public static bool HasIngressQdisc(int index)
    {
        using SafeFileHandle handle = Open(index);
        int descriptor = (int)handle.DangerousGetHandle();
        Span<byte> request = stackalloc byte[sizeof(nlmsghdr) + sizeof(tcmsg)];
        request.Clear();
        MemoryMarshal.Write(request, new nlmsghdr
        {
            nlmsg_len = (uint)request.Length, nlmsg_type = RtNetlink.RTM_GETQDISC, nlmsg_flags = RtNetlink.NLM_F_REQUEST | RtNetlink.NLM_F_DUMP,
        });
        byte[] answer = new byte[32 * 1024];
        fixed (byte* question = request, reply = answer)
        {
            if (send(descriptor, question, request.Length, 0) < 0)
                return false;

            // All of them, in several answers; the last one is no qdisc.
            for (int length; (length = (int)recv(descriptor, reply, answer.Length, 0)) > 0;)
            {
                for (ReadOnlySpan<byte> rest = answer.AsSpan(0, length); rest.Length >= request.Length;)
                {
                    nlmsghdr header = MemoryMarshal.Read<nlmsghdr>(rest);
                    if (header.nlmsg_type != RtNetlink.RTM_NEWQDISC || header.nlmsg_len < request.Length || header.nlmsg_len > rest.Length)
                        return false;
                    if (MemoryMarshal.Read<tcmsg>(rest[sizeof(nlmsghdr)..]).tcm_ifindex == index
                        && IsIngress(Find(rest[request.Length..(int)header.nlmsg_len], RtNetlink.TCA_KIND)))
                    {
                        return true;
                    }

                    rest = rest[Math.Min((int)(header.nlmsg_len + 3) & ~3, rest.Length)..];
                }

                if (length >= sizeof(nlmsghdr) && MemoryMarshal.Read<nlmsghdr>(answer).nlmsg_type != RtNetlink.RTM_NEWQDISC)
                    return false;
            }
        }

        return false;
    }

    private static bool IsIngress(ReadOnlySpan<byte> kind) => kind.SequenceEqual("clsact\0"u8) || kind.SequenceEqual("ingress\0"u8);

    private static SafeFileHandle Open(int index)
    {
        int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, RtNetlink.NETLINK_ROUTE);
        return descriptor < 0
            ? throw PortException.From("opening a netlink socket", $"interface {index}", errno, "close some files or raise `ulimit -n`")
            : new SafeFileHandle(descriptor, ownsHandle: true);
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

            return MemoryMarshal.Read<nlmsghdr>(answer).nlmsg_type == RtNetlink.RTM_NEWLINK ? answer.AsSpan(request.Length..length) : default;
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
