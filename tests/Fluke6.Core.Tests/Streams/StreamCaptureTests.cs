using System.Text;
using Fluke6.Bridging;
using Fluke6.Captures;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Streams;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Streams;

/// <summary>Connections that are rewritten by the real bridge, with its thread, its capture and its watchdog.</summary>
public sealed class StreamCaptureTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"fluke6-{Guid.NewGuid():N}.pcapng");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void ACaptureShowsTheBytesThatCameAndThoseThatWentOut()
    {
        using var test = new TestBridge();
        Rewrite(test, StreamHost.Replace("cat", "elephant"));
        test.Bridge.StartCapture(_path);
        Handshake(test);
        Client(test, 1001, "a cat");
        // Longer than a segment: what goes out are frames of the rule's own.
        Client(test, 1006, string.Concat(Enumerable.Repeat("cat", 400)));
        Server(test, 5001, "ok", 1011);
        test.Bridge.StopCapture();

        ReadCapture.Packet[] packets = [.. ReadCapture.Read(_path).Packets];
        string[] told = [.. packets.Select(packet => $"{packet.Interface} {(packet.Inbound ? "in" : "out")} {Data(packet.Octets)}")];
        int edited = Array.IndexOf(told, "0 in a cat");
        Assert.Equal("1 out a elephant", told[edited + 1]);
        Assert.Contains("10-rewrite: ", packets[edited + 1].Comment, StringComparison.Ordinal);
        int grown = Array.FindIndex(told, text => text.StartsWith("0 in catcat", StringComparison.Ordinal));
        string[] sent = [.. told[(grown + 1)..].TakeWhile(text => text.StartsWith("1 out ", StringComparison.Ordinal)).Select(text => text[6..])];
        Assert.True(sent.Length > 1, string.Join('\n', told));
        Assert.Equal(string.Concat(Enumerable.Repeat("elephant", 400)), string.Concat(sent));
        // What the server acknowledged is told to the client in the client's numbers.
        ReadCapture.Packet[] answers = [.. packets.Where(packet => Data(packet.Octets) == "ok")];
        Assert.Equal([1011u, 1006u], answers.Select(packet => Acknowledgment(packet.Octets)));
        Assert.Equal([true, false], answers.Select(packet => packet.Inbound));
    }

    [Fact]
    public void AHandlerThatNeverReturnsIsTakenOutAndTheConnectionGoesOn()
    {
        using var test = new TestBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });
        using var returns = new ManualResetEventSlim();
        Rewrite(test, (_, data) =>
        {
            if (data.IndexOf("hang"u8) >= 0)
                returns.Wait(CancellationToken.None);
            else if (data.IndexOf("cat"u8) is >= 0 and var at)
                Elephant(data, at);
            else
                data.Pass(data.Length);
        });
        Handshake(test);
        Client(test, 1001, "a cat");
        test.Arrive(FromClient(1006, "hang", 5001));
        test.Until(() => test.Bridge.Chain.Entries[0].State == Fluke6.Engine.RuleState.Bypassed);
        test.Until(() => test.Right.SentFrames.Count > 0 && Data(test.Right.SentFrames[^1]) == "hang");

        // The numbers of both ends still differ by five, with nobody to decide any more.
        Server(test, 5001, "ok", 1015);
        Client(test, 1010, "a cat", 5003);
        Assert.Equal(["", "", "a elephant", "hang", "a cat"], test.Right.SentFrames.Select(Data));
        Assert.Equal([1011u, 1015u], test.Right.SentFrames.TakeLast(2).Select(Number));
        Assert.Equal(1010u, Acknowledgment(test.Left.SentFrames[^1]));
        Assert.Contains("did not return within 200 ms", Assert.Single(test.Notes.OfType<FaultNote>()).Fault.Message, StringComparison.Ordinal);
        returns.Set();

        static void Elephant(TcpStreamData data, int at)
        {
            data.Pass(at);
            data.Replace(3, "elephant"u8);
        }
    }

    private static void Rewrite(TestBridge test, TcpStreamHandler handler)
    {
        test.Publish("10-rewrite", context =>
        {
            var streams = new TcpStreams(context, new TcpStreamOptions(), handler);
            return (ref frame) => streams.Rewrite(ref frame);
        });
    }

    private static void Handshake(TestBridge test)
    {
        byte[] options = [2, 4, 5, 180, 1, 1, 4, 2];
        test.Pass(Side.Left, Segment.Tcp("192.0.2.1", "192.0.2.2", new TcpFields(40000, 80, TcpFlags.Syn) { SequenceNumber = 1000, Window = 60000 }, options, []));
        test.Pass(Side.Right, Segment.Tcp(
            "192.0.2.2", "192.0.2.1", new TcpFields(80, 40000, TcpFlags.Syn | TcpFlags.Ack) { SequenceNumber = 5000, AcknowledgmentNumber = 1001, Window = 60000 }, options, []));
        Client(test, 1001, "");
    }

    private static void Client(TestBridge test, uint number, string data, uint acknowledgment = 5001) => test.Pass(Side.Left, FromClient(number, data, acknowledgment));

    private static byte[] FromClient(uint number, string data, uint acknowledgment) => Segment.Tcp(
        "192.0.2.1", "192.0.2.2", new TcpFields(40000, 80, TcpFlags.Ack) { SequenceNumber = number, AcknowledgmentNumber = acknowledgment, Window = 60000 }, null, Encoding.ASCII.GetBytes(data));

    private static void Server(TestBridge test, uint number, string data, uint acknowledgment) => test.Pass(Side.Right, Segment.Tcp(
        "192.0.2.2", "192.0.2.1", new TcpFields(80, 40000, TcpFlags.Ack) { SequenceNumber = number, AcknowledgmentNumber = acknowledgment, Window = 60000 }, null, Encoding.ASCII.GetBytes(data)));

    private static string Data(byte[] octets) => Sent(octets).Data;

    private static uint Number(byte[] octets) => Sent(octets).Number;

    private static uint Acknowledgment(byte[] octets) => Sent(octets).Acknowledgment;

    private static StreamHost.Sent Sent(byte[] octets)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        return StreamHost.Sent.Of(Side.Right, buffer);
    }
}
