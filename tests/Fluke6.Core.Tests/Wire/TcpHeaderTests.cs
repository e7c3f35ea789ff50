using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class TcpHeaderTests
{
    private const string Header = "3039 0050 00000001 00000002 60 12 faf0 beef 0003 01010101";

    [Fact]
    public void ReadsEveryField()
    {
        Assert.True(TcpHeader.TryRead(Hex.Octets(Header), out TcpHeader tcp));
        Assert.Equal(12345, tcp.SourcePort);
        Assert.Equal(80, tcp.DestinationPort);
        Assert.Equal(1u, tcp.SequenceNumber);
        Assert.Equal(2u, tcp.AcknowledgmentNumber);
        Assert.Equal(24, tcp.HeaderLength);
        Assert.Equal((TcpFlags)0x12, tcp.Flags);
        Assert.True(tcp.Syn && tcp.Ack);
        Assert.False(tcp.Fin || tcp.Rst || tcp.Psh || tcp.Urg || tcp.Ece || tcp.Cwr);
        Assert.Equal(64240, tcp.Window);
        Assert.Equal(0xBEEF, tcp.Checksum);
        Assert.Equal(3, tcp.UrgentPointer);
        Assert.Equal(4, tcp.Options.Octets.Length);
    }

    [Fact]
    public void WritesEveryField()
    {
        byte[] octets = Hex.Prefilled(22);
        octets[12] = 0x55;
        Assert.True(TcpHeader.TryRead(octets, out TcpHeader tcp));
        tcp.SourcePort = 12345;
        tcp.DestinationPort = 80;
        tcp.SequenceNumber = 1;
        tcp.AcknowledgmentNumber = 2;
        tcp.Flags = TcpFlags.None;
        tcp.Window = 64240;
        tcp.UrgentPointer = 3;
        tcp.Checksum = 0xBEEF;
        Assert.Equal("303900500000000100000002" + "5000" + "faf0beef0003a5a5", Hex.Of(octets));
    }

    // RFC 9768 §3.1.1: an AccECN SYN has all three bits; flags 0x1c2 in tcpdump's count.
    [Fact]
    public void AeAndTheReservedBitsAreReadWrittenAndPrinted()
    {
        byte[] segment = Hex.Octets("3039 0050 00000001 00000002 51 c2 faf0 0000 0000");
        ushort checksum = (ushort)(0xFFFF - NaiveSum.Sum(segment));
        (segment[16], segment[17]) = ((byte)(checksum >> 8), (byte)checksum);
        Assert.True(TcpHeader.TryRead(segment, out TcpHeader tcp));
        Assert.Equal((true, true, true, 0, (TcpFlags)0x1C2), (tcp.Ae, tcp.Cwr, tcp.Ece, tcp.ReservedBits, tcp.Flags));
        Assert.StartsWith("12345 > 80: Flags [SEWe], seq 1, win 64240", tcp.ToString());

        (tcp.Cwr, tcp.Ece, tcp.Ae) = (false, false, false);
        Assert.Equal("5002", Hex.Of(segment.AsSpan(12, 2)));
        Assert.StartsWith("12345 > 80: Flags [S], ", tcp.ToString());
        tcp.ReservedBits = 5;
        Assert.Equal((5, false, 20, "5a02"), (tcp.ReservedBits, tcp.Ae, tcp.HeaderLength, Hex.Of(segment.AsSpan(12, 2))));
        tcp.Ae = true;
        Assert.Equal(5, tcp.ReservedBits);
        tcp.Flags &= TcpFlags.Ae | TcpFlags.Reserved;
        Assert.StartsWith("12345 > 80: Flags [e], reserved 5, seq ", tcp.ToString());
        Assert.Equal(0xFFFF, NaiveSum.Sum(segment));
    }

    [Fact]
    public void EveryFlagIsItsOwnBit()
    {
        byte[] octets = new byte[20];
        octets[12] = 0x50;
        Assert.True(TcpHeader.TryRead(octets, out TcpHeader tcp));
        tcp.Fin = true;
        Assert.Equal((TcpFlags)0x01, tcp.Flags);
        tcp.Syn = true;
        Assert.Equal((TcpFlags)0x03, tcp.Flags);
        tcp.Rst = true;
        Assert.Equal((TcpFlags)0x07, tcp.Flags);
        tcp.Psh = true;
        Assert.Equal((TcpFlags)0x0F, tcp.Flags);
        tcp.Ack = true;
        Assert.Equal((TcpFlags)0x1F, tcp.Flags);
        tcp.Urg = true;
        Assert.Equal((TcpFlags)0x3F, tcp.Flags);
        tcp.Ece = true;
        Assert.Equal((TcpFlags)0x7F, tcp.Flags);
        tcp.Cwr = true;
        Assert.Equal((TcpFlags)0xFF, tcp.Flags);
        tcp.Ae = true;
        Assert.Equal((TcpFlags)0x1FF, tcp.Flags);
        tcp.Flags |= TcpFlags.Reserved;
        Assert.Equal(TcpFlags.All, tcp.Flags);
        tcp.Ack = false;
        Assert.Equal((TcpFlags)0xFEF, tcp.Flags);
        Assert.Equal((20, true), (tcp.HeaderLength, tcp.Ae));
    }

    [Fact]
    public void RejectsTruncated()
    {
        byte[] octets = Hex.Octets(Header);
        for (int length = 0; length < octets.Length; length++)
            Assert.False(TcpHeader.TryRead(octets.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x40)]
    [InlineData(0x70)]
    [InlineData(0xF0)]
    public void RejectsImpossibleLength(byte dataOffset)
    {
        byte[] octets = Hex.Octets(Header);
        octets[12] = dataOffset;
        Assert.False(TcpHeader.TryRead(octets, out _));
    }
}
