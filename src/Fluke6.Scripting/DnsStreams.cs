using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fluke6.Rules;
using Fluke6.TcpServices;
using Fluke6.Wire;

namespace Fluke6.Scripting;

/// <summary>
/// Has a resolver answer the queries of clients that ask over TCP, each over a connection of its own to the resolver. RFC 7766. Several queries of a
/// client are asked at once, and answered as answers come (§7).
/// </summary>
internal sealed class DnsStreams(RuleContext rule, IPEndPoint resolver)
{
    // RFC 7766 §8: a message stands after its length.
    private const int LengthOctets = sizeof(ushort);
    private const int MaxUnderway = 256, MaxUnderwayOfClient = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly UpstreamFailures _failures = new(rule, resolver);
    private int _underway;

    /// <summary>Takes what a client sends. Bridge's thread.</summary>
    public void Serve(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        if (connection.Kept is not Client client || client.Relay != this)
            connection.Kept = client = new Client(this);
        client.Received.AddRange(octets);
        while (TryTake(client.Received, out byte[] query))
        {
            if (_underway >= MaxUnderway || client.Underway >= MaxUnderwayOfClient || query.Length < DnsMessage.HeaderLength)
            {
                connection.Reset();
                return;
            }

            _underway++;
            client.Underway++;
            _ = Ask(connection, client, query);
        }

        client.IsAtEnd |= connection.IsAtEnd;
        CloseIfDone(connection, client);
    }

    private static bool TryTake(List<byte> received, out byte[] message)
    {
        message = [];
        int end = received.Count < LengthOctets ? int.MaxValue : LengthOctets + ((received[0] << 8) | received[1]);
        if (received.Count < end)
            return false;

        message = [.. received[LengthOctets..end]];
        received.RemoveRange(0, end);
        return true;
    }

    private async Task Ask(TcpConnection connection, Client client, byte[] query)
    {
        byte[] answer = [];
        try
        {
            answer = await Ask(query).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            _failures.Failed(exception.Message);
        }
        catch (OperationCanceledException)
        {
            if (rule.Stopped.IsCancellationRequested)
                return;

            _failures.Failed("it does not answer over TCP");
        }

        rule.Post(() => Reply(connection, client, answer));
    }

    /// <summary>Asks the resolver.</summary>
    /// <returns>The answer, after its length.</returns>
    private async Task<byte[]> Ask(byte[] query)
    {
        using var limit = new CancellationTokenSource(s_patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, rule.Stopped);
        using var socket = new Socket(resolver.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(resolver, either.Token).ConfigureAwait(false);
        using var stream = new NetworkStream(socket);
        byte[] length = new byte[LengthOctets];
        BinaryPrimitives.TryWriteUInt16BigEndian(length, (ushort)query.Length);
        await stream.WriteAsync((byte[])[.. length, .. query], either.Token).ConfigureAwait(false);
        await stream.ReadExactlyAsync(length, either.Token).ConfigureAwait(false);
        byte[] answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, either.Token).ConfigureAwait(false);
        if (!DnsMessage.TryRead(answer, out DnsMessage message) || !message.IsResponse || !answer.AsSpan(0, 2).SequenceEqual(query.AsSpan(0, 2)))
            throw new IOException("what it answers over TCP is no answer");
        return [.. length, .. answer];
    }

    private void Reply(TcpConnection connection, Client client, byte[] answer)
    {
        _underway--;
        client.Underway--;
        // Who got no answer, or takes none, would wait for it for nothing.
        if (answer.Length == 0 || !connection.Write(answer))
            connection.Reset();
        else
            CloseIfDone(connection, client);
    }

    private static void CloseIfDone(TcpConnection connection, Client client)
    {
        if (client is { IsAtEnd: true, Underway: 0 })
            connection.Close();
    }

    private sealed class Client(DnsStreams relay)
    {
        public DnsStreams Relay { get; } = relay;

        public List<byte> Received { get; } = [];

        public int Underway { get; set; }

        public bool IsAtEnd { get; set; }
    }
}
