using Fluke6.Journal;
using Fluke6.TcpServices;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;
using static Fluke6.Core.Tests.TcpServices.Client;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>What arrives, in whatever order: RFC 9293 §3.10.7.4.</summary>
public sealed class ReceiveTests
{
    private readonly List<byte> _received = [];

    private ServiceHost Sink(TcpServiceOptions? options = null) => new(options, (_, received) => _received.AddRange(received));

    private string Received => System.Text.Encoding.ASCII.GetString([.. _received]);

    [Fact]
    public void DataOutOfOrderIsKeptAndReportedUntilTheGapIsFilled()
    {
        var client = new Client(Sink());
        client.Connect([2, 4, 5, 0xB4, 1, 1, 4, 2]);
        uint start = client.Sequence;

        SentSegment duplicate = Assert.Single(client.Say("ghi", offset: 6));
        Assert.Equal((Ack, start), (duplicate.Flags, duplicate.Acknowledgment));
        Assert.Equal(Sack((6, 9)), duplicate.Options);
        // RFC 2018 §4: the block that grew last comes first.
        Assert.Equal(Sack((3, 5), (6, 9)), Assert.Single(client.Say("de", offset: 3)).Options);
        Assert.Equal(Sack((3, 9)), Assert.Single(client.Say("ef", offset: 4)).Options);
        Assert.Empty(_received);

        SentSegment all = Assert.Single(client.Say("abc"));
        Assert.Equal((start + 9, 0), (all.Acknowledgment, all.Options.Length));
        Assert.Equal("abcdefghi", Received);

        byte[] Sack(params (uint Start, uint End)[] blocks)
        {
            byte[] option = new byte[4 + (8 * blocks.Length)];
            (option[0], option[1], option[2], option[3]) = (1, 1, 5, (byte)(2 + (8 * blocks.Length)));
            for (int i = 0; i < blocks.Length; i++)
            {
                WriteUInt32BigEndian(option.AsSpan(4 + (8 * i)), start + blocks[i].Start);
                WriteUInt32BigEndian(option.AsSpan(8 + (8 * i)), start + blocks[i].End);
            }

            return option;
        }
    }

    [Fact]
    public void WithoutSackPermittedNothingIsReported()
    {
        var client = new Client(Sink());
        client.Connect();
        Assert.Empty(Assert.Single(client.Say("ghi", offset: 6)).Options);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(uint.MaxValue - 5_000)]    // sequence numbers wrap around on the way
    [InlineData(int.MaxValue - 5_000u)]
    public void AnyOrderAndAnyOverlapGivesTheStream(uint initial)
    {
        byte[] stream = Octets(20_000);
        for (int seed = 0; seed < 50; seed++)
        {
            _received.Clear();
            var random = new Random(seed);
            var client = new Client(Sink()) { Sequence = initial };
            client.Connect();
            uint acknowledged = initial;
            while (acknowledged != initial + (uint)stream.Length)
            {
                // Around what is missing, so that it ends.
                int at = Math.Clamp((int)(acknowledged - initial) + random.Next(-500, 4000), 0, stream.Length - 1);
                int length = Math.Min(random.Next(1, 1460), stream.Length - at);
                SentSegment reply = Assert.Single(client.Send(Ack, stream[at..(at + length)], sequence: initial + (uint)at));
                Assert.False(SequenceNumber.IsBefore(reply.Acknowledgment, acknowledged), "took back an acknowledgment");
                acknowledged = reply.Acknowledgment;
            }

            Assert.True(_received.SequenceEqual(stream), $"seed {seed}");
        }
    }

    [Fact]
    public void NinthRangeIsNotKeptAndComesAgain()
    {
        var client = new Client(Sink());
        client.Connect();
        for (int i = 1; i <= 9; i++)
            client.Say("x", offset: 2 * i);
        Assert.Equal(client.Sequence + 18, Assert.Single(client.Say(new string('y', 18))).Acknowledgment);
        Assert.Equal(client.Sequence + 19, Assert.Single(client.Say("z", offset: 18)).Acknowledgment);
        Assert.Equal(new string('y', 18) + "z", Received);
    }

    [Fact]
    public void DuplicateDataIsAcknowledgedAtOnceAndNotHandedOverAgain()
    {
        var client = new Client(Sink());
        client.Connect();
        client.Say("abc");
        SentSegment again = Assert.Single(client.Say("abc"));
        Assert.Equal(client.Sequence + 3, again.Acknowledgment);
        Assert.Equal(client.Sequence + 5, Assert.Single(client.Say("bcde", offset: 1)).Acknowledgment);
        Assert.Equal("abcde", Received);
    }

    [Fact]
    public void SuperSegmentIsTakenWhole()
    {
        var client = new Client(Sink());
        client.Connect();
        byte[] much = Octets(60_000);
        SentSegment reply = Assert.Single(client.Send(Ack, much, segmentSize: 1460));
        Assert.Equal(client.Sequence + 60_000, reply.Acknowledgment);
        Assert.True(_received.SequenceEqual(much));
    }

    [Fact]
    public void WindowIsWhatThereIsRoomForAndShutsWhenNothingIsAcknowledged()
    {
        // An echo whose client takes nothing: what it wrote stays, then what it reads.
        var host = new ServiceHost(new TcpServiceOptions { BufferSize = 4096 });
        var client = new Client(host) { Window = 0 };
        client.Connect();
        byte[] octets = Octets(1000);
        int accepted = 0, window = 4096;
        for (int i = 0; window > 0; i++)
        {
            SentSegment reply = Assert.Single(client.Send(Ack, octets[..Math.Min(1000, window)], sequence: client.Sequence + (uint)accepted));
            accepted += Math.Min(1000, window);
            Assert.Equal(client.Sequence + (uint)accepted, reply.Acknowledgment);
            window = reply.Window;
            Assert.True(i < 20, "the window does not shut");
        }

        // Less than a segment's room is not worth opening the window for. RFC 9293 §3.8.6.2.2.
        Assert.InRange(accepted, (2 * 4096) - 1460, 2 * 4096);
        // Beyond what there is room for nothing is taken; what asks for it is told so.
        SentSegment probe = Assert.Single(client.Send(Ack, [1], sequence: client.Sequence + (2 * 4096)));
        Assert.Equal((client.Sequence + (uint)accepted, 0), (probe.Acknowledgment, probe.Window));

        // It takes all of it: everything comes, and the window opens.
        client.Window = 60_000;
        client.Sequence += (uint)accepted;
        uint next = client.Acknowledgment;
        var echoed = new List<byte>();
        SentSegment[] sent = client.Send(Ack);
        for (int i = 0; echoed.Count < accepted; i++)
        {
            Assert.True(i < 50, $"{echoed.Count} of {accepted} octets");
            foreach (SentSegment segment in sent)
            {
                Assert.Equal(next, segment.Sequence);
                next += (uint)segment.Payload.Length;
                echoed.AddRange(segment.Payload);
                window = segment.Window;
            }

            sent = client.AcknowledgeUpTo(next);
        }

        Assert.Equal(4096, window);
    }

    [Fact]
    public void SegmentOutsideTheWindowIsAnsweredWithAnAcknowledgmentAndNothingOfItIsTaken()
    {
        var client = new Client(Sink());
        client.Connect();
        SentSegment reply = Assert.Single(client.Say("x", offset: 200_000));
        Assert.Equal((Ack, client.Sequence), (reply.Flags, reply.Acknowledgment));
        reply = Assert.Single(client.Say("x", offset: -5));
        Assert.Equal((Ack, client.Sequence), (reply.Flags, reply.Acknowledgment));
        // A keep-alive, too. RFC 9293 §3.8.4.
        Assert.Equal(client.Sequence, Assert.Single(client.Send(Ack, sequence: client.Sequence - 1)).Acknowledgment);
        Assert.Empty(_received);
    }

    [Fact]
    public void AcknowledgmentOfWhatWasNeverSentIsChallenged()
    {
        var client = new Client(Sink());
        client.Connect();
        foreach (long number in (long[])[client.Acknowledgment + 1L, client.Acknowledgment + 100_000L, client.Acknowledgment - 100_000L])
        {
            client.Acknowledgment = (uint)number;
            Assert.Equal(client.Sequence, Assert.Single(client.Say("evil")).Acknowledgment);
        }

        Assert.Empty(_received);
    }

    [Fact]
    public void ResetEndsTheConnectionOnlyWithTheExactNumber()
    {
        var host = Sink();
        var client = new Client(host);
        client.Connect();
        // RFC 5961 §3.2: in the window, but not next, is asked about; outside of it, ignored.
        SentSegment challenge = Assert.Single(client.Send(Rst, sequence: client.Sequence + 1));
        Assert.Equal((Ack, client.Sequence), (challenge.Flags, challenge.Acknowledgment));
        Assert.Empty(client.Send(Rst, sequence: client.Sequence - 1));
        Assert.Empty(client.Send(Rst, sequence: client.Sequence + 200_000));
        Assert.Equal(1, host.Service.Connections);

        Assert.Empty(client.Send(Rst));
        Assert.Equal(0, host.Service.Connections);
    }

    [Fact]
    public void SynInAConnectionIsChallengedAndChallengesAreRationed()
    {
        var host = Sink();
        var client = new Client(host);
        client.Connect();
        SentSegment challenge = Assert.Single(client.Send(Syn, sequence: 77));
        Assert.Equal((Ack, client.Sequence), (challenge.Flags, challenge.Acknowledgment));
        Assert.Equal(99, Enumerable.Range(0, 1000).Sum(_ => client.Send(Syn, sequence: 77).Length));
        host.Pass(TimeSpan.FromSeconds(1));
        Assert.Single(client.Send(Syn, sequence: 77));
        // Data is acknowledged all the same.
        Assert.Single(client.Say("x"));
    }

    [Fact]
    public void HandlerThatThrowsResetsTheConnectionAndTheRuleIsToldOfIt()
    {
        var host = new ServiceHost(handler: (_, received) =>
        {
            if (!received.IsEmpty)
                throw new InvalidOperationException("no");
        });
        var client = new Client(host);
        client.Connect();
        host.Faults = 1;
        SentSegment reset = Assert.Single(client.Say("x"));
        Assert.Equal(Rst | Ack, reset.Flags);
        Assert.Equal(0, host.Service.Connections);
        RuleFault fault = Assert.Single(host.Worker.TakeNotes().OfType<FaultNote>()).Fault;
        Assert.Contains(nameof(InvalidOperationException), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConnectionsSurviveAReloadAndTheNewHandlerAnswers()
    {
        var host = new ServiceHost();
        var client = new Client(host);
        client.Connect();
        SentSegment reply = Assert.Single(client.Say("one"));
        host.Reload((connection, _) => connection.Write("new"u8));
        // Not acknowledged before the reload, and so sent again after it.
        Assert.Equal("one", Assert.Single(host.Pass(TimeSpan.FromSeconds(0.5))).Text);
        client.Sequence += 3;
        client.Acknowledgment = reply.Sequence + 3;
        Assert.Equal("new", Assert.Single(client.Say("two")).Text);
    }

    [Fact]
    public void OtherSideOfTheBridgeAndTheOtherDirectionAreNotTheClient()
    {
        var host = Sink();
        var client = new Client(host);
        client.Connect();
        byte[] segment = client.Frame(Ack, [1]);
        Assert.Empty(host.Arrive(segment, out Verdict verdict, from: Side.Right));
        Assert.Equal(Verdict.Continue, verdict);
        byte[] backwards = Segment.Tcp("198.51.100.1", 80, "192.0.2.1", 40000, Ack);
        Assert.Empty(host.Arrive(backwards, out verdict));
        Assert.Equal(Verdict.Continue, verdict);
    }
}
