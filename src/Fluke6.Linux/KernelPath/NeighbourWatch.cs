using System.Runtime.InteropServices;
using Fluke6.Linux.Native;
using Fluke6.Linux.Survey;
using Microsoft.Win32.SafeHandles;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// Looks every second whether others take frames that arrive at the ports' interfaces: these would lose what the kernel forwards. It does so on a thread of
/// its own, since the kernel answers only once nobody else is changing interfaces.
/// </summary>
/// <param name="questions">A netlink socket in the ports' network namespace.</param>
/// <param name="ports">The ports.</param>
internal sealed class NeighbourWatch(SafeFileHandle questions, params PacketPort[] ports) : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1), s_patience = TimeSpan.FromSeconds(2);
    private readonly ManualResetEvent _end = new(false);
    private Thread? _thread;
    private volatile string? _trouble;

    /// <summary>The other that takes frames of an interface; null if nobody does. Any thread.</summary>
    public string? Trouble => _trouble;

    /// <summary>Begins to look, once.</summary>
    public void Start()
    {
        if (_thread is not null)
            return;

        _thread = new Thread(Watch) { IsBackground = true, Name = "fast path" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Set();
        // One that is still waiting for an answer of the kernel's gets an error for it.
        if (_thread?.Join(s_patience) != false)
            _end.Dispose();
    }

    /// <summary>The other that takes frames which arrive at an interface; null if nobody does.</summary>
    /// <param name="kernel">Asked about the interface's network namespace.</param>
    /// <param name="port">The port.</param>
    public static string? Find(NetlinkSocket kernel, PacketPort port) =>
        Qdisc.All(kernel).Any(qdisc => qdisc.LinkIndex == port.InterfaceIndex && qdisc.IsIngress)
            ? $"{port.Name} has an ingress qdisc (`tc qdisc show dev {port.Name}`)"
        : LinkFacts.All(kernel).Any(link => link.Parent == port.InterfaceIndex && TakesAll(link.Kind))
            ? $"a macvlan or ipvlan stands above {port.Name} (`ip -d link`), whose frames the kernel would forward"
        : HasOtherAddresses(kernel, port.InterfaceIndex)
            ? $"another interface stands above {port.Name} with an address of its own (`bridge fdb show dev {port.Name}`), whose frames the kernel would forward"
        : BridgeMembership.MasterOf(kernel, port.InterfaceIndex) is not null
            ? $"{port.Name} is a member of another interface (`ip link show {port.Name}`)" : null;

    // macvlan, macvtap, ipvlan, ipvtap.
    private static bool TakesAll(string kind) => kind.StartsWith("macv", StringComparison.Ordinal) || kind.StartsWith("ipv", StringComparison.Ordinal);

    /// <summary>
    /// Whether the interface listens to addresses besides its own, as for a macvlan above it that is in another network namespace, where no list of this
    /// one's interfaces shows it.
    /// </summary>
    private static unsafe bool HasOtherAddresses(NetlinkSocket kernel, int index)
    {
        foreach (byte[] entry in kernel.List(RtNetlink.RTM_GETNEIGH, new ifinfomsg { ifi_family = RtNetlink.AF_BRIDGE, ifi_index = index }))
        {
            if (!MemoryMarshal.TryRead(entry, out ndmsg header) || header.ndm_ifindex != index || (header.ndm_flags & RtNetlink.NTF_SELF) == 0)
                continue;

            ReadOnlySpan<byte> attributes = entry.AsSpan(sizeof(ndmsg)), address = NetlinkAttributes.Find(attributes, RtNetlink.NDA_LLADDR);
            // A group's is in everybody's list; one with a destination is a tunnel's.
            if (!address.IsEmpty && (address[0] & 1) == 0 && NetlinkAttributes.Find(attributes, RtNetlink.NDA_DST).IsEmpty)
                return true;
        }

        return false;
    }

    private void Watch()
    {
        var kernel = new NetlinkSocket(questions);
        do
        {
            try
            {
                _trouble = ports.Select(port => Find(kernel, port)).FirstOrDefault(found => found is not null);
            }
            catch (PortException exception)
            {
                _trouble = exception.Message;
            }
        }
        while (!_end.WaitOne(s_interval));
    }
}
