using System.Net;
using System.Net.Sockets;
using Fluke6.Frames;
using Fluke6.Scripting.Tests.Examples;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Scripting.Tests;

/// <summary>Queries that leave by a real socket, and what becomes of the answers.</summary>
public sealed class DnsRelayTests : IDisposable
{
    private const int MessageOffset = 14 + 40 + 8;
    private const int FirstLabel = DnsMessage.HeaderLength + 1;    // its first octet, in a message

    private const string Rule = """
        readonly DnsRelay resolver = RelayDns(new IPEndPoint(IPAddress.Loopback, Param("port", 53)));
        Verdict Apply(ref Frame frame) => resolver.TryRelay(ref frame) ? Verdict.Drop : Verdict.Continue;
        """;

    private readonly Socket _resolver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
    private readonly LiveBridge _bridge;
    private EndPoint _client = new IPEndPoint(IPAddress.Any, 0);

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
        Answer(other, padding: 0);
        Answer(asked, padding: 0);
        Answer(asked, padding: 0);    // a second time

        // Datagrams and what is posted keep their order: once this one is out, all before it are through.
        Answer(Ask(Query()), padding: 0);
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
        _resolver.SendTo([asked[0], asked[1], 0x80, FormatError, 0, 0, 0, 0, 0, 0, 0, 0], _client);
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
        using LiveBridge bridge = Start(new BridgeOptions { Random = new SameTwice() });
        HashSet<ushort> identifiers = [];
        for (byte i = 0; i < 20; i++)
            Assert.True(identifiers.Add(ReadUInt16BigEndian(Ask(QueryNumber(i), bridge))), $"query {i} has the identifier of one before it");
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

    private LiveBridge Start(BridgeOptions? options)
    {
        var bridge = new LiveBridge(options, ("port", $"{((IPEndPoint)_resolver.LocalEndPoint!).Port}"));
        bridge.Folder.Write("relay.csx", Rule);
        Assert.Empty(bridge.Start());
        return bridge;
    }

    /// <summary>Lets a query arrive.</summary>
    /// <returns>What the resolver was asked.</returns>
    private byte[] Ask(byte[] query, LiveBridge? bridge = null)
    {
        (bridge ?? _bridge).Arrive(query);
        byte[] asked = new byte[2000];
        return asked[.._resolver.ReceiveFrom(asked, ref _client)];
    }

    /// <summary>Answers as the resolver: the query as a response, with octets behind that stand for records.</summary>
    private byte[] Answer(byte[] asked, int padding)
    {
        byte[] answer = [.. asked, .. new byte[padding]];
        answer[2] |= 0x80;
        _resolver.SendTo(answer, _client);
        return answer;
    }

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

        public Read(byte[] octets) => _buffer.Load(octets, LinkType.Ethernet, Ports.Side.Left);

        public Frame Frame => new(_buffer);

        public UdpHeader Udp => Frame.TryGetUdp(out UdpHeader udp) ? udp : throw new InvalidOperationException("no UDP");
    }
}
