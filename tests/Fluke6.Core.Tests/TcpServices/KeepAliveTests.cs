using Fluke6.TcpServices;
using static Fluke6.Core.Tests.TcpServices.Client;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>Keep-alives: the number before the next one, with nothing or an octet of garbage. RFC 9293 §3.8.4, RFC 1122 §4.2.3.6.</summary>
public sealed class KeepAliveTests
{
    private static readonly TcpServiceOptions s_tenSeconds = new() { IdleTimeout = TimeSpan.FromSeconds(10) };
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private static SentSegment[] KeepAlive(Client client, byte[]? garbage = null) => client.Send(Ack, garbage, sequence: client.Sequence - 1);

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x2A })]
    public void ClientThatKeepsAliveIsNotIdle(byte[] garbage)
    {
        int received = 0;
        var host = new ServiceHost(s_tenSeconds, (_, octets) => received += octets.Length);
        var client = new Client(host);
        client.Connect();
        for (int i = 0; i < 30; i++)
        {
            Assert.Empty(host.Pass(s_second));
            SentSegment answer = Assert.Single(KeepAlive(client, garbage));
            Assert.Equal((Ack, client.Acknowledgment, client.Sequence), (answer.Flags, answer.Sequence, answer.Acknowledgment));
        }

        Assert.Equal(0, received);
        Assert.Equal(Rst | Ack, Assert.Single(host.Pass(TimeSpan.FromSeconds(11))).Flags);
    }

    [Fact]
    public void ClientThatKeepsAliveDoesNotGiveWay()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 2 });
        Client first = new(host, port: 1), second = new(host, port: 2), third = new(host, port: 3), fourth = new(host, port: 4);
        first.Connect();
        second.Connect();
        host.Pass(TimeSpan.FromSeconds(9));
        KeepAlive(first);
        host.Pass(TimeSpan.FromSeconds(9));
        // The second was silent for longer; then there is nobody left to give way.
        third.Connect();
        Assert.Empty(fourth.Send(Syn));
        Assert.Equal("x", Assert.Single(first.Say("x")).Text);
        Assert.Equal(Rst, Assert.Single(second.Say("x")).Flags);
    }

    [Fact]
    public void AnswersAreNotRationedAndLeaveTheChallengesToOthers()
    {
        var host = new ServiceHost();
        Client[] clients = [.. Enumerable.Range(1, 200).Select(port => new Client(host, port: port))];
        foreach (Client client in clients)
            client.Connect();
        host.Pass(s_second);
        foreach (Client client in clients)
            Assert.Single(KeepAlive(client));
        Assert.Equal(100, Enumerable.Range(0, 200).Sum(_ => clients[0].Send(Syn, sequence: 77).Length));
        host.Pass(TimeSpan.FromSeconds(0.5));
        Assert.Single(KeepAlive(clients[0]));
    }

    [Fact]
    public void AnswersToAnswersAreRationed()
    {
        var host = new ServiceHost();
        var client = new Client(host);
        client.Connect();
        host.Pass(s_second);
        // One more than the challenges: the first comes after silence, as a keep-alive does.
        Assert.Equal(101, Enumerable.Range(0, 1000).Sum(_ => KeepAlive(client).Length));
    }

    [Theory]
    [InlineData(1L)]
    [InlineData(1L << 31)]
    [InlineData(-60_001L)]
    public void BlindAttackerKeepsNothingAlive(long offset)
    {
        var host = new ServiceHost(s_tenSeconds);
        var client = new Client(host) { Window = 60_000 };
        client.Connect();
        client.Acknowledgment = (uint)(client.Acknowledgment + offset);    // RFC 5961 §5
        for (int i = 0; i < 9; i++)
        {
            host.Pass(s_second);
            KeepAlive(client);
            KeepAlive(client, [0x2A]);
        }

        Assert.Equal(Rst | Ack, Assert.Single(host.Pass(TimeSpan.FromSeconds(2))).Flags);
    }

    [Fact]
    public void NeitherHalfOpenConnectionsNorOldDuplicatesAreKeptAlive()
    {
        var host = new ServiceHost(s_tenSeconds);
        Client half = new(host, port: 1), old = new(host, port: 2);
        SentSegment synAck = Assert.Single(half.Send(Syn, sequence: half.Sequence - 1));
        half.Acknowledgment = synAck.Sequence + 1;
        old.Connect(Segment.LinuxOptions());
        old.Options = [1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 1];
        old.SayNext([1]);
        old.Acknowledgment++;
        old.Send(Ack);
        old.Options = [1, 1, 8, 10, 0, 0, 0, 8, 0, 0, 0, 1];    // RFC 7323 §5
        int resets = 0;
        for (int i = 0; i < 11; i++)
        {
            resets += host.Pass(s_second).Count(segment => segment.Flags == (Rst | Ack));
            if (i < 9)
            {
                KeepAlive(half);
                KeepAlive(old);
            }
        }

        Assert.Equal((2, 0), (resets, host.Service.Connections));
    }
}
