using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Linux.Native;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>
/// A pair of veth interfaces: the inner end is a host's, in its network namespace, and the outer end is here, where a packet port has it.
/// Removing either end removes both. veth(4), rtnetlink(7).
/// </summary>
internal static unsafe class VethPair
{
    private const int MessageRoom = 256;

    /// <summary>
    /// Makes the pair, both ends up, and first removes one that a Fluke6 which was killed left behind. Of the calling thread's namespace only
    /// the outer end is seen: neither ARP nor IPv6 of this host speaks on it.
    /// </summary>
    /// <param name="specification">A port of kind <see cref="PortKind.Veth"/>.</param>
    /// <exception cref="PortException">It cannot be made.</exception>
    public static void Make(PortSpecification specification)
    {
        string outer = specification.Interface, inner = specification.Name, host = specification.NetworkNamespace!;
        using SafeFileHandle network = NetworkNamespace.Open(host, inner);
        using var control = new InterfaceControl(outer);
        RemoveLeftover(specification, control);

        var request = new Request(stackalloc byte[MessageRoom], RtNetlink.RTM_NEWLINK, RtNetlink.NLM_F_CREATE | RtNetlink.NLM_F_EXCL, If.IFF_NOARP);
        request.Add(RtNetlink.IFLA_IFNAME, Terminated(outer));
        int information = request.Begin(RtNetlink.IFLA_LINKINFO);
        request.Add(RtNetlink.IFLA_INFO_KIND, "veth"u8);
        int data = request.Begin(RtNetlink.IFLA_INFO_DATA);
        int peer = request.Begin(RtNetlink.VETH_INFO_PEER);
        request.AddHeader(0);
        request.Add(RtNetlink.IFLA_IFNAME, Terminated(inner));
        request.Add(RtNetlink.IFLA_NET_NS_FD, BitConverter.GetBytes((int)network.DangerousGetHandle()));
        request.End(peer);
        request.End(data);
        request.End(information);
        if (request.Send(outer) is not 0 and var number)
        {
            string at = host.Contains('/') ? $"nsenter --net={host} ip" : $"ip -n {host}";
            throw PortException.From("making the veth pair", inner, number, number switch
            {
                _ when number == EEXIST => $"{host} has an interface of that name; choose another name, or delete it with `{at} link delete {inner}`",
                _ when number == EOPNOTSUPP => "this kernel has no veth interfaces; `modprobe veth` loads them, or write tap: instead of veth:",
                _ => "write tap: instead of veth:",
            });
        }

        try
        {
            SilenceIpv6(control.IndexOf(InterfaceControl.NameOctets(outer)), outer);
            SetUp(outer);
            NetworkNamespace.Run(host, inner, () => SetUp(inner));
        }
        catch
        {
            Remove(outer);
            throw;
        }
    }

    /// <summary>Removes a pair, if it is there.</summary>
    /// <param name="outer">Its outer end, in the calling thread's network namespace.</param>
    public static void Remove(string outer)
    {
        var request = new Request(stackalloc byte[MessageRoom], RtNetlink.RTM_DELLINK, 0, 0);
        request.Add(RtNetlink.IFLA_IFNAME, Terminated(outer));
        int number = request.Send(outer);
        if (number != 0 && number != ENODEV)
            throw PortException.From("removing the veth pair", outer, number, $"try `ip link delete {outer}`");
    }

    private static bool SetUp(string name)
    {
        using var control = new InterfaceControl(name);
        return control.TrySetUp(InterfaceControl.NameOctets(name))
            ? true : throw PortException.From("setting the interface up", name, errno, $"try `ip link set {name} up`");
    }

    // Its name tells for which port it was made; only a Fluke6 that runs has its lock.
    private static void RemoveLeftover(PortSpecification specification, InterfaceControl control)
    {
        byte[] name = InterfaceControl.NameOctets(specification.Interface);
        int index = control.IndexOf(name);
        if (index == 0)
            return;

        using (InterfaceLock.Take(index, specification.ToString(), mayWait: true))
        {
            if (!control.IsDriver(name, "veth"u8))
                throw new PortException($"{specification}: the pair's outer end would be {specification.Interface}, which is there and no veth; rename that");
            Remove(specification.Interface);
        }
    }

    // Without an address it announces itself by nothing, and answers nobody. A kernel without IPv6 has nothing to be told.
    private static void SilenceIpv6(int index, string outer)
    {
        var request = new Request(stackalloc byte[MessageRoom], RtNetlink.RTM_SETLINK, 0, 0, index);
        int families = request.Begin(RtNetlink.IFLA_AF_SPEC);
        int family = request.Begin((ushort)AF_INET6);
        request.Add(RtNetlink.IFLA_INET6_ADDR_GEN_MODE, [RtNetlink.IN6_ADDR_GEN_MODE_NONE]);
        request.End(family);
        request.End(families);
        if (request.Send(outer) is not 0 and var number && number != EAFNOSUPPORT)
            throw PortException.From("keeping IPv6 off the interface", outer, number, "write tap: instead of veth:");
    }

    private static byte[] Terminated(string name) => Encoding.UTF8.GetBytes(name + '\0');

    /// <summary>A message about one link, of attributes within attributes.</summary>
    private ref struct Request
    {
        private readonly Span<byte> _octets;
        private int _length;

        public Request(Span<byte> octets, ushort type, ushort flags, uint linkFlags, int index = 0)
        {
            _octets = octets;
            octets.Clear();
            MemoryMarshal.Write(octets, new nlmsghdr { nlmsg_type = type, nlmsg_flags = (ushort)(RtNetlink.NLM_F_REQUEST | RtNetlink.NLM_F_ACK | flags) });
            _length = sizeof(nlmsghdr);
            AddHeader(linkFlags, index);
        }

        /// <summary>Adds what every link begins with.</summary>
        /// <param name="flags">Those that are to be set.</param>
        /// <param name="index">The link's number; 0 for one that is named or new.</param>
        public void AddHeader(uint flags, int index = 0)
        {
            MemoryMarshal.Write(_octets[_length..], new ifinfomsg { ifi_index = index, ifi_flags = flags, ifi_change = flags });
            _length += sizeof(ifinfomsg);
        }

        public void Add(ushort type, ReadOnlySpan<byte> value)
        {
            int start = Begin(type);
            value.CopyTo(_octets[_length..]);
            _length += value.Length;
            End(start);
        }

        /// <summary>Begins an attribute that holds others.</summary>
        public int Begin(ushort type)
        {
            int start = _length;
            MemoryMarshal.Write(_octets[start..], new rtattr { rta_type = type });
            _length += sizeof(rtattr);
            return start;
        }

        public void End(int start)
        {
            MemoryMarshal.Write(_octets[start..], (ushort)(_length - start));
            _length = (_length + 3) & ~3;
        }

        /// <summary>Sends it and waits for the kernel's word.</summary>
        /// <returns>0, or the errno.</returns>
        public int Send(string interfaceName)
        {
            int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, RtNetlink.NETLINK_ROUTE);
            if (descriptor < 0)
                throw PortException.From("opening a netlink socket", interfaceName, errno, "close some files or raise `ulimit -n`");

            using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            MemoryMarshal.Write(_octets, (uint)_length);
            Span<byte> answer = stackalloc byte[MessageRoom * 4];
            fixed (byte* question = _octets, reply = answer)
            {
                if (send(descriptor, question, _length, 0) < 0 || recv(descriptor, reply, answer.Length, 0) < sizeof(nlmsghdr) + sizeof(int))
                    return errno;
            }

            // NLMSG_ERROR: the negated errno, 0 for done. netlink(7).
            return -MemoryMarshal.Read<int>(answer[sizeof(nlmsghdr)..]);
        }
    }
}
