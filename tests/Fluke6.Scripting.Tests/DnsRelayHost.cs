using System.Net;
using System.Net.Sockets;
using Fluke6.Bridging;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting.Tests.Examples;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Scripting.Tests;

/// <summary>A rule that relays, and the resolver that it asks by a real socket: the test. One at a time, since one test counts descriptors.</summary>
public abstract class DnsRelayHost : IDisposable
{
    private protected const int SourcePortOffset = 14 + 40;
    private protected const int MessageOffset = 14 + 40 + 8;
    private protected const int FirstLabel = DnsMessage.HeaderLength + 1;    // its first octet, in a message

    private protected const string Rule = """
        readonly DnsRelay resolver = RelayDns(new IPEndPoint(IPAddress.Loopback, Param("port", 53)));
        Verdict Apply(ref Frame frame) => resolver.Relay(ref frame);
        """;

    private protected readonly Socket _resolver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
    private protected readonly ScriptedBridge _bridge;
    private protected readonly Dictionary<ushort, IPEndPoint> _askers = [];    // where each identifier was asked from

    protected DnsRelayHost()
    {
        _resolver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _bridge = Start(null);
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _bridge.Dispose();
        _resolver.Dispose();
    }

    private protected static byte[] Query() => [.. GoldenFrames.Of("dns-answer-aaaa")[0].In];

    private protected static byte[] MessageOf(byte[] frame) => frame[MessageOffset..];

    /// <summary>A query with an identifier and a name of its own.</summary>
    private protected static byte[] QueryNumber(byte number)
    {
        byte[] query = Query();
        WriteUInt16BigEndian(query.AsSpan(MessageOffset), number);
        query[MessageOffset + FirstLabel] = number;
        return query;
    }

    private protected ScriptedBridge Start(BridgeOptions? options)
    {
        var bridge = new ScriptedBridge(options, ("port", $"{((IPEndPoint)_resolver.LocalEndPoint!).Port}"));
        bridge.Folder.Write("relay.csx", Rule);
        Assert.Empty(bridge.Start());
        return bridge;
    }

    /// <summary>Lets a query arrive.</summary>
    /// <returns>What the resolver was asked.</returns>
    private protected byte[] Ask(byte[] query, ScriptedBridge? bridge = null)
    {
        (bridge ?? _bridge).Arrive(query);
        return Asked();
    }

    /// <summary>Waits for the next query to the resolver.</summary>
    private protected byte[] Asked()
    {
        byte[] asked = new byte[2000];
        EndPoint asker = new IPEndPoint(IPAddress.Any, 0);
        asked = asked[.._resolver.ReceiveFrom(asked, ref asker)];
        _askers[ReadUInt16BigEndian(asked)] = (IPEndPoint)asker;
        return asked;
    }

    private protected IPEndPoint AskerOf(byte[] asked) => _askers[ReadUInt16BigEndian(asked)];

    /// <summary>Answers as the resolver: the query as a response, with octets behind that stand for records.</summary>
    private protected byte[] Answer(byte[] asked, int padding, IPEndPoint? to = null)
    {
        byte[] answer = [.. asked, .. new byte[padding]];
        answer[2] |= 0x80;
        _resolver.SendTo(answer, to ?? AskerOf(asked));
        return answer;
    }

    /// <summary>A query as another client sends it: its own port and identifier.</summary>
    private protected static byte[] QueryOf(ushort client)
    {
        byte[] query = Query();
        WriteUInt16BigEndian(query.AsSpan(SourcePortOffset), (ushort)(20_000 + client));
        WriteUInt16BigEndian(query.AsSpan(MessageOffset), client);
        return query;
    }

    private protected static int OpenDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private protected Read Sent()
    {
        _bridge.Until(() => _bridge.Left.SentFrames.Count > 0);
        return new Read(_bridge.Left.SentFrames[0]);
    }

    private protected static void AssertTurnedAround(byte[] query, Read sent)
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
    private protected sealed class SameTwice : Random
    {
        private int _drawn;

        public override int Next(int maxValue) => _drawn++ / 2 % maxValue;
    }

    /// <summary>A frame to read.</summary>
    private protected readonly ref struct Read
    {
        private readonly FrameBuffer _buffer = new(new FrameUndo());

        public Read(byte[] octets) => _buffer.Load(octets, LinkType.Ethernet, Side.Left);

        public Frame Frame => new(_buffer);

        public UdpHeader Udp => Frame.TryGetUdp(out UdpHeader udp) ? udp : throw new InvalidOperationException("no UDP");
    }
}
