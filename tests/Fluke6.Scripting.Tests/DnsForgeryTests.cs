using System.Net;
using System.Net.Sockets;
using Fluke6.Bridging;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting.Tests.Examples;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Scripting.Tests;

/// <summary>Answers that are not the resolver's, or to nothing that was asked, come to nobody. RFC 5452.</summary>
[Collection("DNS relays")]
public sealed class DnsForgeryTests : DnsRelayHost
{
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
}
