using Fluke6.TcpServices;
using Fluke6.Wire;
using static Fluke6.Core.Tests.TcpServices.Client;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>How connections begin: RFC 9293 §3.5, and what their options agree upon.</summary>
public sealed class HandshakeTests
{
    private static readonly byte[] s_linux = Segment.LinuxOptions();

    [Theory]
    [InlineData("192.0.2.1", "198.51.100.1")]
    [InlineData("2001:db8::1", "2001:db8::2")]
    public void SynIsAnsweredWithItsOptionsAndDataComesBack(string address, string server)
    {
        var host = new ServiceHost();
        var client = new Client(host, address, server);
        SentSegment synAck = client.Connect(s_linux);
        Assert.Equal(s_linux, synAck.Options);
        Assert.Equal(ushort.MaxValue, synAck.Window);

        client.Options = Segment.Timestamps;
        SentSegment reply = Assert.Single(client.Say("hello"));
        Assert.Equal("hello", reply.Text);
        Assert.Equal(Ack | Psh, reply.Flags);
        Assert.Equal((client.Acknowledgment, client.Sequence + 5), (reply.Sequence, reply.Acknowledgment));
        Assert.Equal(Verdict.Drop, client.Verdict);
        Assert.Equal(1, host.Service.Connections);
    }

    [Fact]
    public void ListOfOnesChoiceTakesTheOptionsPlace()
    {
        var client = new Client(new ServiceHost(new TcpServiceOptions { SynAckOptions = new byte[] { 2, 4, 2, 0x18 } }));
        Assert.Equal([2, 4, 2, 0x18], client.Connect(s_linux).Options);
        // No timestamps, no scale: neither side may use them.
        SentSegment reply = Assert.Single(client.Say("x"));
        Assert.Empty(reply.Options);
        Assert.Equal(ushort.MaxValue - 1, reply.Window);
    }

    [Fact]
    public void ListIsPaddedToWordsAndOneZeroIsNone()
    {
        var client = new Client(new ServiceHost(new TcpServiceOptions { SynAckOptions = new byte[] { 3, 3, 2 } }));
        Assert.Equal([3, 3, 2, 0], client.Connect(s_linux).Options);
        client = new Client(new ServiceHost(new TcpServiceOptions { SynAckOptions = new byte[] { 0 } }));
        Assert.Equal([0, 0, 0, 0], client.Connect(s_linux).Options);
    }

    [Fact]
    public void ScaleCountsOnlyIfBothHaveIt()
    {
        var client = new Client(new ServiceHost(new TcpServiceOptions { SynAckOptions = new byte[] { 3, 3, 4, 0 } }));
        client.Connect(s_linux);
        // 128 KiB less what rounding up may add, in units of 16.
        Assert.Equal(131072 >> 4, Assert.Single(client.Say("x")).Window);

        client = new Client(new ServiceHost(new TcpServiceOptions { SynAckOptions = new byte[] { 3, 3, 4, 0 } }));
        client.Connect([2, 4, 5, 0xB4]);
        Assert.Equal(ushort.MaxValue - 1, Assert.Single(client.Say("x")).Window);    // the edge stays: RFC 9293 §3.8.6.2.2
    }

    [Fact]
    public void TimestampsGoOnFromTheSynAckAndEchoTheClients()
    {
        var host = new ServiceHost();
        var client = new Client(host);
        client.Connect(s_linux);    // the SYN says 1, so does the SYN,ACK
        host.Pass(TimeSpan.FromMilliseconds(50));
        client.Options = [1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 1];
        Assert.Equal([1, 1, 8, 10, 0, 0, 0, 51, 0, 0, 0, 9], Assert.Single(client.Say("x")).Options);
        // RFC 7323 §5: a segment from before is no news, even in order.
        client.Options = [1, 1, 8, 10, 0, 0, 0, 8, 0, 0, 0, 1];
        SentSegment again = Assert.Single(client.Say("y", offset: 1));
        Assert.Equal((Ack, client.Sequence + 1), (again.Flags, again.Acknowledgment));
    }

    /// <summary>RFC 7323 §3.2. The client would take its own echo for another connection's segment.</summary>
    [Fact]
    public void SynThatGoesOnFromTimeWaitHasItsTimestampEchoed()
    {
        var client = new Client(new ServiceHost());
        SentSegment synAck = client.Connect([2, 4, 5, 0xB4, 8, 10, 0, 0, 1, 2, 0, 0, 1, 1, 1, 1]);
        Assert.Equal([2, 4, 5, 0xB4, 8, 10, 0, 0, 1, 2, 0, 0, 1, 2, 1, 1], synAck.Options);
    }

    [Theory]
    [InlineData(new byte[] { 2, 4, 5, 0xB4 }, 1460)]
    [InlineData(new byte[] { 2, 4, 2, 0 }, 512)]
    [InlineData(new byte[] { 2, 4, 0x23, 0 }, 1460)]    // the ports' MTU
    [InlineData(new byte[] { 2, 4, 0, 0 }, 64)]
    [InlineData(new byte[0], 536)]
    public void SegmentsKeepWithinTheClientsMssAndTheMtu(byte[] options, int expected)
    {
        var client = new Client(new ServiceHost());
        client.Connect(options);
        SentSegment[] sent = client.Send(Ack, Octets(1400));
        Assert.Equal(Math.Min(expected, 1400), sent[0].Payload.Length);
        sent = client.Send(Ack, Octets(1400), sequence: client.Sequence + 1400);
        Assert.All(sent, segment => Assert.True(segment.Payload.Length <= expected));
    }

    [Fact]
    public void MssWithoutAnOptionIsAnotherInIpv6AndTimestampsComeOffIt()
    {
        var client = new Client(new ServiceHost(), "2001:db8::1", "2001:db8::2");
        client.Connect([]);
        Assert.Equal(1220, client.Send(Ack, Octets(1400))[0].Payload.Length);
        client = new Client(new ServiceHost(), "2001:db8::1", "2001:db8::2");
        client.Connect(s_linux);
        client.Options = Segment.Timestamps;
        Assert.Equal(1440 - 12, client.Send(Ack, Octets(1436))[0].Payload.Length);
    }

    [Fact]
    public void SynThatComesAgainIsAnsweredAlikeAndAnUnansweredSynAckIsSentAgain()
    {
        var host = new ServiceHost();
        var client = new Client(host);
        byte[] syn = client.Frame(Syn, options: s_linux, sequence: 1000);
        SentSegment first = Assert.Single(host.Arrive(syn)), again = Assert.Single(host.Arrive(syn));
        Assert.Equal(first.Frame, again.Frame);
        Assert.Equal(1, host.Service.Connections);

        // RFC 6298 §2.1, §5.5: after 1 s, 2 s, ...; and then no more.
        Assert.Empty(host.Pass(TimeSpan.FromSeconds(0.95)));
        Assert.Equal(first.Frame, Assert.Single(host.Pass(TimeSpan.FromSeconds(0.1))).Frame);
        Assert.Empty(host.Pass(TimeSpan.FromSeconds(1.9)));
        Assert.Equal(first.Frame, Assert.Single(host.Pass(TimeSpan.FromSeconds(0.1))).Frame);
        Assert.Equal(3, host.Pass(TimeSpan.FromSeconds(120)).Length);
        Assert.Equal(0, host.Service.Connections);
    }

    [Fact]
    public void AnotherSynBeforeTheHandshakeIsOverBeginsAnew()
    {
        var host = new ServiceHost();
        var client = new Client(host);
        SentSegment first = Assert.Single(client.Send(Syn, sequence: 1000));
        host.Worker.Advance(TimeSpan.FromMilliseconds(1));
        client.Sequence = 5001;
        SentSegment second = client.Connect();
        Assert.NotEqual(first.Sequence, second.Sequence);
        Assert.Equal(1, host.Service.Connections);
        Assert.Equal("x", Assert.Single(client.Say("x")).Text);
    }

    [Fact]
    public void WrongAcknowledgmentOfTheSynAckIsReset()
    {
        var client = new Client(new ServiceHost());
        SentSegment synAck = Assert.Single(client.Send(Syn, sequence: 1000));
        client.Acknowledgment = synAck.Sequence + 2;
        SentSegment reset = Assert.Single(client.Send(Ack));
        Assert.Equal((Rst, client.Acknowledgment), (reset.Flags, reset.Sequence));
    }

    [Theory]
    [InlineData(Ack)]
    [InlineData(Syn | Ack)]
    [InlineData(Fin | Ack)]
    [InlineData(Syn | Fin)]
    public void SegmentOfNoConnectionIsReset(TcpFlags flags)
    {
        var host = new ServiceHost();
        SentSegment reset = Assert.Single(new Client(host).Send(flags));
        Assert.Equal(Rst, reset.Flags & Rst);
        Assert.Equal(0, host.Service.Connections);
    }

    [Fact]
    public void ResetOfNoConnectionIsNot() => Assert.Empty(new Client(new ServiceHost()).Send(Rst));

    [Fact]
    public void CorruptSegmentIsDropped()
    {
        var host = new ServiceHost();
        byte[] syn = new Client(host).Frame(Syn);
        syn[^1] ^= 1;
        Assert.Empty(host.Arrive(syn, out Verdict verdict));
        Assert.Equal(Verdict.Drop, verdict);
        Assert.Equal(0, host.Service.Connections);
    }

    [Fact]
    public void OnlyTheNamedAddressesAndPortAreServed()
    {
        var host = new ServiceHost(new TcpServiceOptions { Ipv4 = Ipv4Prefix.Parse("198.51.100.0/24"), Ipv6 = Ipv6Prefix.Parse("2001:db8:1::/48"), Port = 80 });
        Assert.Single(new Client(host).Send(Syn));
        Assert.Single(new Client(host, "2001:db8::1", "2001:db8:1::2").Send(Syn));
        foreach (var other in (Client[])[new(host, server: "198.51.101.1"), new(host, server: "198.51.100.255"), new(host, "2001:db8::1", "2001:db8:2::2")])
        {
            Assert.Empty(other.Send(Syn));
            Assert.Equal(Verdict.Continue, other.Verdict);
        }

        host = new ServiceHost(new TcpServiceOptions { Port = 81 });
        Assert.Empty(new Client(host).Send(Syn));
    }

    [Fact]
    public void BannerIsSentWhenTheHandshakeIsOver()
    {
        var host = new ServiceHost(handler: (connection, received) =>
        {
            if (received.IsEmpty && !connection.IsAtEnd)
                connection.Write("220 hello\r\n"u8);
        });
        var client = new Client(host);
        SentSegment synAck = Assert.Single(client.Send(Syn, sequence: 1000));
        client.Acknowledgment = synAck.Sequence + 1;
        Assert.Equal("220 hello\r\n", Assert.Single(client.Send(Ack)).Text);
    }

    [Fact]
    public void InitialSequenceNumbersDifferByConnectionAndGoOn()
    {
        var host = new ServiceHost();
        uint first = Assert.Single(new Client(host, port: 1).Send(Syn)).Sequence, second = Assert.Single(new Client(host, port: 2).Send(Syn)).Sequence;
        Assert.NotEqual(first, second);
        // RFC 9293 §3.4.1: of the same connection, four microseconds a number later.
        Client client = new(host, port: 3);
        uint before = client.Connect().Sequence;
        client.Send(Rst);
        host.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(before + 250_000, client.Connect().Sequence);
    }

    [Fact]
    public void VlanTagsAndLinkAddressesAreTurnedAround()
    {
        var host = new ServiceHost();
        byte[] syn = Segment.Tcp("192.0.2.1", 40000, "198.51.100.1", 80, Syn, vlan: 5);
        SentSegment synAck = Assert.Single(host.Arrive(syn));
        Assert.Equal([.. syn[6..12], .. syn[..6], 0x81, 0, 0, 5, 8, 0], synAck.Frame[..18]);
        Assert.Equal((Syn | Ack, 1u), (synAck.Flags, synAck.Acknowledgment));
        // Of another VLAN, another connection.
        host.Arrive(Segment.Tcp("192.0.2.1", 40000, "198.51.100.1", 80, Syn, vlan: 6));
        Assert.Equal(2, host.Service.Connections);
    }

    [Fact]
    public void FragmentsAndGroupsAreNotServed()
    {
        var host = new ServiceHost();
        byte[] syn = Segment.Tcp("192.0.2.1", 40000, "198.51.100.1", 80, Syn);
        byte[] fragment = [.. syn];
        fragment[20] |= 0x20;    // more fragments
        byte[] multicast = Segment.Tcp("192.0.2.1", 40000, "224.0.0.1", 80, Syn), fromNowhere = Segment.Tcp("0.0.0.0", 40000, "198.51.100.1", 80, Syn);
        foreach (byte[] frame in (byte[][])[fragment, multicast, fromNowhere])
        {
            Assert.Empty(host.Arrive(frame, out Verdict verdict));
            Assert.Equal(Verdict.Continue, verdict);
        }
    }

    [Fact]
    public void OptionsThatCannotBeAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new ServiceHost(new TcpServiceOptions { SynAckOptions = new byte[41] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceHost(new TcpServiceOptions { MaxConnections = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceHost(new TcpServiceOptions { BufferSize = 100 }));
        TimeSpan none = TimeSpan.Zero, day = TimeSpan.FromDays(1);
        foreach (TimeSpan idle in (TimeSpan[])[none, -day, TimeSpan.FromMilliseconds(999), 25 * day, TimeSpan.MaxValue])
            Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceHost(new TcpServiceOptions { IdleTimeout = idle }));
        foreach (TimeSpan timeout in (TimeSpan[])[none, TimeSpan.FromSeconds(61)])
            Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceHost(new TcpServiceOptions { MinimumTimeout = timeout }));
        foreach (TimeSpan wait in (TimeSpan[])[-day, 25 * day])
            Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceHost(new TcpServiceOptions { TimeWait = wait }));

        // In a line, and what it says is so.
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceHost(new TcpServiceOptions { IdleTimeout = none }));
        Assert.Equal("IdleTimeout is 00:00:01 to 24.00:00:00, not 00:00:00. (Parameter 'IdleTimeout')", thrown.Message);
        _ = new ServiceHost(new TcpServiceOptions { IdleTimeout = TimeSpan.FromSeconds(1), MinimumTimeout = TimeSpan.FromMilliseconds(1), TimeWait = none });
        _ = new ServiceHost(new TcpServiceOptions { IdleTimeout = 24 * day, MinimumTimeout = TimeSpan.FromSeconds(60), TimeWait = 24 * day });
    }
}
