using System.Net.Sockets;
using Fluke6.Linux;

namespace Fluke6.Testing.Hosts;

/// <summary>Sends and receives whole frames at a host's interface. packet(7).</summary>
internal static class PacketSocket
{
    // ETH_P_ALL, in network byte order.
    private const ProtocolType AllProtocols = (ProtocolType)0x0300;

    public static Socket Open(string host, string name) => NetworkNamespace.Run(host, name, () =>
        Bind(int.Parse(File.ReadLines("/proc/thread-self/net/igmp6").First(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == name).Split('\t', ' ')[0])));

    /// <summary>The same for an interface by its number, also where it has no IPv6.</summary>
    public static Socket Open(string host, int index) => NetworkNamespace.Run(host, "test", () => Bind(index));

    private static Socket Bind(int index)
    {
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, AllProtocols) { ReceiveBufferSize = 4 << 20 };
        socket.Bind(new LinkEndPoint(index, isForAllProtocols: true));
        return socket;
    }
}
