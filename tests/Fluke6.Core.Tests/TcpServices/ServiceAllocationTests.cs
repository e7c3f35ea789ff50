using Fluke6.TcpServices;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;
using static Fluke6.Core.Tests.TcpServices.Client;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>Serving allocates nothing: neither data in order nor out of order, nor a flood of SYNs.</summary>
[Collection("allocations")]
public sealed class ServiceAllocationTests
{
    private const int Length = 1000, Frames = 10_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DataAllocatesNothing(bool outOfOrder)
    {
        var host = new ServiceHost(handler: static (connection, received) => connection.Write(received));
        var client = new Client(host);
        client.Connect(Segment.LinuxOptions());
        uint sequence = client.Sequence, acknowledgment = client.Acknowledgment;
        byte[] frame = client.Frame(Ack, Octets(Length), Segment.Timestamps);
        int tcp = 14 + 20;
        AssertAllocatesNothing(host, i =>
        {
            // Everything is acknowledged with the next segment; of two, the second comes first.
            bool isLate = outOfOrder && i % 2 == 0;
            Set(isLate ? sequence + Length : outOfOrder && i % 2 == 1 ? sequence - Length : sequence);
            sequence += Length;
            acknowledgment += outOfOrder ? i % 2 == 1 ? 2 * Length : 0u : Length;
            host.Run(frame);
        });
        Assert.Equal(1, host.Service.Connections);

        void Set(uint number)
        {
            WriteUInt32BigEndian(frame.AsSpan(tcp + 4), number);
            WriteUInt32BigEndian(frame.AsSpan(tcp + 8), acknowledgment);
            frame.AsSpan(tcp + 16, 2).Clear();
            ushort pseudo = InternetChecksum.PseudoHeaderSum(frame.AsSpan(14 + 12, 8), 6, frame.Length - tcp);
            WriteUInt16BigEndian(frame.AsSpan(tcp + 16), InternetChecksum.Compute(frame.AsSpan(tcp), pseudo));
        }
    }

    [Fact]
    public void FloodOfSynsAllocatesNothing()
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 100 });
        byte[][] syns = [.. Enumerable.Range(1, 1000).Select(port => new Client(host, port: port).Frame(Syn))];
        AssertAllocatesNothing(host, i => host.Run(syns[i % syns.Length]));
        Assert.Equal(100, host.Service.Connections);
    }

    private static void AssertAllocatesNothing(ServiceHost host, Action<int> run)
    {
        host.Records = false;
        long sent = 0;
        Assert.Equal(0, Allocation.In(() =>
        {
            sent = host.SentFrames;
            for (int i = 0; i < Frames; i++)
                run(i);
        }));
        Assert.True(host.SentFrames - sent >= Frames / 2, "does not serve");
    }
}
