using Fluke6.Frames;
using Fluke6.Ports;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>Why frames are lost at a port, and what to type against it.</summary>
internal static class LossAdvice
{
    /// <summary>About frames that arrived.</summary>
    public static string Of(KernelPort port, ReceiveLoss reason) => reason switch
    {
        ReceiveLoss.SocketFull => "they come faster than the rules take them, and the socket's buffer is full; "
            + "take slow rules out (the report tells each one's ns), or give the bridge a core of its own (`taskset`, `isolcpus`)",
        ReceiveLoss.QueueFull => $"they come faster than the rules take them, and the interface's queue is full; take slow rules out, "
            + $"or make it longer: `{Link(port)} txqueuelen 10000`",
        ReceiveLoss.Truncated => $"they are longer than {FrameBuffer.MaxFrameLength:N0} bytes and cannot be cut up; "
            + "on the interface that sends them: `ip link set DEV gso_max_size 65536 gro_max_size 65536`",
        ReceiveLoss.NotCut => "they are super-segments inside headers that Fluke6 cannot cut up; on the interface that sends them: "
            + "`ethtool -K DEV tso off gso off gro off`",
        ReceiveLoss.NotHandedOver => "they are super-segments that the kernel does not hand over (SCTP, or GRO lists); "
            + "on the interface that sends them: `ethtool -K DEV tx-sctp-segmentation off`; "
            + $"here: `ethtool -K {port.Name} rx-gro-list off`",
        ReceiveLoss.ReadFailed => "they cannot be read; errorsByErrno tells why",
        // A loop is told of by itself; what is unread, by the summary alone: the bridge is over.
        _ => "",
    };

    /// <summary>About frames that the kernel did not take.</summary>
    public static string Of(KernelPort port, int errno)
    {
        string name = Errno.Name(errno);
        if (errno == EMSGSIZE)
        {
            return $"{name}: they are longer than its MTU of {port.Mtu} bytes; "
                + $"`{Link(port)} mtu N` with the other side's MTU, or lower that one; "
                + $"where VLAN tags or MPLS labels make them longer, `{Link(port)} mtu {port.Mtu + 8}` has room for two, as has a TAP port";
        }

        if (errno == ENOBUFS || errno == EAGAIN)
            return $"{name}: its queue is full, they come faster than it sends them; `{Link(port)} txqueuelen 10000` makes it longer";
        if (errno == ENETDOWN || (errno == EIO && port.State != PortState.Gone))
            return $"{name}: it is down; `{Link(port)} up`";
        if (errno == ENXIO || errno == ENODEV || errno == EBADFD || port.State == PortState.Gone)
            return $"{name}: it is gone; frames pass again once it is back";
        if (errno == EINVAL)
        {
            return $"{name}: the kernel finds them malformed: shorter than a link header, or super-segments inside headers that nobody "
                + "can cut up; for those, on the interface that sends them: `ethtool -K DEV tso off gso off gro off`";
        }

        return name;
    }

    private static string Link(KernelPort port) => port.NetworkNamespace is { } name && !name.Contains('/')
        ? $"ip -n {name} link set {port.Name}"
        : $"ip link set {port.Name}";
}
