// Any address of a network that does not exist answers DNS: the rule asks a real resolver, without ever keeping the bridge waiting.
// RFC 5625 §4: what it does not understand, it hands on. The answer comes in on a task of its own, and back by Post.
// See it:  fluke6 bridge tap:fluke0 none -r examples/dns-answer-from-upstream.csx -r examples/net-answer-everyone.csx --set upstream=ADDRESS
//          ip address add 10.5.0.1/24 dev fluke0; dig @10.5.0.53 aaaa www.example.net; dig @10.5.0.54 mx example.net

using System.Net.Sockets;
using System.Threading.Tasks;
using static System.Buffers.Binary.BinaryPrimitives;

const int Places = 256, MaxQuery = 1600;
readonly Ipv4Prefix prefix = Param("prefix", Ipv4Prefix.Parse("10.5.0.0/24"));
readonly IPEndPoint upstream = new(Param("upstream", IPAddress.Loopback), Param("port", 53));
readonly SocketAddress upstreamAddress = upstream.Serialize();
readonly Socket socket = new(upstream.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };

readonly byte[][] queries = [.. Enumerable.Range(0, Places).Select(_ => new byte[MaxQuery])];    // whole frames that wait for their answers
readonly (ushort Id, int Length, Side From, LinkType LinkType)[] waiting = new (ushort, int, Side, LinkType)[Places];
readonly byte[] message = new byte[MaxQuery];
readonly FrameBuffer reply = new(new FrameUndo());
int place;

socket.Bind(new IPEndPoint(upstream.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
_ = Listen();

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetIpv4(out var ipv4) || !prefix.ContainsHost(ipv4.Destination) || frame.Length > MaxQuery
        || !frame.TryGetUdp(out var udp) || udp.DestinationPort != 53 || !frame.TryGetDns(out var query) || query.IsResponse)
        return Verdict.Continue;

    // The resolver sees an identifier that says where the query waits, and that nobody else can guess: RFC 5452 §9.2.
    place = (place + 1) % Places;
    ushort id = (ushort)((Random.Next(256) << 8) | place);
    frame.Octets.CopyTo(queries[place]);
    waiting[place] = (id, frame.Length, frame.From, frame.LinkType);
    query.Octets.CopyTo(message);
    WriteUInt16BigEndian(message, id);
    try
    {
        socket.SendTo(message.AsSpan(0, query.Octets.Length), SocketFlags.None, upstreamAddress);
    }
    catch (SocketException exception)
    {
        Log($"{upstream.ToString()}: {exception.Message}");    // the client asks again
    }

    return Verdict.Drop;
}

async Task Listen()
{
    byte[] received = new byte[65535];
    try
    {
        while (true)
        {
            SocketReceiveFromResult result = await socket.ReceiveFromAsync(received, SocketFlags.None, upstream, Stopped);
            byte[] answer = received[..result.ReceivedBytes];
            if (result.RemoteEndPoint.Equals(upstream) && answer.Length >= DnsMessage.HeaderLength)
                Post(() => Reply(answer));
        }
    }
    catch (OperationCanceledException)
    {
        socket.Dispose();    // the rule was reloaded
    }
}

void Reply(byte[] answer)
{
    int at = ReadUInt16BigEndian(answer) % Places;
    (ushort id, int length, Side from, LinkType linkType) = waiting[at];
    if (length == 0 || id != ReadUInt16BigEndian(answer))
        return;

    waiting[at] = default;
    reply.Load(queries[at].AsSpan(0, length), linkType, from, mtu: 1500);
    var frame = new Frame(reply);
    frame.TryGetDns(out var query);
    WriteUInt16BigEndian(answer, query.Id);
    frame.Mirror();
    if (frame.ReplacePayload(answer) == EditResult.Refused || !frame.TryGetUdp(out var udp))
    {
        Log($"an answer of {answer.Length} octets is too long to send");
        return;
    }

    udp.Checksum = 0;    // as RFC 768 lets it be; the query's may have been left for the card to complete
    Send(from, frame.Octets);
}
