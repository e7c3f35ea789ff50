using Fluke6.TcpServices;
using static Fluke6.Core.Tests.TcpServices.Client;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>A flood of SYNs from addresses that do not answer leaves honest clients their turn. RFC 4987 §3.6.</summary>
public sealed class SynFloodTests
{
    private static readonly byte[] s_options = Segment.LinuxOptions();
    private int _flooded;

    // A round trip of 200 ms, and 20,000 SYNs meanwhile: 100,000 a second.
    [Theory]
    [InlineData("192.0.2.1", "198.51.100.1")]
    [InlineData("2001:db8::1", "2001:db8::2")]
    public void ClientIsServedHoweverManySynsComeMeanwhile(string address, string server)
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 50 });
        Flood(host, 1000);
        for (int port = 1; port <= 20; port++)
        {
            var client = new Client(host, address, server, port);
            SentSegment synAck = Assert.Single(client.Send(Syn, options: s_options, sequence: client.Sequence - 1));
            Assert.Equal(Syn | Ack, synAck.Flags);
            Flood(host, 20_000);
            host.Pass(TimeSpan.FromMilliseconds(200));
            client.Acknowledgment = synAck.Sequence + 1;
            client.Send(Ack);
            Flood(host, 1000);
            Assert.Equal("honest", Assert.Single(client.SayNext("honest"u8.ToArray())).Text);
            Assert.InRange(host.Service.Connections, 1, 50);
        }
    }

    [Fact]
    public void AnswerThatIsNotKeptTakesUpNoOptionThatWouldHaveToBe()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 2 });
        Flood(host, 2);
        var client = new Client(host);
        SentSegment synAck = client.Connect(s_options);
        // Those of Linux, octet for octet, with NOPs for window scale, SACK and timestamps.
        Assert.Equal("020405b4" + string.Concat(Enumerable.Repeat("01", 16)), Hex.Of(synAck.Options));
        // The window is not scaled, segments bear no timestamp, a gap is told of without SACK.
        client.Window = 1000;
        SentSegment reply = Assert.Single(client.SayNext("x"u8.ToArray()));
        Assert.Empty(reply.Options);
        Assert.Empty(Assert.Single(client.Say("later", offset: 5)).Options);
    }

    [Theory]
    [InlineData(new byte[] { 2, 4, 5, 0xB4 }, 1460)]
    [InlineData(new byte[] { 2, 4, 5, 0xA0 }, 1440)]
    [InlineData(new byte[] { 2, 4, 5, 0xAA }, 1440)]
    [InlineData(new byte[] { 2, 4, 4, 0xC4 }, 1220)]
    [InlineData(new byte[0], 536)]
    [InlineData(new byte[] { 2, 4, 0, 100 }, 64)]
    public void SegmentsAreNoLongerThanTheClientTakes(byte[] options, int longest)
    {
        var host = new ServiceHost(
            new TcpServiceOptions { MaxConnections = 2 }, (connection, received) => connection.Write(new byte[received.IsEmpty ? 0 : 4000]));
        Flood(host, 2);
        var client = new Client(host);
        client.Connect(options);
        Assert.Equal(longest, client.SayNext([1])[0].Payload.Length);
    }

    [Fact]
    public void DataWithTheFirstAcknowledgmentIsTaken()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 2 });
        Flood(host, 2);
        var client = new Client(host);
        SentSegment synAck = Assert.Single(client.Send(Syn, sequence: client.Sequence - 1));
        client.Acknowledgment = synAck.Sequence + 1;
        Assert.Equal("GET", Assert.Single(client.Say("GET")).Text);
    }

    [Fact]
    public void NumberThatWasNotGivenOrIsTooOldIsReset()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 2 });
        Flood(host, 2);
        Client client = new(host), other = new(host, port: 7);
        SentSegment synAck = Assert.Single(client.Send(Syn, sequence: client.Sequence - 1));
        for (uint wrong = 0; wrong < 1000; wrong++)
        {
            client.Acknowledgment = synAck.Sequence + 1 + ((wrong + 1) * 0x9E37_79B1);
            Assert.Equal(Rst, Assert.Single(client.Send(Ack)).Flags & Rst);
        }

        // Another connection's, and the right one with another sequence number.
        other.Acknowledgment = client.Acknowledgment = synAck.Sequence + 1;
        Assert.Equal(Rst, Assert.Single(other.Send(Ack)).Flags & Rst);
        Assert.Equal(Rst, Assert.Single(client.Send(Ack, sequence: client.Sequence + 1)).Flags & Rst);

        // It holds for 64 s at least, and for 128 s at most.
        host.Worker.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(client.Send(Ack));
        host.Worker.Advance(TimeSpan.FromSeconds(70));
        Flood(host, 10);
        other = new Client(host, port: 8) { Acknowledgment = Assert.Single(new Client(host, port: 8).Send(Syn)).Sequence + 1 };
        host.Worker.Advance(TimeSpan.FromSeconds(130));
        Assert.Equal(Rst, Assert.Single(other.Send(Ack)).Flags & Rst);
    }

    [Fact]
    public void FloodTakesNoOpenConnectionsPlaceAndOneIdleOneAtTheMost()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 10 });
        Client[] open = [.. Enumerable.Range(1, 10).Select(port => new Client(host, port: port))];
        foreach (Client client in open)
            client.Connect();
        host.Pass(TimeSpan.FromSeconds(11));
        Flood(host, 10_000);
        Assert.InRange(open.Count(client => client.Say("x")[0].Text == "x"), 9, 10);
    }

    [Fact]
    public void CookieThatIsUnderWayHoldsOverAReload()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 2 });
        Flood(host, 2);
        var client = new Client(host);
        SentSegment synAck = Assert.Single(client.Send(Syn, sequence: client.Sequence - 1));
        host.Reload(ServiceHost.Echo, new TcpServiceOptions { MaxConnections = 2 });
        client.Acknowledgment = synAck.Sequence + 1;
        client.Send(Ack);
        Assert.Equal("x", Assert.Single(client.Say("x")).Text);
    }

    // Once the flood is over, clients get all their options again.
    [Fact]
    public void PlacesOfThoseThatNeverAnsweredAreFreeAfterThreeSeconds()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 10 });
        Flood(host, 1000);
        host.Pass(TimeSpan.FromSeconds(4));
        Assert.Equal(s_options, new Client(host).Connect(s_options).Options);
    }

    private void Flood(ServiceHost host, int count)
    {
        host.Records = false;
        for (int i = 0; i < count; i++, _flooded++)
            host.Run(new Client(host, $"203.0.{_flooded / 250 % 256}.{(_flooded % 250) + 1}", port: 1000 + (_flooded % 60_000)).Frame(Syn));
        host.Records = true;
    }
}
