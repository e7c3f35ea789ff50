using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

/// <summary>What must hold whatever is inside whatever, and whatever happens to it.</summary>
public class InnerPropertyTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void OuterLengthsAndChecksumsFollowAnyInnerEdits()
    {
        string[] names = [.. FrameEdits.All.Keys];
        var changes = new int[FrameBuffer.MaxInnerFrames + 1];
        var buffer = new FrameBuffer(new FrameUndo());
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            TunnelledFrame sample = Any(random);
            sample.LoadInto(buffer);
            int?[] before = sample.Check(new Frame(buffer).ToArray());
            byte[] untouched = new Frame(buffer).ToArray();
            int packet = PacketLength(buffer);
            Assert.True(TryGetInnermost(new Frame(buffer), sample.Depth, out Frame inner), $"seed {seed}");
            FrameCheck was = FrameCheck.Read(inner.Buffer, sample.Inner.Trailer);

            buffer.BeginRule();
            bool changed = false;
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                string name = names[random.Next(names.Length)];
                changed |= FrameEdits.All[name](inner, random) == EditResult.Changed;
                if (random.Next(3) == 0)
                    Set(inner, random);
                if (random.Next(3) == 0)
                    LookAtOuter(buffer, random, sample.Depth, ref inner);
            }

            FrameCheck now = FrameCheck.Read(inner.Buffer, sample.Inner.Trailer);
            Assert.True(was.ChecksumError == now.ChecksumError, $"seed {seed}: inner error {was.ChecksumError} became {now.ChecksumError}");
            buffer.EndRule();
            int?[] after = sample.Check(new Frame(buffer).ToArray());
            Assert.True(before.SequenceEqual(after), $"seed {seed}: errors {string.Join(',', before)} became {string.Join(',', after)}");
            if (PacketLength(buffer) > packet)
                Assert.InRange(PacketLength(buffer), 0, sample.Mtu);
            if (changed)
                changes[sample.Depth]++;
            if (!buffer.Edited)
                Assert.Equal(untouched, new Frame(buffer).ToArray());
        }

        Assert.All(changes[1..], count => Assert.InRange(count, Rounds / 10, Rounds));
    }

    [Fact]
    public void UndoRestoresInnerAndOuter()
    {
        string[] names = [.. FrameEdits.All.Keys];
        var buffer = new FrameBuffer(new FrameUndo());
        for (int seed = 0; seed < Rounds / 2; seed++)
        {
            var random = new Random(seed);
            TunnelledFrame sample = Any(random);
            sample.LoadInto(buffer);
            if (random.Next(2) == 0)
            {
                TryGetInnermost(new Frame(buffer), sample.Depth, out Frame earlier);
                FrameEdits.All[names[random.Next(names.Length)]](earlier, random);
                buffer.EndRule();
                buffer.BeginRule();
            }

            var before = new Snapshot(buffer);
            TryGetInnermost(new Frame(buffer), random.Next(1, sample.Depth + 1), out Frame inner);
            FrameEdits.All[names[random.Next(names.Length)]](inner, random);
            if (random.Next(2) == 0)
                FrameEdits.All[names[random.Next(names.Length)]](new Frame(buffer), random);
            if (TryGetInnermost(new Frame(buffer), sample.Depth, out inner))
                FrameEdits.All[names[random.Next(names.Length)]](inner, random);
            buffer.Undo();

            before.AssertSame(buffer, $"seed {seed}");
        }
    }

    [Fact]
    public void AnyOctetsAreSafeToReachInto()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        string[] names = [.. FrameEdits.All.Keys];
        int reached = 0;
        for (int seed = 0; seed < 100_000; seed++)
        {
            var random = new Random(seed);
            Any(new Random(seed % 500)).LoadInto(buffer);
            Span<byte> octets = buffer.Octets;
            for (int i = random.Next(1, 4); i > 0; i--)
                octets[random.Next(Math.Min(octets.Length, 150))] = (byte)random.Next(256);
            int length = random.Next(3) == 0 ? random.Next(octets.Length + 1) : octets.Length;
            buffer.Load(octets[..length].ToArray(), LinkType.Ethernet, default);

            var frame = new Frame(buffer);
            for (int depth = 1; frame.TryGetInner(out Frame inner); depth++)
            {
                Assert.InRange(depth, 1, FrameBuffer.MaxInnerFrames);
                reached++;
                FrameEdits.All[names[random.Next(names.Length)]](inner, random);
                Set(inner, random);
                frame = inner;
            }

            buffer.EndRule();
            Assert.True(buffer.Length <= FrameBuffer.MaxFrameLength);
        }

        Assert.InRange(reached, 10_000, int.MaxValue);
    }

    internal static bool TryGetInnermost(Frame frame, int depth, out Frame inner)
    {
        inner = frame;
        for (int i = 0; i < depth; i++)
        {
            if (!inner.TryGetInner(out inner))
                return false;
        }

        return true;
    }

    internal static TunnelledFrame Any(Random random)
    {
        bool partialOuter = random.Next(5) == 0;
        FrameShape inner;
        do
        {
            inner = FrameShapes.Any(random);
        }
        while (inner.SegmentSize > 0 || (inner.HasPartialChecksum && (partialOuter || inner.ChecksumError != 0)));

        var sample = new TunnelledFrame(inner)
        {
            Trailer = random.Next(3) == 0 ? random.Next(1, 20) : 0,
            Mtu = random.Next(3) == 0 ? 65535 : random.Next(300, 1600),
            HasPartialOuterChecksum = partialOuter,
        };
        int depth = random.Next(1, FrameBuffer.MaxInnerFrames + 1);
        for (int i = 1; i <= depth; i++)
        {
            TunnelKind kind;
            if (!sample.IsEthernet && (random.Next(4) == 0 || (i == depth && partialOuter)))
                sample.WithEthernet();
            do
            {
                kind = (TunnelKind)random.Next(10);
            }
            while (!Fits(kind, sample) || (i == depth && partialOuter && kind is TunnelKind.IpInIp or TunnelKind.Gre or TunnelKind.GreWithEverything or TunnelKind.MplsInGre));

            sample.Wrap(
                kind, inIpv6: kind is not (TunnelKind.Teredo or TunnelKind.TeredoWithIndications) && random.Next(2) == 0,
                random.Next(3) == 0 ? (ushort)random.Next(1, 0xFFFF) : (ushort)0, (i == depth && partialOuter) || random.Next(4) != 0);
        }

        bool hasLink = depth < FrameBuffer.MaxInnerFrames && random.Next(3) == 0;
        return sample.WithEthernet(!hasLink ? LinkKind.None : sample.Trailer == 0 && random.Next(2) == 0 ? LinkKind.Mpls : LinkKind.Pppoe);
    }

    private static int PacketLength(FrameBuffer buffer) => buffer.Layers.StoppedAt == LayerStop.Tunnel
        ? buffer.Layers.EtherType == EtherType.PppoeSession
            ? 6 + ReadUInt16BigEndian(buffer.Octets[(buffer.Layers.NetworkOffset + 4)..])
            : buffer.Length - buffer.Layers.NetworkOffset
        : buffer.Layers.NetworkEnd - buffer.Layers.NetworkOffset;

    /// <summary>Calls setters that do not decide what is carried where.</summary>
    private static void Set(Frame frame, Random random)
    {
        if (frame.TryGetIpv4(out Ipv4Header ipv4))
        {
            ipv4.TimeToLive = (byte)random.Next(256);
            ipv4.Source = new Ipv4Address((uint)random.NextInt64());
        }

        if (frame.TryGetIpv6(out Ipv6Header ipv6))
        {
            ipv6.HopLimit = (byte)random.Next(256);
            ipv6.Source = new Ipv6Address((ulong)random.NextInt64(), (ulong)random.NextInt64());
            ipv6.FlowLabel = (uint)random.Next(1 << 20);
        }

        if (frame.TryGetTcp(out TcpHeader tcp))
        {
            tcp.Window = (ushort)random.Next(65536);
            tcp.Options.Strip(TcpOptionKind.SackPermitted);
        }
    }

    private static bool Fits(TunnelKind kind, TunnelledFrame sample) => kind switch
    {
        TunnelKind.IpInIp or TunnelKind.MplsInGre => !sample.IsEthernet,
        TunnelKind.Vxlan or TunnelKind.VxlanOfLinux => sample.IsEthernet,
        TunnelKind.VxlanElsewhere => sample.IsEthernet && (sample.Depth > 0 || sample.Inner.Trailer == 0),
        TunnelKind.Teredo or TunnelKind.TeredoWithIndications => !sample.IsEthernet && sample.IsIpv6,
        _ => true,
    };

    private static void LookAtOuter(FrameBuffer buffer, Random random, int depth, ref Frame inner)
    {
        var outer = new Frame(buffer);
        switch (random.Next(5))
        {
            case 0:
                Assert.True(outer.Layers.AreUnderstood);
                break;
            case 1:
                Assert.Equal(buffer.Length, outer.Octets.Length);
                break;
            case 2 when buffer.Layers.VlanTags < 2:
                outer.InsertVlanTag(7);
                break;
            case 3:
                Set(outer, random);
                Assert.True(TryGetInnermost(outer, depth, out inner));
                break;
            default:
                Assert.True(TryGetInnermost(outer, depth, out inner));
                break;
        }
    }
}
