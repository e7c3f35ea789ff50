using Fluke6.TcpServices;
using static Fluke6.Core.Tests.TcpServices.Client;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>What is sent again is what was sent, no more: RFC 5681 §3.2, RFC 6582 §3.2.</summary>
public sealed class FastRetransmitTests
{
    private static readonly byte[] s_mss = [2, 4, 1000 >> 8, 1000 & 0xFF];

    private TcpConnection? _connection;

    /// <summary>An echo whose client has taken in nothing of what it said, and has no window for more.</summary>
    /// <param name="sent">The lengths of what was sent.</param>
    /// <param name="heldBack">How many octets are written and not sent.</param>
    /// <param name="closes">Whether the service closes behind them.</param>
    private (ServiceHost Host, Client Client) Echo(int[] sent, int heldBack, bool closes = false)
    {
        var host = new ServiceHost(handler: (connection, received) =>
        {
            _connection = connection;
            Assert.True(connection.Write(received));
            if (closes && received.Length == heldBack)
                connection.Close();
        });
        var client = new Client(host) { Window = (ushort)sent.Sum() };
        // The numbers wrap around within what was sent.
        client.ConnectAt(uint.MaxValue - 150, s_mss);
        foreach (int length in sent)
            Assert.Equal(length, Assert.Single(client.SayNext(Octets(length))).Payload.Length);
        if (heldBack > 0)
            Assert.Empty(Assert.Single(client.SayNext(Octets(heldBack))).Payload);
        return (host, client);
    }

    private static SentSegment[] ThreeDuplicates(Client client)
    {
        Assert.Empty(client.Send(Ack));
        Assert.Empty(client.Send(Ack));
        return client.Send(Ack);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SendsAgainWhatWasSentAndNothingThatIsHeldBack(bool closes)
    {
        var (host, client) = Echo([100, 100, 100], heldBack: 500, closes);
        uint first = client.Acknowledgment;
        SentSegment again = Assert.Single(ThreeDuplicates(client));
        Assert.Equal((first, 300, Ack), (again.Sequence, again.Payload.Length, again.Flags));
        Assert.Equal(TcpConnectionState.Established, _connection!.State);

        // It arrives, and there is room: the rest comes, and the connection goes on to its end.
        client.Window = 60_000;
        SentSegment rest = Assert.Single(client.AcknowledgeUpTo(first + 300));
        Assert.Equal((first + 300, 500, Ack | Psh | (closes ? Fin : None)), (rest.Sequence, rest.Payload.Length, rest.Flags));
        Assert.Empty(client.AcknowledgeUpTo(first + 800 + (closes ? 1u : 0)));
        SentSegment last = Assert.Single(client.Send(Fin | Ack));
        Assert.Equal(Ack | (closes ? None : Fin), last.Flags);
        Assert.Equal(client.Sequence + 1, last.Acknowledgment);
        client.Sequence++;
        if (!closes)
            client.AcknowledgeUpTo(last.Sequence + 1);
        Assert.Empty(host.Pass(TimeSpan.FromSeconds(61)));
        Assert.Equal(0, host.Service.Connections);
    }

    [Fact]
    public void PartialAcknowledgmentSendsAgainOnlyWhatWasSent()
    {
        var (_, client) = Echo([1000, 300], heldBack: 2000);
        uint first = client.Acknowledgment;
        SentSegment again = Assert.Single(ThreeDuplicates(client));
        Assert.Equal((first, 1000), (again.Sequence, again.Payload.Length));
        client.Window = 300;
        SentSegment next = Assert.Single(client.AcknowledgeUpTo(first + 1000));
        Assert.Equal((first + 1000, 300), (next.Sequence, next.Payload.Length));
    }

    [Fact]
    public void TimeoutSendsAgainOnlyWhatTheWindowHasRoomFor()
    {
        var (host, client) = Echo([100, 100, 100], heldBack: 500, closes: true);
        SentSegment again = Assert.Single(host.Pass(TimeSpan.FromMilliseconds(200)));
        Assert.Equal((client.Acknowledgment, 300, Ack), (again.Sequence, again.Payload.Length, again.Flags));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FinGoesAlongOnlyIfItWasSent(bool wasSent)
    {
        var (host, client) = Echo([100, 100, 100], heldBack: 0);
        uint first = client.Acknowledgment;
        Assert.Empty(client.Send(Ack));
        Assert.Empty(client.Send(Ack));
        _connection!.Close();
        if (wasSent)
            Assert.Equal(Fin | Ack, Assert.Single(host.Pass(TimeSpan.FromMilliseconds(25))).Flags);
        SentSegment[] third = client.Send(Ack);
        Assert.Equal((first, 300), (third[0].Sequence, third[0].Payload.Length));
        if (wasSent)
        {
            Assert.Equal(Ack | Psh | Fin, Assert.Single(third).Flags);
        }
        else
        {
            // It is sent for the first time behind it.
            Assert.Equal([Ack | Psh, Fin | Ack], third.Select(segment => segment.Flags));
            Assert.Equal(first + 300, third[1].Sequence);
        }

        Assert.Empty(client.AcknowledgeUpTo(first + 301));
        Assert.Equal(TcpConnectionState.FinWait2, _connection.State);
    }
}
