using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

/// <summary>The packet that an ICMP error quotes is a frame: its addresses and ports are set, and every checksum follows that is there.</summary>
public sealed class QuotedPacketTests
{
    private static readonly FrameShape Sent = new() { IsRawIp = true, Payload = FrameShapes.Data(40), TcpOptions = FrameShapes.TimestampsAndSack };

    public static TheoryData<bool, IpProtocol, int> Quotes
    {
        get
        {
            var quotes = new TheoryData<bool, IpProtocol, int>();
            foreach (bool ipv6 in new[] { false, true })
            {
                foreach (IpProtocol transport in new[] { IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Icmpv4 })
                {
                    // RFC 792: the header and 64 bits; up to the checksum; the transport header; all.
                    foreach (int octets in new[] { 8, 18, 20, 24, 33, 60, 1000 })
                        quotes.Add(ipv6, transport, octets);
                }
            }

            return quotes;
        }
    }

    [Theory]
    [MemberData(nameof(Quotes))]
    public void AddressesAndPortsAreSetAndTheChecksumsFollow(bool ipv6, IpProtocol transport, int octets)
    {
        byte[] sent = (Sent with { IsIpv6 = ipv6, Transport = transport }).ToOctets();
        byte[] quote = sent[..Math.Min(sent.Length, (ipv6 ? 40 : 20) + octets)];
        FrameBuffer buffer = Arrived.Buffer(Error(quote, ipv6));
        var frame = new Frame(buffer);

        Assert.True(frame.TryGetInner(out Frame inner));
        Assert.True(inner.Layers.IsQuoted);
        byte[] source = Hex.Octets(ipv6 ? "20010db8ffff00000000000000000099" : "cb007163");
        if (inner.TryGetIpv6(out Ipv6Header v6))
            v6.Source = Ipv6Address.Read(source);
        if (inner.TryGetIpv4(out Ipv4Header v4))
            v4.Source = Ipv4Address.Read(source);
        bool hasPorts = inner.TryGetPorts(out TransportPorts ports);
        Assert.Equal(transport != IpProtocol.Icmpv4, hasPorts);
        if (hasPorts)
            (ports.Source, ports.Destination) = (4242, 5353);

        // What the sender would have sent from there, quoted alike.
        byte[] other = (Sent with { IsIpv6 = ipv6, Transport = transport }).ToOctets();
        source.CopyTo(other, ipv6 ? 8 : 12);
        if (hasPorts)
            new byte[] { 0x10, 0x92, 0x14, 0xE9 }.CopyTo(other, ipv6 ? 40 : 20);
        Fix(other, ipv6, transport);
        Assert.Equal(Hex.Of(Error(other[..quote.Length], ipv6)), Hex.Of(frame.Octets));
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        Assert.False(buffer.Malformed);
        buffer.Undo();
        Assert.Equal(Error(quote, ipv6), buffer.Octets.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EditsThatWouldChangeItsLengthAreRefused(bool ipv6)
    {
        byte[] error = Error((Sent with { IsIpv6 = ipv6, TcpFlags = 2 }).ToOctets(), ipv6);
        FrameBuffer buffer = Arrived.Buffer(error);
        Assert.True(new Frame(buffer).TryGetInner(out Frame inner));
        foreach ((string name, FrameEdit edit) in FrameEdits.All.Where(edit => edit.Key is not ("write payload" or "mirror" or "reorder options" or "set options")))
        {
            for (int seed = 0; seed < 20; seed++)
            {
                EditResult result = edit(inner, new Random(seed));
                Assert.True(result != EditResult.Changed || inner.Length == error.Length - (ipv6 ? 62 : 42), name);
                Assert.Equal(error.Length, new Frame(buffer).Octets.Length);
            }
        }

        Assert.Equal(Verdict.Continue, inner.AnswerWithReset());
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        Assert.Equal(EditResult.Changed, inner.WritePayload(0, [9, 9, 9]));
        Assert.Equal(error.Length, new Frame(buffer).Octets.Length);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Fact]
    public void ExtensionsAfterTheQuotationAreNoPartOfIt()
    {
        // RFC 4884: 32 words of packet, then an extension structure.
        byte[] quote = new byte[128];
        Sent.ToOctets().CopyTo(quote, 0);
        byte[] error = Error([.. quote, 0x20, 0, 0xDF, 0xFF, 0, 8, 1, 1, 0, 1, 0x41, 1], ipv6: false);
        error[39] = 32;
        FixIcmp(error, ipv6: false);
        FrameBuffer buffer = Arrived.Buffer(error);
        Assert.True(new Frame(buffer).TryGetInner(out Frame inner));
        Assert.Equal(128, inner.Length);
        Assert.True(inner.TryGetTcp(out TcpHeader tcp));
        tcp.Window = 1;
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4500001c")]
    [InlineData("5500001c000040004006000000000000000000000000000000000000")]
    [InlineData("4600001c0000400040060000000000000000000000")]
    public void WhatIsNoPacketIsNotOpenedAndTheFrameIsStillUnderstood(string quote)
    {
        FrameBuffer buffer = Arrived.Buffer(Error(Hex.Octets(quote), ipv6: false));
        Assert.False(new Frame(buffer).TryGetInner(out _));
        Assert.False(buffer.Malformed);
    }

    [Fact]
    public void EchoesQuoteNothing() =>
        Assert.False(new Frame(new FrameShape { Transport = IpProtocol.Icmpv4, Payload = Sent.ToOctets() }.ToBuffer()).TryGetInner(out _));

    /// <summary>A port unreachable from the destination's router.</summary>
    private static byte[] Error(byte[] quote, bool ipv6)
    {
        byte[] error = new FrameShape { IsIpv6 = ipv6, Transport = IpProtocol.Icmpv4, Payload = quote }.ToOctets();
        int at = ipv6 ? 54 : 34;
        (error[at], error[at + 1]) = ((byte)(ipv6 ? 1 : 3), (byte)(ipv6 ? 4 : 3));
        error.AsSpan(at + 4, 4).Clear();
        FixIcmp(error, ipv6);
        return error;
    }

    private static void FixIcmp(byte[] error, bool ipv6)
    {
        int at = ipv6 ? 54 : 34;
        error.AsSpan(at + 2, 2).Clear();
        ushort sum = NaiveSum.Sum(error.AsSpan(at));
        if (ipv6)
            sum = NaiveSum.Add(sum, NaiveSum.Sum([.. error[22..54], 0, 58, (byte)((error.Length - at) >> 8), (byte)(error.Length - at)]));
        WriteUInt16BigEndian(error.AsSpan(at + 2), (ushort)(0xFFFF - sum));
    }

    /// <summary>Makes the checksums of a whole packet right.</summary>
    private static void Fix(byte[] packet, bool ipv6, IpProtocol transport)
    {
        int at = ipv6 ? 40 : 20, field = at + (transport switch { IpProtocol.Tcp => 16, IpProtocol.Udp => 6, _ => 2 });
        if (!ipv6)
        {
            packet.AsSpan(10, 2).Clear();
            WriteUInt16BigEndian(packet.AsSpan(10), (ushort)(0xFFFF - NaiveSum.Sum(packet.AsSpan(0, 20))));
        }

        packet.AsSpan(field, 2).Clear();
        int length = packet.Length - at;
        byte protocol = ipv6 ? packet[6] : packet[9];
        ushort sum = NaiveSum.Sum(packet.AsSpan(at));
        if (protocol != 1)
            sum = NaiveSum.Add(sum, NaiveSum.Sum([.. ipv6 ? packet[8..40] : packet[12..20], 0, protocol, (byte)(length >> 8), (byte)length]));
        WriteUInt16BigEndian(packet.AsSpan(field), (ushort)(0xFFFF - sum));
    }
}
