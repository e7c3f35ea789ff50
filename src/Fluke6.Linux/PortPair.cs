using Fluke6.Frames;
using Fluke6.Linux.KernelPath;
using Fluke6.Ports;

namespace Fluke6.Linux;

/// <summary>The two ports of a bridge, opened and found to fit each other.</summary>
internal sealed class PortPair : IDisposable
{
    private const char HandoverSeparator = ';';

    private PortPair(IPort left, IPort right, FastPath? fastPath, string? fastPathReason)
    {
        Left = left;
        Right = right;
        FastPath = fastPath;
        FastPathReason = fastPathReason;
        Warnings = left is not NullPort && right is not NullPort
            && PortTrouble.Mtus((left.Name, left.Mtu), (right.Name, right.Mtu), _ => "ip") is { } trouble ? [trouble.Line] : [];
    }

    /// <summary>The first port.</summary>
    public IPort Left { get; }

    /// <summary>The second port.</summary>
    public IPort Right { get; }

    /// <summary>Forwards in the kernel what no rule asks for; null if that is not possible between these ports, or not wanted.</summary>
    internal FastPath? FastPath { get; }

    /// <summary>Why there is no <see cref="FastPath"/>; null if there is.</summary>
    internal string? FastPathReason { get; }

    /// <summary>Settings that work but perhaps not as wished, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The rights that a program needs for ports to come back whose interfaces vanished.</summary>
    public Capabilities RightsToComeBack =>
        ((Left as KernelPort)?.RightsToComeBack ?? Capabilities.None) | ((Right as KernelPort)?.RightsToComeBack ?? Capabilities.None);

    /// <summary>Tells another program how to go on with the ports, if it inherits <see cref="Descriptors"/>.</summary>
    public string Handover => $"{DescriptorsOf(Left)}{HandoverSeparator}{DescriptorsOf(Right)}{HandoverSeparator}{FastPath?.Handover}{HandoverSeparator}{FastPathReason}";

    /// <summary>All that keeps the ports open: TAP and TUN interfaces are there as long as one program has them.</summary>
    public IReadOnlyList<int> Descriptors => [.. DescriptorsOf(Left)?.All ?? [], .. DescriptorsOf(Right)?.All ?? [], .. FastPath?.Descriptors ?? []];

    /// <summary>Opens both ports and refuses pairs that cannot be bridged.</summary>
    /// <param name="offload">Whether super-segments and partial checksums may pass.</param>
    /// <param name="noFastPath">Why the kernel is not to forward what no rule asks for; null if it is, where it can.</param>
    /// <param name="flows">How many flows the bridge keeps figures of.</param>
    /// <param name="opensOnExit">Whether the kernel is to forward everything once no process has the ports.</param>
    /// <exception cref="PortException">One could not be opened, or they do not fit; the message says in one line what to do.</exception>
    public static PortPair Open(
        PortSpecification left, PortSpecification right, bool offload, string? noFastPath = "not asked for", int flows = 0, bool opensOnExit = false)
    {
        if (left.Kind == PortKind.None && right.Kind == PortKind.None)
            throw new PortException("none, none: a bridge needs a port; name an interface for one of them");
        // Before opening: a TAP interface that one port holds is busy for the other, which would be the lesser message.
        if (left.Kind != PortKind.None && right.Kind != PortKind.None
            && left.Name == right.Name && left.NetworkNamespace == right.NetworkNamespace)
            throw Same($"{left}, {right}");

        IPort first = left.Kind == PortKind.None ? right.Open(offload) : left.Open(offload);
        IPort? second = null;
        try
        {
            second = left.Kind == PortKind.None ? left.Open(offload, first.LinkType) : right.Open(offload, first.LinkType);
            (first, second) = left.Kind == PortKind.None ? (second, first) : (first, second);
            Check(first, second);
            string? reason = noFastPath;
            if (opensOnExit && (left.Kind == PortKind.Veth || right.Kind == PortKind.Veth))
                reason = "veth: interfaces go with the bridge";
            FastPath? path = reason is null ? FastPath.TryOpen(first, second, flows, out reason, opensOnExit) : null;
            if (path is null && opensOnExit)
                throw new PortException($"--on-exit open: the kernel cannot forward between {left} and {right}: {reason}; --on-exit closed does without");
            if (path is null)
            {
                (first as PacketPort)?.TakeOver();
                (second as PacketPort)?.TakeOver();
            }

            return new PortPair(first, second, path, reason);
        }
        catch
        {
            foreach (IPort? port in (IPort?[])[first, second])
            {
                port?.Dispose();
                (port as KernelPort)?.RemoveInterface();
            }

            throw;
        }
    }

    /// <summary>
    /// Removes interfaces that were made for the ports and that the kernel does not remove by itself once nobody has them: veth pairs. For
    /// the last program that has the ports.
    /// </summary>
    public void RemoveInterfaces()
    {
        (Left as KernelPort)?.RemoveInterface();
        (Right as KernelPort)?.RemoveInterface();
    }

    /// <inheritdoc cref="KernelPort.CountUnread"/>
    public void CountUnread(bool othersGoOn)
    {
        (Left as KernelPort)?.CountUnread(othersGoOn);
        (Right as KernelPort)?.CountUnread(othersGoOn);
    }

    /// <summary>The names by which the kernel forwards everything once no process has the ports; none where it does not.</summary>
    public IReadOnlyList<string> ExitLinks => Left is not PacketPort left || Right is not PacketPort right ? []
        : Linux.NetworkNamespace.Run(left.NetworkNamespace, left.Name, () =>
            ((int[])[left.InterfaceIndex, right.InterfaceIndex]).Where(KernelPath.ExitLinks.IsAt).Select(KernelPath.ExitLinks.PathOf).ToArray());

    /// <summary>Whether the ports' interfaces are there, without anybody's doing, exactly as long as their descriptors are open.</summary>
    public bool GoWithTheirDescriptors => Left is not PacketPort { HasPair: true } && Right is not PacketPort { HasPair: true };

    /// <summary>Goes on with ports that another program opened and found to fit.</summary>
    /// <param name="offload">What they were opened with.</param>
    /// <param name="handover">What that program's <see cref="Handover"/> was.</param>
    public static PortPair Adopt(PortSpecification left, PortSpecification right, bool offload, string handover)
    {
        string[] parts = handover.Split(HandoverSeparator, 4);
        IPort? first = parts[0].Length == 0 ? null : left.Adopt(offload, PortDescriptors.Parse(parts[0]));
        IPort second = parts[1].Length == 0 ? new NullPort(first!.LinkType) : right.Adopt(offload, PortDescriptors.Parse(parts[1]));
        first ??= new NullPort(second.LinkType);
        FastPath? path = parts[2].Length == 0 ? null : FastPath.Adopt((PacketPort)first, (PacketPort)second, parts[2]);
        return new PortPair(first, second, path, path is null ? parts[3] : null);
    }

    /// <summary>A <see cref="Handover"/> where each descriptor has another number.</summary>
    /// <exception cref="KeyNotFoundException">One has none.</exception>
    public static string Renumbered(string handover, IReadOnlyDictionary<int, int> numbers)
    {
        string[] parts = handover.Split(HandoverSeparator, 4);
        for (int i = 0; i < 2; i++)
            parts[i] = parts[i].Length == 0 ? "" : $"{PortDescriptors.Parse(parts[i]).Renumbered(numbers)}";
        parts[2] = parts[2].Length == 0 ? "" : FastPath.Renumbered(parts[2], numbers);
        return string.Join(HandoverSeparator, parts);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FastPath?.Dispose();
        Left.Dispose();
        Right.Dispose();
    }

    private static PortDescriptors? DescriptorsOf(IPort port) => (port as KernelPort)?.Descriptors;

    private static void Check(IPort left, IPort right)
    {
        if (left.LinkType != right.LinkType)
        {
            throw new PortException(
                $"{left.Specification}, {right.Specification}: one carries {Carried(left)}, the other {Carried(right)}; "
                + "use tun: for both, or tap: or an Ethernet interface for both");
        }

        if (left is not KernelPort first || right is not KernelPort second || first.NamespaceIdentity != second.NamespaceIdentity)
            return;
        if (first.InterfaceIndex == second.InterfaceIndex)
            throw Same($"{left.Specification}, {right.Specification}");

        (int leftBridge, int rightBridge) = Linux.NetworkNamespace.Run(first.NetworkNamespace, first.Name,
            () => (BridgeMembership.Of(first.InterfaceIndex), BridgeMembership.Of(second.InterfaceIndex)));
        if (leftBridge != 0 && leftBridge == rightBridge)
            throw new PortException(PortTrouble.OneBridge($"{left.Specification}, {right.Specification}", "ip", right.Name).Line);
    }

    private static PortException Same(string ports) => new(PortTrouble.Same(ports).Line);

    private static string Carried(IPort port) => port.LinkType == LinkType.Ethernet ? "Ethernet frames" : "IP packets";
}
