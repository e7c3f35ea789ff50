using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fluke6.Testing.Hosts;

/// <summary>An interface, as <c>struct sockaddr_ll</c> names it.</summary>
/// <param name="index">The interface's number.</param>
/// <param name="isForAllProtocols">Whether frames of every protocol are to be received; otherwise, those that the socket was made for.</param>
internal sealed class LinkEndPoint(int index, bool isForAllProtocols = false) : EndPoint
{
    public override AddressFamily AddressFamily => AddressFamily.Packet;

    public override SocketAddress Serialize()
    {
        var address = new SocketAddress(AddressFamily, 20);
        if (isForAllProtocols)
            BinaryPrimitives.WriteUInt16BigEndian(address.Buffer.Span[2..], 0x0003);    // ETH_P_ALL
        BitConverter.TryWriteBytes(address.Buffer.Span[4..], index);
        return address;
    }
}
