using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>
/// Views that are kept while the frame is edited at random: each write through one does what the same write through a view that is got anew
/// does to a copy, or throws and does nothing.
/// </summary>
public sealed class StaleViewPropertyTests
{
    private const int Rounds = 4000;

    [Fact]
    public void AWriteThroughAKeptViewIsRightOrThrows()
    {
        string[] names = [.. FrameEdits.All.Keys];
        var (buffer, copy) = (new FrameBuffer(new FrameUndo()), new FrameBuffer(new FrameUndo()));
        int written = 0, refused = 0;
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            if (random.Next(2) == 0)
                FrameShapes.Any(random).LoadInto(buffer);
            else
                InnerPropertyTests.Any(random).LoadInto(buffer);
            var outer = new Frame(buffer);
            int depth = 0;
            Frame frame = outer;
            for (; random.Next(3) > 0 && frame.TryGetInner(out Frame inner); depth++)
                frame = inner;
            Kept kept = Kept.Of(frame);
            for (int i = 0; i < 6; i++)
            {
                try
                {
                    switch (random.Next(4))
                    {
                        case 0:
                            FrameEdits.All[names[random.Next(names.Length)]](frame, random);
                            break;
                        case 1:
                            // Octets written over the inner frame make it another, whatever views are over it.
                            string name = names[random.Next(names.Length)];
                            if (depth == 0 || name != "write payload")
                                FrameEdits.All[name](outer, random);
                            break;
                        case 2:
                            kept = Kept.Of(frame);
                            break;
                        default:
                            int value = random.Next(1, 256), which = random.Next(4);
                            copy.Load(buffer);
                            byte[] before = outer.Octets.ToArray();
                            if (!TryWrite(kept, which, value))
                            {
                                refused++;
                                Assert.True(before.AsSpan().SequenceEqual(outer.Octets), $"seed {seed}: written through a view that threw");
                                break;
                            }

                            written++;
                            if (!InnerPropertyTests.TryGetInnermost(new Frame(copy), depth, out Frame same))
                                break;

                            Assert.True(TryWrite(Kept.Of(same), which, value));
                            Assert.True(new Frame(copy).Octets.SequenceEqual(outer.Octets), $"seed {seed}: write {which} of {value} through a kept view");
                            break;
                    }
                }
                catch (InvalidOperationException exception) when (exception.Message.Contains("anew", StringComparison.Ordinal))
                {
                    // The outer frame has moved the inner one.
                    if (!InnerPropertyTests.TryGetInnermost(outer, depth, out frame))
                        break;
                }
            }
        }

        Assert.InRange(written, Rounds / 4, int.MaxValue);
        Assert.InRange(refused, Rounds / 20, int.MaxValue);
    }

    private static bool TryWrite(Kept kept, int which, int value)
    {
        try
        {
            kept.Write(which, value);
            return true;
        }
        catch (InvalidOperationException exception) when (exception.Message.Contains("anew", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private readonly ref struct Kept
    {
        private EthernetHeader Ethernet { get; init; }
        private Ipv4Header Ipv4 { get; init; }
        private Ipv6Header Ipv6 { get; init; }
        private TcpHeader Tcp { get; init; }
        private UdpHeader Udp { get; init; }
        private (bool Ethernet, bool Ipv4, bool Ipv6, bool Tcp, bool Udp) Has { get; init; }

        public static Kept Of(Frame frame)
        {
            bool hasEthernet = frame.TryGetEthernet(out EthernetHeader ethernet), hasIpv4 = frame.TryGetIpv4(out Ipv4Header ipv4);
            bool hasIpv6 = frame.TryGetIpv6(out Ipv6Header ipv6), hasTcp = frame.TryGetTcp(out TcpHeader tcp), hasUdp = frame.TryGetUdp(out UdpHeader udp);
            return new Kept
            {
                Ethernet = ethernet, Ipv4 = ipv4, Ipv6 = ipv6, Tcp = tcp, Udp = udp, Has = (hasEthernet, hasIpv4, hasIpv6, hasTcp, hasUdp),
            };
        }

        public void Write(int which, int value)
        {
            EthernetHeader ethernet = Ethernet;
            Ipv4Header ipv4 = Ipv4;
            Ipv6Header ipv6 = Ipv6;
            TcpHeader tcp = Tcp;
            UdpHeader udp = Udp;
            switch (which)
            {
                case 0 when Has.Ethernet:
                    ethernet.Source = MacAddress.FromUInt64((ulong)value);
                    break;
                case 1 when Has.Ipv4:
                    ipv4.Source = new Ipv4Address((uint)value);
                    break;
                case 1 when Has.Ipv6:
                    ipv6.Source = new Ipv6Address(5, (ulong)value);
                    break;
                case 2 when Has.Tcp:
                    tcp.Window = (ushort)value;
                    break;
                case 2 when Has.Udp:
                    udp.SourcePort = (ushort)value;
                    break;
                case 3 when Has.Tcp:
                    foreach (TcpOption option in tcp.Options)
                        option.Write(0, [(byte)value]);
                    break;
            }
        }
    }
}
