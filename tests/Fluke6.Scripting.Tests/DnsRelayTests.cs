using System.Net;
using System.Net.Sockets;
using Fluke6.Bridging;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting.Tests.Examples;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Scripting.Tests;

/// <summary>Queries that leave by a real socket, and what becomes of the answers.</summary>
[Collection("DNS relays")]
public sealed class DnsRelayTests : DnsRelayHost
{
    [Fact]
    public void AnswerGoesOutWhereTheQueryCameFromWithTheQuerysIdentifier()
    {
        byte[] query = Query();
        byte[] asked = Ask(query);
        Assert.NotEqual(MessageOf(query), asked);
        Assert.Equal(MessageOf(query)[2..], asked[2..]);

        byte[] answer = Answer(asked, padding: 0);
        Read sent = Sent();

        sent.Frame.TryGetDns(out DnsMessage message);
        Assert.Equal(ReadUInt16BigEndian(MessageOf(query)), message.Id);
        Assert.Equal(answer[2..], message.Octets[2..].ToArray());
        AssertTurnedAround(query, sent);
    }

    /// <summary>Whatever the house's relay does, a user's can: its own source, as a part of a script, which sees what is public alone.</summary>
    [Fact]
    public void RelayCanBeWrittenInAScript()
    {
        using var bridge = new ScriptedBridge(null, ("port", $"{((IPEndPoint)_resolver.LocalEndPoint!).Port}"));
        string[] sources = ["DnsRelay", "DnsStreams", "DnsUpstream", "UpstreamFailures"];
        foreach (string source in sources)
        {
            string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Outside", $"{source}.cs"));
            // A script has no namespaces of its own.
            Assert.Contains("namespace Fluke6.Scripting;", text);
            bridge.Folder.Write($"{source}.inc", text.Replace("namespace Fluke6.Scripting;", "", StringComparison.Ordinal));
        }

        bridge.Folder.Write("relay.csx", $$"""
            {{string.Join('\n', sources.Select(source => $"#load \"{source}.inc\""))}}
            readonly DnsRelay resolver = new(Context, new IPEndPoint(IPAddress.Loopback, Param("port", 53)));
            Verdict Apply(ref Frame frame) => resolver.Relay(ref frame);
            """);
        Assert.Empty(bridge.Start());

        byte[] query = Query();
        Answer(Ask(query, bridge), padding: 0);
        bridge.Until(() => bridge.Left.SentFrames.Count == 1);
        byte[] sent = bridge.Left.SentFrames[0];
        Assert.Equal(ReadUInt16BigEndian(MessageOf(query)), ReadUInt16BigEndian(sent.AsSpan(MessageOffset)));
        Assert.Equal(0x80, sent[MessageOffset + 2] & 0x80);
    }

    [Fact]
    public void AnswerThatTheMtuHasNoRoomForIsCutOff()
    {
        byte[] query = Query();
        Answer(Ask(query), padding: 3000);
        Read sent = Sent();

        sent.Frame.TryGetDns(out DnsMessage message);
        Assert.True(message.Truncated && !message.IsMalformed);
        Assert.True(message.TryGetQuestion(out DnsQuestion question));
        Assert.Equal("puzzle.test6.dartmouth.edu", question.Name.ToString().TrimEnd('.'));
        Assert.Equal(0, message.AnswerCount + message.AuthorityCount + message.AdditionalCount);
        AssertTurnedAround(query, sent);
    }

    [Fact]
    public void RefusalWithoutAQuestionIsAnAnswer()
    {
        byte[] asked = Ask(Query());
        const byte FormatError = 1;
        // QR and the rest of the header's flags; no question, no record.
        _resolver.SendTo([asked[0], asked[1], 0x80, FormatError, 0, 0, 0, 0, 0, 0, 0, 0], AskerOf(asked));
        Read sent = Sent();
        sent.Frame.TryGetDns(out DnsMessage message);
        Assert.Equal((DnsRcode.FormatError, DnsMessage.HeaderLength), (message.Rcode, message.Octets.Length));
    }

    [Fact]
    public void ManyQueriesAtOnceEachGetTheirOwn()
    {
        byte[][] asked = new byte[100][];
        for (int i = 0; i < asked.Length; i++)
            asked[i] = Ask(QueryNumber((byte)i));

        foreach (byte[] message in asked.Reverse())
            Answer(message, padding: 0);
        _bridge.Until(() => _bridge.Left.SentFrames.Count == asked.Length);

        Assert.Equal(
            Enumerable.Range(0, asked.Length).Select(i => (i, i)),
            _bridge.Left.SentFrames
                .Select(frame => ((int)ReadUInt16BigEndian(frame.AsSpan(MessageOffset)), (int)frame[MessageOffset + FirstLabel])).Order());
    }

    // RFC 5452 §5.
    [Fact]
    public void EqualQuestionsAreAskedOnceAndEachClientGetsItsIdentifier()
    {
        byte[] asked = Ask(QueryOf(0));
        for (ushort client = 1; client < 100; client++)
            _bridge.Arrive(QueryOf(client));
        _bridge.Until(() => _bridge.Left.Counters.RxFrames == 100);
        _bridge.Drain();
        Answer(asked, padding: 0);
        _bridge.Until(() => _bridge.Left.SentFrames.Count == 100);

        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => (i, 20_000 + i)),
            _bridge.Left.SentFrames.Select(frame =>
                ((int)ReadUInt16BigEndian(frame.AsSpan(MessageOffset)), (int)ReadUInt16BigEndian(frame.AsSpan(SourcePortOffset + 2)))).Order());
        // All that was asked meanwhile would be here before this one.
        Assert.Equal(1, Ask(QueryNumber(1))[FirstLabel]);
    }

    // DNSSEC OK, CD and the like, or an EDNS cookie: the answer may be another, so each has its own, one after the other.
    [Fact]
    public void SameQuestionWithOtherFlagsWaitsForItsTurn()
    {
        byte[] plain = QueryOf(1), checkingDisabled = QueryOf(2);
        checkingDisabled[MessageOffset + 3] |= 0x10;
        byte[] first = Ask(plain);
        _bridge.Arrive(checkingDisabled);
        _bridge.Until(() => _bridge.Left.Counters.RxFrames == 2);
        _bridge.Drain();
        byte[] between = Ask(QueryNumber(7));
        Assert.Equal(7, between[FirstLabel]);

        Answer(first, padding: 0);
        byte[] second = Asked();
        Assert.Equal(first[3] | 0x10, second[3]);
        Assert.NotEqual(AskerOf(first).Port, AskerOf(second).Port);
        Answer(second, padding: 0);
        _bridge.Until(() => _bridge.Left.SentFrames.Count == 2);
        Assert.Equal([1, 2], _bridge.Left.SentFrames.Select(frame => (int)ReadUInt16BigEndian(frame.AsSpan(MessageOffset))));
        Assert.Equal([0, 0x10], _bridge.Left.SentFrames.Select(frame => frame[MessageOffset + 3] & 0x10));
    }

    [Fact]
    public void QueryThatWasLostIsSentAgainFromTheSamePort()
    {
        byte[] asked = Ask(Query());
        IPEndPoint asker = AskerOf(asked);
        Assert.Equal(asked, Asked());
        Assert.Equal(asker, AskerOf(asked));
    }

    [Fact]
    public void DescriptorsAndMemoryAreBoundedUnderTenThousandQueries()
    {
        byte[] query = Query();
        int before = OpenDescriptors(), most = 0;
        for (int i = 0; i < 10_000; i++)
        {
            WriteUInt32BigEndian(query.AsSpan(MessageOffset + FirstLabel), (uint)i);
            _bridge.Arrive(query);
            if (i % 100 == 99)
            {
                _bridge.Until(() => _bridge.Left.Counters.RxFrames == i + 1);
                most = Math.Max(most, OpenDescriptors());
            }
        }

        Assert.InRange(most, before + 1, before + 300);

        // And whoever asks now is answered.
        byte[] last = QueryOf(3), asked;
        _bridge.Arrive(last);
        do
            asked = Asked();
        while (!asked.AsSpan(2).SequenceEqual(MessageOf(last).AsSpan(2)));
        Answer(asked, padding: 0);
        Assert.Equal(3, ReadUInt16BigEndian(Sent().Frame.Octets[MessageOffset..]));
    }

    [Fact]
    public void ResolverThatIsNotThereIsLoggedOncePerPeriodWithACount()
    {
        var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var bridge = new ScriptedBridge(null, ("port", $"{((IPEndPoint)nobody.LocalEndPoint!).Port}"));
        nobody.Dispose();
        bridge.Folder.Write("relay.csx", Rule);
        Assert.Empty(bridge.Start());
        byte[] query = Query();
        bridge.Arrive(query);
        bridge.Until(() => bridge.Notes.OfType<LogNote>().Any());
        for (int i = 1; i < 1000; i++)
        {
            WriteUInt32BigEndian(query.AsSpan(MessageOffset + FirstLabel), (uint)i);
            bridge.Arrive(query);
            if (i % 50 == 0)
                bridge.Until(() => bridge.Left.Counters.RxFrames == i + 1);
        }

        bridge.Until(() => bridge.Notes.OfType<LogNote>().Count() == 2);
        string[] lines = [.. bridge.Notes.OfType<LogNote>().Select(note => note.Message)];
        Assert.EndsWith("cannot be asked: Connection refused", lines[0]);
        Assert.Matches(@"cannot be asked: .+ \([0-9]+ queries in 10 s\)$", lines[1]);
    }
}
