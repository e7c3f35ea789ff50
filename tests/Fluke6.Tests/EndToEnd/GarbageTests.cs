using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Random octets as frames, with the example chain loaded.</summary>
public sealed class GarbageTests
{
    private const int Frames = 200_000, EtherTypeOfNobody = 0x88b5;    // IEEE 802 local experimental
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    [Fact]
    public void NothingCrashesAndWhatIsNotUnderstoodPassesUnchanged()
    {
        using var hosts = new TwoHosts(packetPorts: true, FlukeProcess.ExampleChain);
        using Socket sender = PacketSocket.Open(hosts.Left, "h0");
        using Socket receiver = PacketSocket.Open(hosts.Right, "h0");
        var random = new Random(60);
        byte[] frame = new byte[1514], arrived = new byte[2048];
        long start = Stopwatch.GetTimestamp();
        int sent = 0;
        for (; sent < Frames && Stopwatch.GetElapsedTime(start) < s_longest; sent++)
        {
            int length = random.Next(14, frame.Length);
            random.NextBytes(frame.AsSpan(0, length));
            // Half of them look like something, so that the walk gets further; the kernel routes none of them anywhere.
            if (sent % 2 == 0)
                Plausible(random, frame);
            TrySend(sender, frame.AsSpan(0, length));

            if (sent % 1000 != 0)
                continue;

            frame[12] = EtherTypeOfNobody >> 8;
            frame[13] = EtherTypeOfNobody & 0xff;
            BitConverter.TryWriteBytes(frame.AsSpan(14), sent);
            byte[] marked = frame[..100];
            Namespaces.Until(() => TrySend(sender, marked), "room to send");
            Namespaces.Until(() => Arrives(receiver, arrived, marked), $"frame {sent}, unchanged");
        }

        Assert.True(sent > 1000, $"only {sent} frames were sent");
        hosts.Bridge.Signal("INT");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        JsonElement stats = hosts.Bridge.LastJson("stats");
        Assert.All(stats.GetProperty("rules").EnumerateArray(), rule => Assert.Equal(0, rule.GetProperty("faults").GetInt64()));
        Assert.True(stats.GetProperty("ports").GetProperty("left").GetProperty("notUnderstood").GetInt64() > 1000);
        Assert.False(hosts.Bridge.TryFindJson("fault", _ => true, out _));
        Assert.Empty(hosts.Bridge.Errors);
    }

    private static void Plausible(Random random, byte[] frame)
    {
        (frame[12], frame[13]) = random.Next(4) switch
        {
            0 => ((byte)0x08, (byte)0x00),
            1 => ((byte)0x08, (byte)0x06),
            2 => ((byte)0x81, (byte)0x00),
            _ => ((byte)0x86, (byte)0xdd),
        };
        frame[14] = frame[12] == 0x86 ? (byte)0x60 : (byte)(0x40 | random.Next(4, 9));
        frame[20] = random.Next(2) == 0 ? (byte)58 : (byte)6;
        frame[23] = random.Next(2) == 0 ? (byte)6 : (byte)17;
    }

    private static bool TrySend(Socket socket, ReadOnlySpan<byte> frame)
    {
        try
        {
            return socket.Send(frame) == frame.Length;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.NoBufferSpaceAvailable or SocketError.WouldBlock)
        {
            return false;
        }
    }

    private static bool Arrives(Socket socket, byte[] arrived, byte[] expected)
    {
        while (socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
        {
            int length = socket.Receive(arrived);
            if (arrived.AsSpan(0, length).SequenceEqual(expected))
                return true;
        }

        return false;
    }
}
