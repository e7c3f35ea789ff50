using Fluke6.TcpServices;
using Fluke6.Wire;
using static Fluke6.Core.Tests.TcpServices.Client;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>Whatever comes, a service takes up only so much.</summary>
public sealed class LimitTests
{
    [Fact]
    public void FloodOfSynsTakesTheHalfOpenConnectionsPlacesOnly()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 10 });
        Client[] open = [.. Enumerable.Range(1, 5).Select(port => new Client(host, port: port))];
        foreach (Client client in open)
            client.Connect();
        for (int i = 0; i < 10_000; i++)
            Assert.Single(new Client(host, $"203.0.113.{(i % 250) + 1}", port: 1000 + i).Send(Syn));
        Assert.Equal(10, host.Service.Connections);
        // The newest gets through, and those that were open still are.
        new Client(host, port: 9).Connect();
        foreach (Client client in open)
            Assert.Equal("x", Assert.Single(client.Say("x")).Text);
    }

    [Fact]
    public void OpenConnectionGoesOnlyIfItWasIdleAndTheOneIdleForLongest()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 2 });
        Client first = new(host, port: 1), second = new(host, port: 2), third = new(host, port: 3);
        first.Connect();
        second.Connect();
        Assert.Empty(third.Send(Syn));
        host.Pass(TimeSpan.FromSeconds(11));
        first.Send(Ack);
        third.Connect();
        Assert.Equal(2, host.Service.Connections);
        Assert.Equal("x", Assert.Single(first.Say("x")).Text);
        Assert.Equal(Rst, Assert.Single(second.Say("x")).Flags);
    }

    [Fact]
    public void ConnectionInTimeWaitGoesBeforeAnOpenOne()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 2 }, (connection, received) =>
        {
            if (!received.IsEmpty)
                connection.Close();
        });
        Client open = new(host, port: 1), closed = new(host, port: 2);
        open.Connect();
        closed.Connect();
        SentSegment fin = Assert.Single(closed.SayNext([1]));
        closed.Acknowledgment = fin.Sequence + 1;
        closed.Send(Fin | Ack);
        new Client(host, port: 3).Connect();
        Assert.Equal(2, host.Service.Connections);
        Assert.Single(open.Say("x"));
    }

    /// <summary>Valid segments of several clients, mutated: nothing throws, nothing grows, and who is honest is served.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void GarbageDoesNoHarm(int seed)
    {
        var random = new Random(seed);
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 20, BufferSize = 4096 }, (connection, received) =>
        {
            connection.Write(received);
            if (random.Next(50) == 0)
                connection.Close();
            if (random.Next(100) == 0)
                connection.Reset();
        });
        Client[] clients = [.. Enumerable.Range(1, 30).Select(port => new Client(host, port % 2 == 0 ? "192.0.2.1" : "2001:db8::1", port % 2 == 0 ? "198.51.100.1" : "2001:db8::2", port))];
        for (int i = 0; i < 40_000; i++)
        {
            Client client = clients[random.Next(clients.Length)];
            TcpFlags flags = random.Next(8) switch
            {
                0 => Syn,
                1 => Fin | Ack,
                2 => random.Next(4) == 0 ? Rst : Ack,
                3 => (TcpFlags)random.Next(256),
                _ => Ack,
            };
            // Mostly about where the connection is; now and then anywhere.
            uint sequence = random.Next(10) == 0 ? (uint)random.NextInt64() : client.Sequence + (uint)random.Next(-50, 5000);
            client.Window = (ushort)(random.Next(4) == 0 ? 0 : random.Next(65536));
            byte[] options = random.Next(3) switch { 0 => [], 1 => Segment.LinuxOptions(), _ => [1, 1, 8, 10, 0, 0, (byte)random.Next(3), 9, 0, 0, 0, 1] };
            byte[] frame = client.Frame(flags, Octets(random.Next(2) == 0 ? 0 : random.Next(1400)), options, sequence);
            if (random.Next(20) == 0)
                frame[random.Next(14, frame.Length)] = (byte)random.Next(256);
            foreach (SentSegment sent in host.Arrive(frame, random.Next(5) == 0 ? 1000 : 0))
            {
                if ((sent.Flags & Syn) != 0)
                    client.Sequence = sent.Acknowledgment;
                if (random.Next(3) > 0)
                    client.Acknowledgment = sent.Sequence + (uint)sent.Payload.Length + ((sent.Flags & (Syn | Fin)) != 0 ? 1u : 0);
                if (random.Next(3) > 0 && (sent.Flags & Ack) != 0)
                    client.Sequence = sent.Acknowledgment;
            }

            if (random.Next(10) == 0)
                host.Pass(TimeSpan.FromMilliseconds(random.Next(1000)));
            Assert.InRange(host.Service.Connections, 0, 20);
        }

        // Room for an honest one comes with time.
        host.Pass(TimeSpan.FromSeconds(11));
        var honest = new Client(host, "203.0.113.9");
        honest.Connect();
        Assert.NotEmpty(honest.Say("x"));
    }
}
