using System.Net.NetworkInformation;
using System.Reflection;
using Fluke6.Frames;
using Fluke6.Wire;
using PacketDotNet;
using static System.Buffers.Binary.BinaryPrimitives;
using Packet = PacketDotNet.Packet;

namespace Fluke6.Scripting.Tests;

/// <summary>What a rule did not change in a packet object comes back octet for octet, whatever PacketDotNet would write; what it changed stays changed.</summary>
public sealed class RoundTripTests
{
    private const string NewSource = "02-00-00-00-00-77";
    private static readonly Dictionary<string, byte[]> s_frames = Read();

    public static TheoryData<string> Frames => [.. s_frames.Keys];

    [Theory]
    [MemberData(nameof(Frames))]
    public void UneditedPacketChangesNothing(string name)
    {
        byte[] octets = s_frames[name];
        FrameBuffer buffer = Buffer(octets);
        var frame = new Frame(buffer);
        Assert.Equal(EditResult.Unchanged, frame.Replace(frame.ToPacket()));
        Assert.False(buffer.Edited);
        Assert.Equal(octets, buffer.Octets.ToArray());
    }

    /// <summary>Getters of packets parse, and some write.</summary>
    [Theory]
    [MemberData(nameof(Frames))]
    public void PacketThatWasOnlyReadChangesNothing(string name)
    {
        byte[] octets = s_frames[name];
        FrameBuffer buffer = Buffer(octets);
        var frame = new Frame(buffer);
        Packet? packet = frame.ToPacket();
        for (Packet? layer = packet; layer is not null; layer = layer.PayloadPacket)
            Look(layer, hasOptions: name != "tcp bad opts");
        Assert.NotEqual(EditResult.Changed, frame.Replace(packet));
        Assert.Equal(octets, buffer.Octets.ToArray());
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void ChangeOfALinkAddressIsAllThatChanges(string name)
    {
        byte[] octets = s_frames[name];
        var frame = new Frame(Buffer(octets));
        if (frame.ToPacket() is not EthernetPacket packet)
            return;

        packet.SourceHardwareAddress = PhysicalAddress.Parse(NewSource);
        Assert.Equal(EditResult.Changed, frame.Replace(packet));
        PhysicalAddress.Parse(NewSource).GetAddressBytes().CopyTo(octets, 6);
        Assert.Equal(Convert.ToHexString(octets), Convert.ToHexString(frame.Octets));
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void ChangeOfAHopLimitIsAllThatChanges(string name)
    {
        byte[] octets = s_frames[name], expected = [.. octets];
        var frame = new Frame(Buffer(octets));
        int ip = frame.Layers.NetworkOffset;
        Packet? packet = frame.ToPacket();
        switch (packet?.Extract<IPPacket>())
        {
            case IPv6Packet ipv6 when frame.Layers.Network == EtherType.Ipv6:
                ipv6.HopLimit = 9;
                expected[ip + 7] = 9;
                break;
            case IPv4Packet ipv4 when frame.Layers.Network == EtherType.Ipv4:
                ipv4.TimeToLive = 9;
                ipv4.UpdateIPChecksum();
                expected[ip + 8] = 9;
                expected.AsSpan(ip + 10, 2).Clear();
                WriteUInt16BigEndian(expected.AsSpan(ip + 10), (ushort)~NaiveSum.Sum(expected.AsSpan(ip, (expected[ip] & 15) * 4)));
                break;
            default:
                return;
        }

        EditResult result = frame.Replace(packet);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(frame.Octets));
        Assert.Equal(EditResult.Changed, result);
    }

    /// <summary>PacketDotNet doubles the first octets of these, so where its change belongs cannot be told.</summary>
    [Theory]
    [InlineData("ns")]
    [InlineData("na")]
    public void ChangeInsideWhatPacketDotNetWritesDifferentlyIsRefused(string name)
    {
        byte[] octets = s_frames[name];
        var frame = new Frame(Buffer(octets));
        Packet packet = frame.ToPacket()!;
        var target = System.Net.IPAddress.Parse("fe80::77");
        if (packet.Extract<NdpNeighborSolicitationPacket>() is { } solicitation)
            solicitation.TargetAddress = target;
        if (packet.Extract<NdpNeighborAdvertisementPacket>() is { } advertisement)
            advertisement.TargetAddress = target;
        Assert.Equal(EditResult.Refused, frame.Replace(packet));
        Assert.Equal(octets, frame.Octets.ToArray());
    }

    /// <summary>IPv4 in IPv4, of which the outer header says that it has no length: PacketDotNet finds the inner one where the outer one is.</summary>
    [Theory]
    [InlineData("0800" + "40000043" + "3f994000" + "8c04" + "51f3" + "0a560c0a" + "0a0a108e")]
    [InlineData("0800" + "00000043" + "3f994000" + "8c04" + "51f3" + "0a560c0a" + "0a0a108e" + "45000014000000004004000000000000000000000000")]
    public void HeaderWithoutALengthIsNoPacket(string packet)
    {
        byte[] octets = Convert.FromHexString("020000000002020000000001" + packet);
        var frame = new Frame(Buffer(octets));
        Assert.Null(frame.ToPacket());
        Assert.Equal(EditResult.Unchanged, frame.Replace(frame.ToPacket()));
        Assert.Equal(octets, frame.Octets.ToArray());
    }

    [Fact]
    public void PaddingStaysAfterAPacketThatGrows()
    {
        byte[] octets = [.. s_frames["udp4 csum0"], 1, 2, 3];
        var frame = new Frame(Buffer(octets));
        Packet packet = frame.ToPacket()!;
        UdpPacket udp = packet.Extract<UdpPacket>();
        udp.PayloadData = [.. "hello, world"u8];
        udp.UpdateCalculatedValues();
        var ip = (IPv4Packet)udp.ParentPacket;
        ip.UpdateCalculatedValues();
        ip.UpdateIPChecksum();
        Assert.Equal(EditResult.Changed, frame.Replace(packet));
        Assert.Equal("hello, world", System.Text.Encoding.ASCII.GetString(frame.Payload));
        Assert.Equal([1, 2, 3], frame.Octets[^3..].ToArray());
        Assert.Equal(0, NaiveSum.HeaderError(frame.Octets));
    }

    [Fact]
    public void PacketThatARuleComposesIsTheWholeFrame()
    {
        var frame = new Frame(Buffer(s_frames["arp padded"]));
        byte[] other = s_frames["echo6"];
        Assert.Equal(EditResult.Changed, frame.Replace(Packet.ParsePacket(LinkLayers.Ethernet, [.. other])));
        Assert.Equal(other, frame.Octets.ToArray());
    }

    [Fact]
    public void PacketOfAnEarlierFrameIsThatFrame()
    {
        var first = new Frame(Buffer(s_frames["ra"]));
        Packet packet = first.ToPacket()!;
        var second = new Frame(Buffer(s_frames["arp padded"]));
        Assert.Equal(EditResult.Changed, second.Replace(packet));
        Assert.Equal(s_frames["ra"], second.Octets.ToArray());
    }

    [Fact]
    public void RuleThatReplacesAndSendsEveryFrameByItselfHarmsNone()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", """
            Verdict Apply(ref Frame frame)
            {
                frame.Replace(frame.ToPacket());
                if (frame.ToPacket() is { } packet)
                    Send(Side.Left, packet);
                return Verdict.Continue;
            }
            """);
        Assert.Empty(live.Start());
        foreach ((string name, byte[] octets) in s_frames)
        {
            int sent = live.Left.SentFrames.Count;
            Assert.Equal((name, Convert.ToHexString(octets)), (name, Convert.ToHexString(live.Pass(octets)!)));
            if (live.Left.SentFrames.Count > sent)
                Assert.Equal((name, Convert.ToHexString(octets)), (name, Convert.ToHexString(live.Left.SentFrames[^1])));
        }

        Assert.Equal((0L, 0L), (live.Rule("10-x").Counters.Faults, live.Rule("10-x").Counters.Rewritten));
    }

    // PacketDotNet's walk over an option of length zero has no end.
    private static void Look(Packet layer, bool hasOptions)
    {
        _ = layer.HeaderData;
        _ = layer.PayloadData;
        _ = layer.TotalPacketLength;
        _ = hasOptions ? (layer as TcpPacket)?.OptionsCollection : null;
        _ = (layer as TcpPacket)?.ValidChecksum;
        _ = (layer as UdpPacket)?.ValidChecksum;
        _ = (layer as IPv4Packet)?.ValidIPChecksum;
    }

    private static FrameBuffer Buffer(byte[] octets)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left, mtu: 1500);
        return buffer;
    }

    private static Dictionary<string, byte[]> Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("packetdotnet-frames.txt")!);
        return reader.ReadToEnd().Split('\n').Where(line => line.Contains('\t'))
            .Select(line => line.Split('\t')).ToDictionary(parts => parts[0], parts => Convert.FromHexString(parts[1]));
    }
}
