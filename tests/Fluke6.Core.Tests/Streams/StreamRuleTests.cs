using System.Text;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Streams;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Streams;

/// <summary>A rule decides about bytes: verbs, waiting and its bounds, and what else TCP says of them.</summary>
public sealed class StreamRuleTests
{
    [Fact]
    public void WhatIsBeyondTheReceiversWindowIsNotTaken()
    {
        var host = new StreamHost("cat", "elephant");
        host.Handshake(window: 10_000);
        // A stray segment, such as an old one of another connection with the same ports; and a FIN.
        Assert.All(host.Client(11_001, "stray"), frame => Assert.Empty(frame.Data));
        Assert.All(host.Client(20_000, "", flags: TcpFlags.Fin | TcpFlags.Ack), frame => Assert.False(frame.Flags.HasFlag(TcpFlags.Fin)));
        Assert.Equal(2, host.Streams.Work!.Figures.Refused);
        Assert.Equal("Right 1001 5001 a elephant", $"{Assert.Single(host.Client(1001, "a cat"))}");
        StreamHost.Sent end = Assert.Single(host.Client(1006, "", flags: TcpFlags.Fin | TcpFlags.Ack));
        Assert.Equal(("Right 1011 5001 ", TcpFlags.Fin | TcpFlags.Ack), ($"{end}", end.Flags));
    }

    [Fact]
    public void NothingFollowsAFin()
    {
        var host = new StreamHost("cat", "elephant");
        host.Handshake();
        // It waits for what is before it, and would keep the FIN waiting, too.
        Assert.All(host.Client(1003, "ts and more"), frame => Assert.Empty(frame.Data));
        Assert.All(host.Client(1005, "", flags: TcpFlags.Fin | TcpFlags.Ack), frame => Assert.False(frame.Flags.HasFlag(TcpFlags.Fin)));
        StreamHost.Sent all = Assert.Single(host.Client(1001, "ca"));
        Assert.Equal(("Right 1001 5001 elephants", true), ($"{all}", all.Flags.HasFlag(TcpFlags.Fin)));
        Assert.All(host.Client(1004, "s and still more"), frame => Assert.DoesNotContain("more", frame.Data, StringComparison.Ordinal));
    }

    [Fact]
    public void VerbsDecideAboutTheBytesInTheirOrder()
    {
        StreamHost host = new StreamHost((_, data) =>
        {
            data.Insert("<"u8);
            data.Pass(2);
            data.Drop(2);
            data.Replace(1, "EE"u8);
            data.Pass(data.Length);
            data.Insert(">"u8);
        }).Handshake();
        Assert.Equal(["Right 1001 5001 <abEEf>"], host.Client(1001, "abcdef").Select(sent => $"{sent}"));
        Assert.Equal(["Left 5001 1007 "], host.Server(5001, "", 1008).Select(sent => $"{sent}"));
        Assert.Equal(new StreamEdits(3, 1, 2, 2, 2), host.Flow.FromClient.Edits);
        Assert.Equal(1, host.Flow.FromClient.Delta);
    }

    [Fact]
    public void BytesMayBeInsertedAtTheEnd()
    {
        StreamHost host = new StreamHost((_, data) =>
        {
            data.Pass(data.Length);
            if (data.IsEnd)
                data.Insert("!"u8);
        }).Handshake();
        Assert.Equal(["Right 1001 5001 ab"], host.Client(1001, "ab").Select(sent => $"{sent}"));
        StreamHost.Sent end = Assert.Single(host.Client(1003, "", flags: TcpFlags.Fin | TcpFlags.Ack));
        Assert.Equal(("Right 1003 5001 !", TcpFlags.Fin | TcpFlags.Ack), ($"{end}", end.Flags));
        // The FIN alone is not all that stands for it.
        Assert.Equal(1003u, Assert.Single(host.Server(5001, "", 1004)).Acknowledgment);
        Assert.Equal(1004u, Assert.Single(host.Server(5001, "", 1005)).Acknowledgment);
    }

    [Fact]
    public void BytesThatAreDroppedAreAcknowledgedAtOnce()
    {
        StreamHost host = new StreamHost((_, data) => data.Drop(data.Length)).Handshake();
        Assert.Equal(["Left 5001 1004 "], host.Client(1001, "abc").Where(sent => sent.To == Side.Left).Select(sent => $"{sent}"));
    }

    [Fact]
    public void ARuleThatOnlyWatchesSeesMoreUntilItLetsThemPass()
    {
        var seen = new List<string>();
        StreamHost host = new StreamHost((_, data) =>
        {
            seen.Add(Encoding.ASCII.GetString(data.Bytes));
            if (data.Length >= 6)
                data.Pass(data.Length);
        }).Handshake();
        Assert.DoesNotContain(host.Client(1001, "ab"), sent => sent.Data.Length > 0);
        host.Client(1005, "ef");
        Assert.Equal(["Right 1001 5001 abcdef"], host.Client(1003, "cd").Select(sent => $"{sent}"));
        Assert.Equal(["ab", "abcdef"], seen);
    }

    [Fact]
    public void MoreThanMayWaitPassesAndIsCounted()
    {
        StreamHost host = new StreamHost((_, _) => { }, new TcpStreamOptions { MaxHold = 4 }).Handshake();
        Assert.Equal(["Right 1001 5001 ab"], host.Client(1001, "abcdef").Select(sent => $"{sent}"));
        Assert.Equal(["Right 1003 5001 cd"], host.Client(1007, "gh").Select(sent => $"{sent}"));
        Assert.Equal(4, host.Streams.Figures!.PassedForRoom);
    }

    [Fact]
    public void WhatWaitsForTooLongPassesAndIsCountedAndTold()
    {
        StreamHost host = new StreamHost((_, _) => { }, new TcpStreamOptions { MaxDelay = TimeSpan.FromMilliseconds(50) }).Handshake();
        host.Client(1001, "ab");
        Assert.Empty(host.Wait(TimeSpan.FromMilliseconds(49)));
        Assert.Equal(["Right 1001 5001 ab"], host.Wait(TimeSpan.FromMilliseconds(6)).Select(sent => $"{sent}"));
        Assert.Equal(2, host.Streams.Figures!.PassedForTime);
        Assert.Contains("MaxDelay", Assert.Single(host.Host.Notes<LogNote>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BytesThatGrowPastTheSegmentSizeGoOutInSeveral()
    {
        StreamHost host = new StreamHost("x", new string('y', 100)).Handshake();
        IReadOnlyList<StreamHost.Sent> sent = host.Client(1001, new string('x', 50));
        Assert.Equal([1460, 1460, 1460, 620], sent.Select(frame => frame.Data.Length));
        Assert.Equal([1001u, 2461u, 3921u, 5381u], sent.Select(frame => frame.Number));
        Assert.Equal([TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Ack | TcpFlags.Psh], sent.Select(frame => frame.Flags));
        Assert.All(sent, frame => Assert.Equal(5001u, frame.Acknowledgment));
        // In small steps as far as bytes stand for bytes.
        Assert.Equal(1015u, Assert.Single(host.Server(5001, "", 2461)).Acknowledgment);
    }

    [Fact]
    public void TheWindowNarrowsByWhatGrewAndNeverBelowWhatWasPromised()
    {
        StreamHost host = new StreamHost("x", "yyyyyyyyyyy").Handshake(window: 1000);
        host.Client(1001, "x");
        // 1001 + 1000 less the 10 that it grew by, but 1001 + 1000 was promised before.
        Assert.Equal((1001u, 1000), host.Server(5001, "", 1001, window: 1000).Select(sent => (sent.Acknowledgment, sent.Window)).Single());
        Assert.Equal((1002u, 999), host.Server(5001, "", 1012, window: 989).Select(sent => (sent.Acknowledgment, sent.Window)).Single());
        Assert.Equal((1002u, 2000), host.Server(5001, "", 1012, window: 2000).Select(sent => (sent.Acknowledgment, sent.Window)).Single());
    }

    [Fact]
    public void WhatTheReceiverHasNoRoomForWaitsUntilItHas()
    {
        StreamHost host = new StreamHost("x", "yyyyyyyyyyy").Handshake(window: 1000);
        host.Client(1001, new string('-', 990));
        // Of 11 bytes 10 fit.
        host.Server(5001, "", 1991, window: 10);
        Assert.Equal(["Right 1991 5001 yyyyyyyyyy"], host.Client(1991, "x").Select(sent => $"{sent}"));
        IReadOnlyList<StreamHost.Sent> sent = host.Server(5001, "", 2001, window: 500);
        Assert.Equal("Right 2001 5001 y", $"{sent.Single(frame => frame.To == Side.Right)}");
        Assert.Equal(1991u, sent.Single(frame => frame.To == Side.Left).Acknowledgment);
    }

    [Fact]
    public void KeepAlivesAndProbesHaveANumberThatTheReceiverKnows()
    {
        StreamHost host = new StreamHost("cat", "elephant").Handshake();
        host.Client(1001, "cat");
        host.Server(5001, "", 1009);
        Assert.Equal(1008u, Assert.Single(host.Client(1003, "")).Number);
        // With an octet, RFC 1122 §4.2.3.6: the one that the receiver has.
        Assert.Equal("Right 1008 5001 t", $"{Assert.Single(host.Client(1003, "?"))}");
    }

    [Fact]
    public void TheUrgentPointerFollows()
    {
        StreamHost host = new StreamHost("cat", "elephant").Handshake();
        StreamHost.Sent sent = Assert.Single(host.Client(1001, "cat!", flags: TcpFlags.Ack | TcpFlags.Urg, urgent: 4));
        Assert.Equal(9, sent.Urgent);
        Assert.Equal(TcpFlags.Ack | TcpFlags.Urg, sent.Flags);
    }

    [Fact]
    public void AnIcmpErrorQuotesTheSendersNumberAndLimitsSegments()
    {
        StreamHost host = new StreamHost("cat", "elephant").Handshake();
        byte[] sent = host.Client(1001, "cat")[0].Octets;
        byte[] next = host.Client(1004, "cat")[0].Octets;
        byte[] error = Segment.Ipv4("192.0.2.254", "192.0.2.1").Icmpv4(Icmpv4Fields.DestinationUnreachable(4, 600)).Payload(next.AsSpan(14, 28)).ToArray();
        byte[] told = Assert.Single(host.Pass(Side.Right, error)).Octets;
        Assert.Equal(1004u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(told.AsSpan(14 + 28 + 24)));
        Assert.Equal(0, ReadError(told));
        Assert.Equal(560, host.Flow.FromClient.Template.SegmentLimit);
        Assert.NotEmpty(sent);
    }

    [Fact]
    public void AConnectionWhoseSynWasNotSeenPassesUntouched()
    {
        var host = new StreamHost("cat", "elephant");
        Assert.Equal(["Right 1001 5001 cat"], host.Client(1001, "cat").Select(sent => $"{sent}"));
    }

    [Theory]
    [InlineData((byte)30)]
    [InlineData((byte)19)]
    [InlineData((byte)29)]
    public void AConnectionWithOptionsThatKnowItsNumbersPassesUntouched(byte kind)
    {
        byte[] options = [2, 4, 5, 180, kind, 4, 0, 0];
        StreamHost host = new StreamHost("cat", "elephant").Handshake(options, options);
        Assert.Equal(["Right 1001 5001 cat"], host.Client(1001, "cat").Select(sent => $"{sent}"));
        Assert.Equal(0, host.Streams.Figures!.Open);
    }

    [Fact]
    public void DataInASynComesAgain()
    {
        var host = new StreamHost("cat", "elephant");
        Assert.Equal("", Assert.Single(host.Pass(Side.Left, new TcpFields(40000, 80, TcpFlags.Syn) { SequenceNumber = 1000 }, "cat")).Data);
    }

    [Fact]
    public void ACorruptSegmentPassesUnreadAndStaysCorrupt()
    {
        StreamHost host = new StreamHost("cat", "elephant").Handshake();
        byte[] frame = Segment.Tcp("192.0.2.1", "192.0.2.2", new TcpFields(40000, 80) { SequenceNumber = 1001, AcknowledgmentNumber = 5001 }, null, "cat"u8.ToArray());
        frame[^1] ^= 1;
        Assert.Equal(Hex.Of(frame), Hex.Of(Assert.Single(host.Pass(Side.Left, frame)).Octets));
        Assert.Equal(1, host.Streams.Figures!.Corrupt);
        Assert.Equal(["Right 1001 5001 elephant"], host.Client(1001, "cat").Select(sent => $"{sent}"));
    }

    [Fact]
    public void SackBlocksAreSaidInTheSendersNumbers()
    {
        StreamHost host = new StreamHost("cat", "elephant").Handshake();
        host.Client(1001, "cat");
        host.Client(1004, "abcd");
        host.Client(1008, "cat");
        // Of "elephant", "abcd" and "elephant" the receiver has "abcd" and a part of the last.
        StreamHost.Sent sent = Assert.Single(host.Server(5001, "", 1001, options: [1, 1, 5, 10, 0, 0, 3, 241, 0, 0, 3, 250]));
        Assert.Equal("0101050a000003ec000003f2", Hex.Of(sent.Octets.AsSpan(54, 12)));
    }

    [Fact]
    public void StateIsADirectionsOwnAndSurvivesReloads()
    {
        TcpStreamHandler count = (stream, data) =>
        {
            stream.State<int>()++;
            data.Replace(data.Length, Encoding.ASCII.GetBytes($"{stream.State<int>()}"));
        };
        StreamHost host = new StreamHost(count).Handshake();
        Assert.Equal("1", host.Client(1001, "a")[0].Data);
        Assert.Equal("1", host.Server(5001, "a", 1002)[0].Data);
        host.Load(count);
        Assert.Equal("2", host.Client(1002, "b", 5002)[0].Data);
        Assert.Equal("192.0.2.1:40000", $"{host.Flow.FromClient.Stream.Source}");
        Assert.Equal(Side.Right, host.Flow.FromServer.Stream.From);
    }

    [Fact]
    public void TooManyConnectionsPassUntouchedAndAreCounted()
    {
        StreamHost host = new StreamHost("cat", "elephant", new TcpStreamOptions { MaxConnections = 1 }).Handshake();
        host.Client(1001, "cat");
        host.Pass(Side.Left, new TcpFields(40001, 80, TcpFlags.Syn) { SequenceNumber = 1000 }, "");
        Assert.Equal(1, host.Streams.Figures!.NotFollowed);
        Assert.Contains("MaxConnections", Assert.Single(host.Host.Notes<LogNote>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAreChecked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamHost("a", "b", new TcpStreamOptions { MaxHold = 0 }));
        Assert.Throws<ArgumentException>(() => new StreamHost("", "b"));
    }

    private static int ReadError(byte[] frame)
    {
        var buffer = new FrameBuffer();
        buffer.Load(frame, LinkType.Ethernet, Side.Left);
        return NaiveSum.Sum(buffer.Octets[34..]) - 0xFFFF;
    }
}
