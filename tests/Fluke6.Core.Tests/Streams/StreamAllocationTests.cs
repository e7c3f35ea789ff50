using System.Text;
using Fluke6.Frames;
using Fluke6.Streams;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Streams;

/// <summary>A stream that is rewritten allocates nothing once it is warm: edits, frames that are sent besides, octets that wait.</summary>
[Collection("allocations")]
public sealed class StreamAllocationTests
{
    private const int Rounds = 2000;

    [Theory]
    [InlineData("no match here, not one", 0)]
    [InlineData("a cat", 1)]
    [InlineData("a cat and two cats and what may be a ca", 3)]
    public void SteadyStateAllocatesNothing(string text, int matches)
    {
        string big = new('y', 900);
        StreamHost host = new StreamHost("cat", big).Handshake();
        host.Client(1001, "");
        StreamFlow flow = host.Flow;
        host.Host.OnSent = null;
        FrameBuffer data = Buffer(Side.Left, text), acknowledgment = Buffer(Side.Right, "");
        uint sent = 1001, received = 1001;
        long allocated = Allocation.In(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                Send(host, Side.Left, data, sent, 5001);
                sent += (uint)text.Length;
                // All but the last beginning of a match.
                received = flow.FromClient.SentEnd;
                Send(host, Side.Right, acknowledgment, 5001, received);
            }
        });
        Assert.Equal(0, allocated);
        Assert.True(flow.FromClient.Edits.Replaced >= matches * Rounds);
    }

    private static void Send(StreamHost host, Side side, FrameBuffer frame, uint number, uint acknowledgment)
    {
        WriteUInt32BigEndian(frame.Octets[38..], number);
        WriteUInt32BigEndian(frame.Octets[42..], acknowledgment);
        host.Host.Arrive(side, frame);
    }

    private static FrameBuffer Buffer(Side from, string data)
    {
        (string source, string destination, ushort sourcePort, ushort destinationPort) =
            from == Side.Left ? ("192.0.2.1", "192.0.2.2", (ushort)40000, (ushort)80) : ("192.0.2.2", "192.0.2.1", (ushort)80, (ushort)40000);
        var buffer = new FrameBuffer();
        buffer.Load(
            Segment.Tcp(source, destination, new TcpFields(sourcePort, destinationPort), null, Encoding.ASCII.GetBytes(data)), LinkType.Ethernet, from, 1500);
        UpperLayerChecksum.Write(buffer.Octets[14..], 20, IpProtocol.Tcp, partial: true);
        buffer.Offload.SetPartialChecksum(34, 16);
        return buffer;
    }
}
