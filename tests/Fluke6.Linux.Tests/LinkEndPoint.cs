using System.Net;
using System.Net.Sockets;

namespace Fluke6.Linux.Tests;

/// <summary>An interface, as <c>struct sockaddr_ll</c> names it.</summary>
internal sealed class LinkEndPoint(int index) : EndPoint
{
    public override AddressFamily AddressFamily => AddressFamily.Packet;

    public override SocketAddress Serialize()
    {
        var address = new SocketAddress(AddressFamily, 20);
        BitConverter.TryWriteBytes(address.Buffer.Span[4..], index);
        return address;
    }
}
