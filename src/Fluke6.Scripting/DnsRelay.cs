using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Rules;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Scripting;

/// <summary>
/// Has a real resolver answer the DNS queries in frames, over UDP and without ever keeping the bridge waiting: a query leaves by a socket
/// of the host that the bridge runs on, its answer comes in on a task and goes out where the query came from, on the bridge's thread.
/// What it does not understand it hands on. RFC 5625 §4. Made by <see cref="RuleGlobals.RelayDns"/>; ends with that version of the rule.
/// </summary>
/// <remarks>
/// 256 queries wait at a time; one more takes the place of the oldest, whose client asks again. Taking a query allocates nothing.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Whoever listens on the socket disposes of it, when the rule's version ends.")]
public sealed class DnsRelay
{
    private const int Places = 256, MaxQuery = 1600;

    private readonly RuleContext _rule;
    private readonly IPEndPoint _resolver;
    private readonly SocketAddress _resolverAddress;
    private readonly Socket _socket;
    private readonly Waiting[] _waiting = new Waiting[Places];    // whole frames, until their answers are there
    private readonly byte[] _message = new byte[MaxQuery];
    private readonly FrameBuffer _reply = new(new FrameUndo());
    private int _next;

    internal DnsRelay(RuleContext rule, IPEndPoint resolver)
    {
        _rule = rule;
        _resolver = resolver;
        _resolverAddress = resolver.Serialize();
        _socket = new Socket(resolver.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _socket.Bind(new IPEndPoint(resolver.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        for (int i = 0; i < Places; i++)
            _waiting[i].Frame = new byte[MaxQuery];
        _ = Listen();
    }

    /// <summary>Takes a query to port 53 over to the resolver, from <c>Apply</c>. The frame is then to be dropped.</summary>
    /// <param name="frame">Any frame.</param>
    /// <returns>False if it is no DNS query in UDP, or one of more than 1,600 octets.</returns>
    public bool TryRelay(ref readonly Frame frame)
    {
        if (!frame.TryGetDns(out DnsMessage query) || query.IsResponse
            || !frame.TryGetUdp(out UdpHeader udp) || udp.DestinationPort != 53 || frame.Length > MaxQuery)
        {
            return false;
        }

        ref Waiting place = ref _waiting[_next];
        _next = (_next + 1) % Places;
        place.Length = 0;
        place.Id = NewId();
        (place.Length, place.From, place.LinkType, place.Mtu) = (frame.Length, frame.From, frame.LinkType, frame.Mtu);
        Span<byte> saved = place.Frame.AsSpan(0, frame.Length);
        frame.Octets.CopyTo(saved);
        PartialChecksum.Complete(saved, frame.Buffer.Offload);
        query.Octets.CopyTo(_message);
        WriteUInt16BigEndian(_message, place.Id);
        try
        {
            _socket.SendTo(_message.AsSpan(0, query.Octets.Length), SocketFlags.None, _resolverAddress);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            place.Length = 0;
            _rule.Log($"the resolver {_resolver} cannot be asked: {exception.Message}");
        }

        return true;
    }

    // Neither the client's identifier, which two clients may share, nor one that can be guessed (RFC 5452 §9.2), nor one that waits.
    private ushort NewId()
    {
        while (true)
        {
            var id = (ushort)_rule.Random.Next(ushort.MaxValue + 1);
            if (WaitingFor(id) < 0)
                return id;
        }
    }

    private int WaitingFor(ushort id)
    {
        for (int i = 0; i < Places; i++)
        {
            if (_waiting[i].Length > 0 && _waiting[i].Id == id)
                return i;
        }

        return -1;
    }

    private async Task Listen()
    {
        byte[] received = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                SocketReceiveFromResult result =
                    await _socket.ReceiveFromAsync(received, SocketFlags.None, _resolver, _rule.Stopped).ConfigureAwait(false);
                byte[] answer = received[..result.ReceivedBytes];
                if (result.RemoteEndPoint.Equals(_resolver) && answer.Length >= DnsMessage.HeaderLength)
                    _rule.Post(() => Reply(answer));
            }
        }
        catch (OperationCanceledException)
        {
            // The rule was reloaded, or is gone.
        }
        catch (SocketException exception)
        {
            _rule.Log($"the resolver {_resolver} is asked no more, save the rule to begin anew: {exception.Message}");
        }
        finally
        {
            _socket.Dispose();
        }
    }

    private void Reply(byte[] answer)
    {
        int index = WaitingFor(ReadUInt16BigEndian(answer));
        if (index < 0)
            return;

        ref Waiting found = ref _waiting[index];
        _reply.Load(found.Frame.AsSpan(0, found.Length), found.LinkType, found.From, found.Mtu);
        var frame = new Frame(_reply);
        if (!frame.TryGetDns(out DnsMessage query) || !DnsMessage.TryRead(answer, out DnsMessage response) || !Answers(query, response))
            return;

        found.Length = 0;
        if (frame.AnswerDns(answer))
            _rule.Send(_reply.From, frame.Octets);
    }

    // RFC 5452 §9.1. What a server could not read, it may refuse without a question.
    private static bool Answers(DnsMessage query, DnsMessage response)
    {
        if (response.QuestionCount == 0)
            return query.QuestionCount == 0 || (response.AnswerCount == 0 && response.Rcode != DnsRcode.NoError);

        return response.TryGetQuestion(out DnsQuestion answered) && query.TryGetQuestion(out DnsQuestion asked)
            && answered.Type == asked.Type && answered.Class == asked.Class && answered.Name.Equals(asked.Name.ToName());
    }

    private struct Waiting
    {
        public byte[] Frame;
        public ushort Id;
        public int Length;    // 0: nobody waits here
        public Side From;
        public LinkType LinkType;
        public int Mtu;
    }
}
