using Fluke6.TcpServices;
using static Fluke6.Core.Tests.TcpServices.Client;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>
/// What takes up no sequence number keeps within the client's window, else the client throws it away: RFC 9293 §3.10.7.4, first, and for
/// resets RFC 5961 §3.2.
/// </summary>
public sealed class ShutWindowTests
{
    private const uint Initial = 1_000_000;
    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(200);

    private TcpConnection? _connection;

    /// <summary>A service that says something, and a client that has no room for it and was asked for some.</summary>
    private (ServiceHost Host, Client Client) Probed(uint initial = Initial, TcpServiceOptions? options = null)
    {
        var host = new ServiceHost(options, (connection, received) =>
        {
            _connection = connection;
            if (received.Length == 1)
                Assert.True(connection.Write(Octets(3000)));
        });
        var client = new Client(host) { Window = 0 };
        client.ConnectAt(initial);
        Assert.Empty(Assert.Single(client.SayNext([1])).Payload);
        SentSegment probe = Assert.Single(host.Pass(s_timeout));
        Assert.Equal((initial + 1, 1), (probe.Sequence, probe.Payload.Length));
        Assert.Empty(client.Send(Ack));    // still shut
        return (host, client);
    }

    [Theory]
    [InlineData(Initial)]
    [InlineData(uint.MaxValue)]
    [InlineData(uint.MaxValue - 1)]    // sequence numbers wrap around with the probe
    [InlineData(int.MaxValue - 1u)]
    public void AcknowledgmentAfterAProbeDoesNotCountIt(uint initial)
    {
        var (_, client) = Probed(initial);
        SentSegment acknowledgment = Assert.Single(client.SayNext(Octets(20)));
        Assert.Equal((Ack, initial + 1, client.Sequence), (acknowledgment.Flags, acknowledgment.Sequence, acknowledgment.Acknowledgment));
        // The client took the probe's octet: it counts, and the next window begins behind it.
        client.Acknowledgment = initial + 2;
        Assert.Equal(initial + 2, Assert.Single(client.SayNext(Octets(20))).Sequence);
        client.Window = 1460;
        Assert.Equal(initial + 2, client.Send(Ack)[0].Sequence);
    }

    [Theory]
    [InlineData(Initial)]
    [InlineData(uint.MaxValue - 1)]
    public void ResetAfterAProbeDoesNotCountIt(uint initial)
    {
        var (host, _) = Probed(initial);
        _connection!.Reset();
        SentSegment reset = Assert.Single(host.Pass(TimeSpan.FromMilliseconds(25)));
        Assert.Equal((Rst | Ack, initial + 1), (reset.Flags, reset.Sequence));
    }

    [Fact]
    public void ResetOfAnIdleConnectionReachesAClientWhoseWindowIsShut()
    {
        var (host, _) = Probed(options: new TcpServiceOptions { IdleTimeout = TimeSpan.FromSeconds(30) });
        SentSegment reset = host.Pass(TimeSpan.FromSeconds(31))[^1];
        Assert.Equal((Rst | Ack, Initial + 1), (reset.Flags, reset.Sequence));
        Assert.Equal(0, host.Service.Connections);
    }

    [Fact]
    public void AcknowledgmentKeepsWithinAWindowThatWasTakenBack()
    {
        var client = new Client(new ServiceHost(handler: (connection, received) => connection.Write(received.Length == 1 ? Octets(300) : []))) { Window = 300 };
        client.ConnectAt(uint.MaxValue - 200);
        Assert.Equal(300, Assert.Single(client.SayNext([1])).Payload.Length);
        Assert.Equal(client.Acknowledgment + 300, Assert.Single(client.SayNext(Octets(20))).Sequence);
        client.Window = 100;
        // RFC 9293 §3.8.6: a client should not, but some do.
        client.Send(Ack);
        Assert.Equal(client.Acknowledgment + 100, Assert.Single(client.SayNext(Octets(20))).Sequence);
    }

    [Fact]
    public void ChallengeInTheHandshakeCountsTheSynAckAlthoughNoWindowIsKnown()
    {
        var client = new Client(new ServiceHost());
        SentSegment synAck = Assert.Single(client.Send(Syn, sequence: client.Sequence - 1));
        client.Acknowledgment = synAck.Sequence + 1;
        SentSegment challenge = Assert.Single(client.Send(Ack, sequence: client.Sequence - 100));
        Assert.Equal((Ack, synAck.Sequence + 1), (challenge.Flags, challenge.Sequence));
    }
}
