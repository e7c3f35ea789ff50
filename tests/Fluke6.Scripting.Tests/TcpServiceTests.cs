using System.Text;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Scripting.Tests;

/// <summary>A rule with several TCP services, and what a reload does to their connections.</summary>
public sealed class TcpServiceTests
{
    private const string One = """
        readonly TcpService one = ServeTcp("one", new TcpServiceOptions { Port = 81 }, (connection, said) => { if (said.Length > 0) connection.Write("one"u8); });

        """;

    private const string Two = """
        readonly TcpService two = ServeTcp("two", new TcpServiceOptions { Port = 82 }, (connection, said) => { if (said.Length > 0) connection.Write("two"u8); });

        """;

    private const string Apply = """
        Verdict Apply(ref Frame frame)
        {
            Verdict verdict = one.Answer(ref frame);
            return verdict == Verdict.Continue ? two.Answer(ref frame) : verdict;
        }
        """;

    private static readonly Ipv4Address s_client = Ipv4Address.Parse("192.0.2.1"), s_server = Ipv4Address.Parse("198.51.100.1");
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01");

    [Fact]
    public void ServicesThatChangePlacesInTheFileKeepTheirConnections()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("serve.csx", One + Two + Apply);
        Assert.Empty(live.Start());
        uint first = Connect(live, 81), second = Connect(live, 82);
        Assert.Equal("one", Say(live, 81, 1, first));
        Assert.Equal("two", Say(live, 82, 1, second));

        Assert.True(live.Save("serve.csx", Two + One + Apply).Ok);

        Assert.Equal("one", Say(live, 81, 2, first));
        Assert.Equal("two", Say(live, 82, 2, second));
    }

    [Fact]
    public void TwoServicesOfOneNameAreAnErrorThatSaysSo()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("serve.csx", One + Two.Replace("\"two\"", "\"one\"", StringComparison.Ordinal) + Apply);
        RuleDiagnostic error = Assert.Single(live.Start());
        Assert.Equal("serve.csx(2,27): error FLUKE002: ArgumentException: the rule has a TCP service \"one\" already: give this one another name", $"{error}");
    }

    /// <summary>Opens a connection.</summary>
    /// <returns>The server's next sequence number.</returns>
    private static uint Connect(ScriptedBridge live, ushort port)
    {
        TcpFields synAck = Exchange(live, Segment(port, TcpFlags.Syn, 1000, 0), out _);
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ack, synAck.Flags);
        live.Arrive(Segment(port, TcpFlags.Ack, 1001, synAck.SequenceNumber + 1).ToArray());
        return synAck.SequenceNumber + 1;
    }

    /// <summary>Says an octet, after as many as are said to have gone before, each of which was answered by three.</summary>
    /// <returns>The answer's text.</returns>
    private static string Say(ScriptedBridge live, ushort port, int times, uint serverBegan)
    {
        uint said = (uint)times - 1;
        Packet segment = Segment(port, TcpFlags.Ack | TcpFlags.Psh, 1001 + said, serverBegan + (3 * said), "x"u8);
        TcpFields answer = Exchange(live, segment, out string text);
        Assert.False(answer.Flags.HasFlag(TcpFlags.Rst), "the connection was reset");
        return text;
    }

    // The first frame to the left that carries data or flags of its own.
    private static TcpFields Exchange(ScriptedBridge live, in Packet segment, out string text)
    {
        int before = live.Left.SentFrames.Count;
        live.Arrive(segment.ToArray());
        TcpFields found = default;
        string said = "";
        live.Until(() => live.Left.SentFrames.Skip(before).Any(octets => IsTold(octets, out found, out said)));
        text = said;
        return found;
    }

    private static bool IsTold(byte[] octets, out TcpFields fields, out string text)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetTcp(out TcpHeader tcp));
        (fields, text) = (TcpFields.Read(tcp), Encoding.ASCII.GetString(frame.Payload));
        return text.Length > 0 || tcp.Syn || tcp.Rst;
    }

    private static Packet Segment(ushort port, TcpFlags flags, uint sequence, uint acknowledgment, ReadOnlySpan<byte> payload = default) =>
        Packet.Ethernet(s_mac, s_mac).Ipv4(s_client, s_server).Tcp(40000, port, flags, sequence, acknowledgment).Payload(payload);
}
