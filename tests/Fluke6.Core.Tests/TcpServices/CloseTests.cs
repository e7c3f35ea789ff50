using Fluke6.TcpServices;
using static Fluke6.Core.Tests.TcpServices.Client;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>How connections end: RFC 9293 §3.6.</summary>
public sealed class CloseTests
{
    private TcpConnection? _connection;
    private int _calls;
    private bool _wasAtEnd;

    private void Keep(TcpConnection connection, ReadOnlySpan<byte> received)
    {
        _connection = connection;
        _calls++;
        _wasAtEnd = connection.IsAtEnd;
        connection.Write(received);
    }

    [Fact]
    public void ClientClosesFirstAndTheServiceAfterAllThatItHadToSay()
    {
        var host = new ServiceHost(handler: Keep);
        var client = new Client(host);
        client.Connect();
        SentSegment last = Assert.Single(client.Send(Fin | Ack, "bye"u8.ToArray()));
        // Reply, acknowledgment of the FIN, and FIN in one.
        Assert.Equal(("bye", Ack | Psh | Fin, client.Sequence + 4), (last.Text, last.Flags, last.Acknowledgment));
        Assert.True(_wasAtEnd);
        Assert.Equal(3, _calls);
        Assert.Equal(TcpConnectionState.LastAck, _connection!.State);

        client.Sequence += 4;
        Assert.Empty(client.AcknowledgeUpTo(last.Sequence + 4));
        Assert.Equal((0, TcpConnectionState.Closed), (host.Service.Connections, _connection.State));
    }

    [Fact]
    public void LastReplyMayBeWrittenAtTheEnd()
    {
        var host = new ServiceHost(handler: (connection, _) =>
        {
            if (connection.IsAtEnd)
                connection.Write("sum"u8);
        });
        var client = new Client(host);
        client.Connect();
        client.SayNext([1, 2]);
        SentSegment reply = Assert.Single(client.Send(Fin | Ack));
        Assert.Equal(("sum", Ack | Psh | Fin), (reply.Text, reply.Flags));
    }

    [Fact]
    public void LostFinIsSentAgainAndTheClientsFinAcknowledgedAgain()
    {
        var host = new ServiceHost(handler: Keep);
        var client = new Client(host);
        client.Connect();
        SentSegment fin = Assert.Single(client.Send(Fin | Ack));
        Assert.Equal(Fin | Ack, fin.Flags);
        Assert.Equal(fin.Frame, Assert.Single(host.Pass(TimeSpan.FromMilliseconds(200))).Frame);
        SentSegment again = Assert.Single(client.Send(Fin | Ack));
        Assert.Equal((Ack, client.Sequence + 1), (again.Flags, again.Acknowledgment));
    }

    [Fact]
    public void FinAheadOfLostDataCountsWhenThatIsThere()
    {
        var host = new ServiceHost(handler: Keep);
        var client = new Client(host);
        client.Connect();
        SentSegment duplicate = Assert.Single(client.Send(Fin | Ack, "b"u8.ToArray(), sequence: client.Sequence + 1));
        Assert.Equal((Ack, client.Sequence), (duplicate.Flags, duplicate.Acknowledgment));
        Assert.Equal(TcpConnectionState.Established, _connection!.State);
        SentSegment last = Assert.Single(client.Say("a"));
        Assert.Equal(("ab", Ack | Psh | Fin, client.Sequence + 3), (last.Text, last.Flags, last.Acknowledgment));
    }

    [Fact]
    public void ServiceClosesFirstAndTheClientAfterIt()
    {
        var host = new ServiceHost(handler: Keep);
        var client = new Client(host);
        client.Connect();
        _connection!.Write("bye"u8);
        _connection.Close();
        Assert.Equal(0, _connection.WriteRoom);
        Assert.False(_connection.Write("x"u8));
        SentSegment fin = Assert.Single(host.Pass(TimeSpan.FromMilliseconds(25)));
        Assert.Equal(("bye", Ack | Psh | Fin), (fin.Text, fin.Flags));
        Assert.Equal(TcpConnectionState.FinWait1, _connection.State);

        Assert.Empty(client.AcknowledgeUpTo(fin.Sequence + 4));
        Assert.Equal(TcpConnectionState.FinWait2, _connection.State);
        // What the client still says is acknowledged, and nobody is told.
        int calls = _calls;
        SentSegment reply = Assert.Single(client.SayNext([1, 2, 3]));
        Assert.Equal((Ack, client.Sequence), (reply.Flags, reply.Acknowledgment));
        Assert.Equal(calls, _calls);

        reply = Assert.Single(client.Send(Fin | Ack));
        Assert.Equal((Ack, client.Sequence + 1), (reply.Flags, reply.Acknowledgment));
        Assert.Equal(TcpConnectionState.TimeWait, _connection.State);
        // The acknowledgment was lost: it is given again, and the wait begins anew.
        host.Pass(TimeSpan.FromSeconds(59));
        Assert.Equal(reply.Frame, Assert.Single(client.Send(Fin | Ack)).Frame);
        Assert.Empty(host.Pass(TimeSpan.FromSeconds(59)));
        Assert.Equal(1, host.Service.Connections);
        Assert.Empty(host.Pass(TimeSpan.FromSeconds(2)));
        Assert.Equal(0, host.Service.Connections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BothCloseAtOnce(bool acknowledgedWithTheFin)
    {
        var host = new ServiceHost(handler: Keep);
        var client = new Client(host);
        client.Connect();
        _connection!.Close();
        SentSegment fin = Assert.Single(host.Pass(TimeSpan.FromMilliseconds(25)));
        if (acknowledgedWithTheFin)
            client.Acknowledgment = fin.Sequence + 1;
        SentSegment reply = Assert.Single(client.Send(Fin | Ack));
        Assert.Equal((Ack, client.Sequence + 1), (reply.Flags, reply.Acknowledgment));
        Assert.Equal(acknowledgedWithTheFin ? TcpConnectionState.TimeWait : TcpConnectionState.Closing, _connection.State);
        client.Sequence++;
        client.AcknowledgeUpTo(fin.Sequence + 1);
        Assert.Equal(TcpConnectionState.TimeWait, _connection.State);
    }

    [Fact]
    public void NewSynEndsTimeWait()
    {
        var host = new ServiceHost(handler: (connection, _) => connection.Close());
        var client = new Client(host);
        SentSegment synAck = Assert.Single(client.Send(Syn, sequence: 1000));
        client.Acknowledgment = synAck.Sequence + 1;
        SentSegment fin = Assert.Single(client.Send(Ack));
        Assert.Equal(Fin | Ack, fin.Flags);
        client.Acknowledgment = fin.Sequence + 1;
        client.Send(Fin | Ack);
        Assert.Equal(1, host.Service.Connections);
        // RFC 9293 §3.10.7.4: with a later number; an earlier one may be an old segment.
        Assert.Equal(Ack, Assert.Single(client.Send(Syn, sequence: 900)).Flags);
        Assert.Equal(Syn | Ack, Assert.Single(client.Send(Syn, sequence: 5000)).Flags);
    }

    [Fact]
    public void ClientThatNeverClosesIsForgottenAfterTheServiceDid()
    {
        var host = new ServiceHost(handler: Keep);
        var client = new Client(host);
        client.Connect();
        _connection!.Close();
        SentSegment fin = Assert.Single(host.Pass(TimeSpan.FromMilliseconds(25)));
        client.AcknowledgeUpTo(fin.Sequence + 1);
        Assert.Equal(Rst | Ack, Assert.Single(host.Pass(TimeSpan.FromSeconds(61))).Flags);
        Assert.Equal(0, host.Service.Connections);
    }

    [Fact]
    public void IdleConnectionIsGivenUpInTheEnd()
    {
        var host = new ServiceHost(new TcpServiceOptions { IdleTimeout = TimeSpan.FromMinutes(1) });
        var client = new Client(host);
        client.Connect();
        Assert.Empty(host.Pass(TimeSpan.FromSeconds(59)));
        Assert.Equal(Rst | Ack, Assert.Single(host.Pass(TimeSpan.FromSeconds(2))).Flags);
        Assert.Equal(0, host.Service.Connections);
    }

    [Fact]
    public void ResetFromTheHandlerReachesTheClient()
    {
        var host = new ServiceHost(handler: (connection, received) =>
        {
            if (!received.IsEmpty)
                connection.Reset();
        });
        var client = new Client(host);
        client.Connect();
        SentSegment reset = Assert.Single(client.SayNext([1]));
        Assert.Equal((Rst | Ack, client.Acknowledgment, client.Sequence), (reset.Flags, reset.Sequence, reset.Acknowledgment));
        Assert.Equal(0, host.Service.Connections);
    }

    [Fact]
    public void ConnectionThatIsOverWritesToNobody()
    {
        var host = new ServiceHost(handler: Keep);
        var client = new Client(host);
        client.Connect();
        TcpConnection first = _connection!;
        client.Send(Rst);
        Assert.False(first.Write("x"u8));
        client.Connect();
        Assert.NotSame(first, _connection);
        first.Write("x"u8);
        first.Reset();
        Assert.Empty(host.Pass(TimeSpan.FromSeconds(1)));
        Assert.Equal(1, host.Service.Connections);
    }
}
