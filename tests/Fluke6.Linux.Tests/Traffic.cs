using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Fluke6.Linux.Tests;

/// <summary>What hosts in namespaces send each other. A socket stays in the namespace it was made in, whoever uses it.</summary>
internal static class Traffic
{
    private const int SOL_UDP = 17, UDP_SEGMENT = 103;

    /// <summary>Sends so many random octets by TCP and checks that exactly they arrive.</summary>
    public static void TransferTcp(string client, string server, string address, int octets)
    {
        byte[] data = new byte[octets];
        new Random(6).NextBytes(data);
        var end = new IPEndPoint(IPAddress.Parse(address), 5201);
        using Socket listener = In(server, () => new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(end);
        listener.Listen();
        Task<byte[]> received = Task.Factory.StartNew(() => Receive(listener), TaskCreationOptions.LongRunning);

        using Socket sender = In(client, () => new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        sender.SendTimeout = 20_000;
        Assert.True(sender.ConnectAsync(end).Wait(TimeSpan.FromSeconds(10)), "the connection was not made");
        for (int sent = 0; sent < data.Length;)
            sent += sender.Send(data.AsSpan(sent));
        sender.Shutdown(SocketShutdown.Send);
        Assert.True(received.Wait(TimeSpan.FromSeconds(30)), "the transfer did not end");
        Assert.Equal(SHA256.HashData(data), received.Result);
    }

    /// <summary>Sends datagrams by UDP segmentation offload, several to a call, and checks that each arrives by itself.</summary>
    public static void TransferUdp(string client, string server, string address, int datagrams, int size)
    {
        var end = new IPEndPoint(IPAddress.Parse(address), 5202);
        using Socket receiver = In(server, () => new Socket(end.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        receiver.ReceiveBufferSize = 4 * 1024 * 1024;
        receiver.ReceiveTimeout = 10_000;
        receiver.Bind(end);
        using Socket sender = In(client, () => new Socket(end.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        byte[] option = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(option, size);
        sender.SetRawSocketOption(SOL_UDP, UDP_SEGMENT, option);
        byte[] data = new byte[datagrams * size];
        for (int i = 0; i < datagrams; i++)
            data.AsSpan(i * size, size).Fill((byte)(i + 1));
        sender.SendTo(data, end);

        byte[] buffer = new byte[65536];
        for (int i = 0; i < datagrams; i++)
        {
            Assert.Equal(size, receiver.Receive(buffer));
            Assert.False(buffer.AsSpan(0, size).ContainsAnyExcept((byte)(i + 1)));
        }
    }

    /// <summary>Sends so many datagrams in one call, to whoever gets them.</summary>
    public static void SendSegmented(string client, string address, int datagrams, int size)
    {
        var end = new IPEndPoint(IPAddress.Parse(address), 5203);
        using Socket sender = In(client, () => new Socket(end.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        byte[] option = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(option, size);
        sender.SetRawSocketOption(SOL_UDP, UDP_SEGMENT, option);
        byte[] data = new byte[datagrams * size];
        new Random(size).NextBytes(data);
        sender.SendTo(data, end);
    }

    public static T In<T>(string? name, Func<T> make) => NetworkNamespace.Run(name, "test", make);

    private static byte[] Receive(Socket listener)
    {
        using Socket connection = listener.Accept();
        connection.ReceiveTimeout = 20_000;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[256 * 1024];
        while (connection.Receive(buffer) is > 0 and int count)
            hash.AppendData(buffer, 0, count);
        return hash.GetHashAndReset();
    }
}
