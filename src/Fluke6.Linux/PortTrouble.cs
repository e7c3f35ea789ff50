using Fluke6.Linux.Native;

namespace Fluke6.Linux;

/// <summary>What stands in a bridge's way at its ports: told in one line by a bridge that starts, and part by part by <c>fluke6
/// doctor</c>.</summary>
/// <param name="Seen">What was seen.</param>
/// <param name="Harm">What comes of it, to go on with after "so".</param>
/// <param name="Command">What to type; empty if no command mends it.</param>
/// <param name="Purpose">What the command does, to go on with after it; without a command, what to do.</param>
internal sealed record PortTrouble(string Seen, string Harm, string Command, string Purpose)
{
    /// <summary>All of it, in one line.</summary>
    public string Line => $"{Seen}, so {Harm}; {(Command.Length == 0 ? "" : $"`{Command}` ")}{Purpose}";

    /// <summary>Both ports are one interface.</summary>
    /// <param name="ports">As on the command line.</param>
    public static PortTrouble Same(string ports) =>
        new($"{ports}: both ports are the same interface", "there is nothing to bridge", "",
            "name two, or `none` for a bridge that answers by itself");

    /// <summary>The kernel bridges both ports already.</summary>
    /// <param name="ports">As on the command line.</param>
    /// <param name="ip">The ip(8) of their namespace, such as <c>ip -n NAME</c>.</param>
    /// <param name="member">The name of one of them.</param>
    public static PortTrouble OneBridge(string ports, string ip, string member) =>
        new($"{ports}: both are members of one kernel bridge", "every frame would circle", $"{ip} link set {member} nomaster",
            "takes one out");

    /// <summary>One port takes longer packets than the other; null if both are alike enough.</summary>
    /// <param name="left">The left port's interface and its MTU, in bytes.</param>
    /// <param name="right">The right port's.</param>
    /// <param name="ip">The ip(8) of the namespace that the interface of a name is in.</param>
    public static PortTrouble? Mtus((string Name, int Mtu) left, (string Name, int Mtu) right, Func<string, string> ip)
    {
        // One that is larger by what tags or labels take is how full-sized frames with these are given room.
        if (Math.Abs(left.Mtu - right.Mtu) <= Frames.Layers.MaxVlanTags * Wire.VlanTag.Length)
            return null;

        ((string Name, int Mtu) small, (string Name, int Mtu) large) = left.Mtu < right.Mtu ? (left, right) : (right, left);
        return new PortTrouble($"{small.Name} takes packets of up to {small.Mtu} bytes, {large.Name} of up to {large.Mtu}",
            $"longer ones are dropped at {small.Name}", $"{ip(large.Name)} link set {large.Name} mtu {small.Mtu}", "makes them alike");
    }

    /// <summary>Another Fluke6 has the interface.</summary>
    /// <param name="port">As on the command line.</param>
    /// <param name="process">Its process; 0 if that is in another container.</param>
    public static PortTrouble Taken(string port, int process) => process > 0
        ? new($"{port}: another fluke6 (pid {process}) bridges it", "every frame would go out twice", $"kill {process}", "ends that")
        : new($"{port}: another fluke6, in another container, bridges it", "every frame would go out twice", "",
            "end that, or name another interface");

    /// <summary>There is no interface of a port's name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="ip">The ip(8) of its namespace.</param>
    public static PortTrouble Missing(string name, string ip) =>
        new($"there is no interface {name}", "nothing can be bridged there", $"{ip} link", $"lists them, tap:{name} makes one");

    /// <summary>An interface has other frames; null if a packet port takes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="hardwareType">The kind of link, ARPHRD_….</param>
    public static PortTrouble? NotEthernet(string name, ushort hardwareType) =>
        hardwareType is IfArp.ARPHRD_ETHER or IfArp.ARPHRD_LOOPBACK ? null
        : new($"{name}: its link is not Ethernet (type {hardwareType} in linux/if_arp.h)", "a packet port cannot read its frames", "",
            "bridge an Ethernet interface, or make your own with tap:NAME or tun:NAME");
}
