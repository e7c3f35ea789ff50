using Fluke6.Linux.Native;
using Fluke6.Ports;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

// Which interface the socket is bound to, and what becomes of it.
internal sealed unsafe partial class PacketPort
{
    /// <summary>How often this program has bound the socket to an interface. One that comes back may have the number that it had.</summary>
    internal int Bindings { get; private set; }

    private void Bind(int index)
    {
        sockaddr_ll address = default;
        address.sll_family = (ushort)AF_PACKET;
        address.sll_protocol = BitConverter.IsLittleEndian ? (ushort)(IfEther.ETH_P_ALL << 8) : IfEther.ETH_P_ALL;
        address.sll_ifindex = index;
        if (bind(_descriptor, (sockaddr*)&address, sizeof(sockaddr_ll)) < 0)
            throw PortException.From("binding to the interface", Name, errno, "it went away meanwhile; `ip link` lists what is there");

        packet_mreq membership = default;
        membership.mr_ifindex = index;
        membership.mr_type = (ushort)PACKET_MR_PROMISC;
        if (setsockopt(_descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof(packet_mreq)) < 0)
        {
            throw PortException.From(
                "listening to frames for others", Name, errno, "it went away meanwhile; `ip link` lists what is there");
        }

        InterfaceIndex = index;
        Bindings++;
        LearnTagRoom();
    }

    // 0 if the interface is gone: the kernel then says −1.
    private int BoundIndex() => TryGetBound(out int index) ? index : throw ClosedByOthers();

    /// <inheritdoc/>
    private protected override bool HasDescriptor() => TryGetBound(out _);

    private bool TryGetBound(out int index)
    {
        sockaddr_ll address;
        socklen_t length = sizeof(sockaddr_ll);
        bool isPacketSocket = getsockname(_descriptor, (sockaddr*)&address, &length) >= 0 && address.sll_family == AF_PACKET;
        index = isPacketSocket ? Math.Max(0, address.sll_ifindex) : 0;
        return isPacketSocket;
    }

    /// <summary>Follows the interface through a change of name, and looks for one of its name once it is gone.</summary>
    private void Follow()
    {
        Span<byte> name = stackalloc byte[If.IFNAMSIZ];
        if (InterfaceIndex != 0 && _control.TryGetName(InterfaceIndex, name))
        {
            if (!name.SequenceEqual(_name))
            {
                _name = name.ToArray();
                Name = InterfaceControl.NameString(_name);
            }

            return;
        }

        InterfaceIndex = 0;
        State = PortState.Gone;
        // An interface that comes in its place has another number.
        _lock?.Dispose();
        _lock = null;
        EndTunnels();
        int index = _control.IndexOf(_name);
        if (index == 0)
            return;

        try
        {
            _lock = TakeAgain(index);
            // The program that forwards what it leaves went with the interface.
            DetachFilter();
            Bind(index);
        }
        catch (PortException exception)
        {
            // Gone again between the two calls, or another Fluke6 has what came in its place; the next look will tell.
            if (exception.Errno != 0)
                Counters.CountError(exception.Errno);
        }
    }

    /// <summary>Locks what came in the interface's place; null if that is in a namespace which may not be entered any more.</summary>
    private InterfaceLock? TakeAgain(int index)
    {
        try
        {
            return Linux.NetworkNamespace.Run(NetworkNamespace, Name, () => InterfaceLock.Take(index, Specification, mayWait: false));
        }
        catch (PortException exception) when (exception.IsPermission)
        {
            return null;
        }
    }
}
