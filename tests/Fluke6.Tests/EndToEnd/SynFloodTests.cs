using System.Net.Sockets;
using System.Text;
using Fluke6.Linux;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>SYNs from addresses that never answer, as many as the machine can send, and real clients among them.</summary>
public sealed class SynFloodTests
{
    [Fact]
    public void EachClientIsServedWhileSynsFloodTheService()
    {
        using var host = new OneHost(
            "tap:fluke0", "--rules", FlukeProcess.Example("tcp-rot13-everywhere"), "--rules", FlukeProcess.Example("net-answer-everyone"));
        host.Address("10.5.0.1", "2001:db8:5::ffff");
        // TCP sends again what the TAP's full queue lost; address resolution soon gives up.
        for (int i = 0; i < 5; i++)
            host.Exec("ip", "neighbour", "replace", $"10.5.0.{100 + i}", "lladdr", "02:00:00:00:00:01", "dev", "fluke0", "nud", "permanent");
        using Socket wire = PacketSocket.Open(host.Name, "fluke0");
        using var stop = new CancellationTokenSource();
        int flooded = 0;
        var flood = new Thread(() =>
        {
            for (uint i = 0; !stop.IsCancellationRequested; i++, Volatile.Write(ref flooded, (int)i))
                wire.Send(Syn(i));
        });
        flood.Start();
        try
        {
            // 500 connections are what the service takes.
            Namespaces.Until(() => Volatile.Read(ref flooded) > 5_000, "a flood");
            for (int i = 0; i < 5; i++)
            {
                int before = Volatile.Read(ref flooded);
                using Socket client = NetworkNamespace.Run(host.Name, "", () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                client.ReceiveTimeout = 60_000;
                client.Connect($"10.5.0.{100 + i}", 1000 + i);
                Namespaces.Until(() => Volatile.Read(ref flooded) > before + 2_000, "the flood to go on");
                client.Send("Hello"u8);
                byte[] answer = new byte[100];
                Assert.Equal("Uryyb", Encoding.ASCII.GetString(answer, 0, client.Receive(answer)));
            }
        }
        finally
        {
            stop.Cancel();
            flood.Join();
        }
    }

    private static byte[] Syn(uint number)
    {
        byte[] frame = Convert.FromHexString(
            "020000000001" + "020000000002" + "0800"
            + "45000028" + "00000000" + "40060000" + "0a060000" + "0a05004d"
            + "0000" + "0050" + "00000000" + "00000000" + "5002" + "faf0" + "0000" + "0000");
        WriteUInt32BigEndian(frame.AsSpan(26), 0x0A06_0001 + (number % 60_000));
        WriteUInt16BigEndian(frame.AsSpan(34), (ushort)(1024 + (number % 50_000)));
        WriteUInt32BigEndian(frame.AsSpan(38), number * 0x9E37_79B1);
        WriteUInt16BigEndian(frame.AsSpan(24), (ushort)~Sum(frame.AsSpan(14, 20), 0));
        WriteUInt16BigEndian(frame.AsSpan(50), (ushort)~Sum(frame.AsSpan(34), 6 + 20u + Sum(frame.AsSpan(26, 8), 0)));
        return frame;
    }

    private static uint Sum(ReadOnlySpan<byte> octets, uint sum)
    {
        for (int i = 0; i < octets.Length; i += 2)
            sum += ReadUInt16BigEndian(octets[i..]);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return sum;
    }
}
