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
public sealed class DnsRelayTests : IDisposable
{
    private const int SourcePortOffset = 14 + 40;
    private const int MessageOffset = 14 + 40 + 8;
    private const int FirstLabel = DnsMessage.HeaderLength + 1;    // its first octet, in a message

    private const string Rule = """
        readonly DnsRelay resolver = RelayDns(new IPEndPoint(IPAddress.Loopback, Param("port", 53)));
        Verdict Apply(ref Frame frame) => resolver.Relay(ref frame);
        """;

    private readonly Socket _resolver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
    private readonly ScriptedBridge _bridge;
    private readonly Dictionary<ushort, IPEndPoint> _askers = [];    // where each identifier was asked from

    public DnsRelayTests()
    {
        _resolver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _bridge = Start(null);
    }

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
        string[] sources = ["DnsRelay", "DnsUpstream", "UpstreamFailures"];
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
    public void AnswerThatNobodyWaitsForGoesNowhere()
    {
        byte[] asked = Ask(Query());
        byte[] other = [.. asked];
        other[0] ^= 0x55;
        Answer(other, padding: 0, to: AskerOf(asked));
        Answer(asked, padding: 0);
        Answer(asked, padding: 0);    // a second time
        _bridge.Until(() => _bridge.Left.SentFrames.Count >= 1);

        // Another query with a socket of its own: by then, all that came before it is through.
        Answer(Ask(QueryNumber(1)), padding: 0);
        _bridge.Until(() => _bridge.Left.SentFrames.Count >= 2);
        Assert.Equal(2, _bridge.Left.SentFrames.Count);
    }

    [Fact]
    public void AnswerToAnotherQuestionGoesNowhere()
    {
        byte[] asked = Ask(Query());
        byte[] other = [.. asked];
        other[FirstLabel] ^= 3;
        Answer(other, padding: 0);
        Answer(asked, padding: 0);

        Read sent = Sent();
        Assert.Single(_bridge.Left.SentFrames);
        sent.Frame.TryGetDns(out DnsMessage message);
        Assert.Equal(asked[FirstLabel], message.Octets[FirstLabel]);
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

    [Fact]
    public void NoTwoQueriesThatWaitShareAnIdentifier()
    {
        using ScriptedBridge bridge = Start(new BridgeOptions { Random = new SameTwice() });
        HashSet<ushort> identifiers = [];
        for (byte i = 0; i < 20; i++)
            Assert.True(identifiers.Add(ReadUInt16BigEndian(Ask(QueryNumber(i), bridge))), $"query {i} has the identifier of one before it");
    }

    [Fact]
    public void EachQueryHasARandomPortOfItsOwn()
    {
        int[] ports = [.. Enumerable.Range(0, 60).Select(i => AskerOf(Ask(QueryNumber((byte)i))).Port)];
        Assert.InRange(ports.Distinct().Count(), 58, 60);
        // 1,024 to 65,535: of 60 at random, some are in each half, and they neither rise nor fall.
        Assert.InRange(ports.Count(port => port < 33_000), 5, 55);
        Assert.InRange(ports.Zip(ports.Skip(1)).Count(pair => pair.First < pair.Second), 10, 50);
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

    // RFC 5452 §9.1: as it was sent. Letters in another case are a forger's who did not see them.
    [Fact]
    public void AnswerInAnotherCaseGoesNowhere()
    {
        byte[] asked = Ask(Query()), other = [.. asked];
        other[FirstLabel] ^= 0x20;
        Answer(other, padding: 0);
        Answer(asked, padding: 0);
        Assert.Equal(asked[FirstLabel], Sent().Frame.Octets[MessageOffset + FirstLabel]);
        Assert.Single(_bridge.Left.SentFrames);
    }

    // Off path: the forger knows the resolver's address and port, the question, and that the query is out. 2^32 guesses are equally good.
    [Fact]
    public void WhoGuessesPortAndIdentifierGetsNothingIn()
    {
        byte[] asked = Ask(Query()), forged = [.. asked];
        forged[2] |= 0x80;
        var random = new Random(1);
        IPEndPoint asker = AskerOf(asked);
        for (int i = 0; i < 20_000; i++)
        {
            WriteUInt16BigEndian(forged, (ushort)random.Next(65_536));
            // With the right port in one of 8 as well: then the identifier alone protects.
            if (forged.AsSpan(0, 2).SequenceEqual(asked.AsSpan(0, 2)))
                continue;
            _resolver.SendTo(forged, i % 8 == 0 ? asker : new IPEndPoint(IPAddress.Loopback, random.Next(1024, 65_536)));
        }

        // With port and identifier, but from elsewhere.
        using var elsewhere = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        asked.CopyTo(forged, 0);
        forged[2] |= 0x80;
        forged[3] |= 0x0F;
        elsewhere.SendTo(forged, asker);

        // The resolver's own is taken, as soon as the socket has room for it after the flood.
        _bridge.Until(() =>
        {
            Answer(asked, padding: 0);
            return _bridge.Left.SentFrames.Count > 0;
        });
        Assert.Equal(0, Sent().Frame.Octets[MessageOffset + 3] & 0x0F);
        Assert.Single(_bridge.Left.SentFrames);
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

    public void Dispose()
    {
        _bridge.Dispose();
        _resolver.Dispose();
    }

    private static byte[] Query() => [.. GoldenFrames.Of("dns-answer-aaaa")[0].In];

    private static byte[] MessageOf(byte[] frame) => frame[MessageOffset..];

    /// <summary>A query with an identifier and a name of its own.</summary>
    private static byte[] QueryNumber(byte number)
    {
        byte[] query = Query();
        WriteUInt16BigEndian(query.AsSpan(MessageOffset), number);
        query[MessageOffset + FirstLabel] = number;
        return query;
    }

    private ScriptedBridge Start(BridgeOptions? options)
    {
        var bridge = new ScriptedBridge(options, ("port", $"{((IPEndPoint)_resolver.LocalEndPoint!).Port}"));
        bridge.Folder.Write("relay.csx", Rule);
        Assert.Empty(bridge.Start());
        return bridge;
    }

    /// <summary>Lets a query arrive.</summary>
    /// <returns>What the resolver was asked.</returns>
    private byte[] Ask(byte[] query, ScriptedBridge? bridge = null)
    {
        (bridge ?? _bridge).Arrive(query);
        return Asked();
    }

    /// <summary>Waits for the next query to the resolver.</summary>
    private byte[] Asked()
    {
        byte[] asked = new byte[2000];
        EndPoint asker = new IPEndPoint(IPAddress.Any, 0);
        asked = asked[.._resolver.ReceiveFrom(asked, ref asker)];
        _askers[ReadUInt16BigEndian(asked)] = (IPEndPoint)asker;
        return asked;
    }

    private IPEndPoint AskerOf(byte[] asked) => _askers[ReadUInt16BigEndian(asked)];

    /// <summary>Answers as the resolver: the query as a response, with octets behind that stand for records.</summary>
    private byte[] Answer(byte[] asked, int padding, IPEndPoint? to = null)
    {
        byte[] answer = [.. asked, .. new byte[padding]];
        answer[2] |= 0x80;
        _resolver.SendTo(answer, to ?? AskerOf(asked));
        return answer;
    }

    /// <summary>A query as another client sends it: its own port and identifier.</summary>
    private static byte[] QueryOf(ushort client)
    {
        byte[] query = Query();
        WriteUInt16BigEndian(query.AsSpan(SourcePortOffset), (ushort)(20_000 + client));
        WriteUInt16BigEndian(query.AsSpan(MessageOffset), client);
        return query;
    }

    private static int OpenDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private Read Sent()
    {
        _bridge.Until(() => _bridge.Left.SentFrames.Count > 0);
        return new Read(_bridge.Left.SentFrames[0]);
    }

    private static void AssertTurnedAround(byte[] query, Read sent)
    {
        var asked = new Read(query);
        asked.Frame.TryGetIpv6(out Ipv6Header before);
        sent.Frame.TryGetIpv6(out Ipv6Header after);
        Assert.Equal((before.Source, before.Destination), (after.Destination, after.Source));
        Assert.Equal(asked.Udp.SourcePort, sent.Udp.DestinationPort);
        PacketDotNet.Packet packet = PacketDotNet.Packet.ParsePacket(PacketDotNet.LinkLayers.Ethernet, sent.Frame.ToArray());
        Assert.True(packet.Extract<PacketDotNet.UdpPacket>().ValidUdpChecksum);
    }

    /// <summary>Draws each number twice.</summary>
    private sealed class SameTwice : Random
    {
        private int _drawn;

        public override int Next(int maxValue) => _drawn++ / 2 % maxValue;
    }

    /// <summary>A frame to read.</summary>
    private readonly ref struct Read
    {
        private readonly FrameBuffer _buffer = new(new FrameUndo());

        public Read(byte[] octets) => _buffer.Load(octets, LinkType.Ethernet, Side.Left);

        public Frame Frame => new(_buffer);

        public UdpHeader Udp => Frame.TryGetUdp(out UdpHeader udp) ? udp : throw new InvalidOperationException("no UDP");
    }
}
