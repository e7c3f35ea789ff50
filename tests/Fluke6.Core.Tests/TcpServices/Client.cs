using System.Text;
using Fluke6.Wire;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>A client of a service, with a test in place of its TCP.</summary>
internal sealed class Client(ServiceHost host, string address = "192.0.2.1", string server = "198.51.100.1", int port = 40000)
{
    /// <summary>The first octet's number; one less is the SYN's.</summary>
    public uint Sequence { get; set; } = 1001;

    /// <summary>What is acknowledged.</summary>
    public uint Acknowledgment { get; set; }

    public ushort Window { get; set; } = 60_000;

    public Verdict Verdict { get; private set; }

    /// <summary>The options of every segment but the SYN.</summary>
    public byte[] Options { get; set; } = [];

    /// <summary>SYN, and the ACK of what comes back.</summary>
    /// <returns>The SYN,ACK.</returns>
    public SentSegment Connect(byte[]? options = null)
    {
        SentSegment synAck = Assert.Single(Send(Syn, options: options ?? [2, 4, 5, 0xB4], sequence: Sequence - 1));
        Assert.Equal(Syn | Ack, synAck.Flags);
        Assert.Equal(Sequence, synAck.Acknowledgment);
        Acknowledgment = synAck.Sequence + 1;
        Send(Ack);
        return synAck;
    }

    /// <summary>Connects with an initial sequence number of the service's that the test chooses.</summary>
    public void ConnectAt(uint initial, byte[]? options = null)
    {
        // RFC 9293 §3.4.1: that of the same connection goes on by one in four microseconds.
        uint before = Connect(options).Sequence;
        Send(Rst);
        host.Worker.Advance(TimeSpan.FromMicroseconds(4L * (initial - before)));
        Assert.Equal(initial, Connect(options).Sequence);
    }

    public SentSegment[] Say(string text, int offset = 0) => Send(Ack | Psh, Encoding.ASCII.GetBytes(text), sequence: Sequence + (uint)offset);

    /// <summary>Sends what comes next, acknowledging what is said to be acknowledged.</summary>
    public SentSegment[] SayNext(byte[] octets)
    {
        SentSegment[] sent = Send(Ack | Psh, octets);
        Sequence += (uint)octets.Length;
        return sent;
    }

    public SentSegment[] AcknowledgeUpTo(uint number)
    {
        Acknowledgment = number;
        return Send(Ack);
    }

    public SentSegment[] Send(TcpFlags flags, byte[]? payload = null, byte[]? options = null, uint? sequence = null, int segmentSize = 0)
    {
        SentSegment[] sent = host.Arrive(Frame(flags, payload, options, sequence), out Verdict verdict, segmentSize);
        Verdict = verdict;
        return sent;
    }

    public byte[] Frame(TcpFlags flags, byte[]? payload = null, byte[]? options = null, uint? sequence = null)
    {
        var fields = new TcpFields((ushort)port, 80, flags)
        {
            SequenceNumber = sequence ?? Sequence, AcknowledgmentNumber = (flags & Ack) != 0 ? Acknowledgment : 0, Window = Window,
        };
        return Segment.Tcp(address, server, fields, options ?? Options, payload ?? []);
    }

    public static byte[] Octets(int count)
    {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++)
            octets[i] = (byte)('a' + (i % 23));
        return octets;
    }
}
