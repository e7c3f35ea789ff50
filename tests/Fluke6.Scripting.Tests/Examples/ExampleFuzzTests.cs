using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Scripting.Tests.Examples;

/// <summary>Whatever arrives, no example throws, and what leaves has lengths that agree with each other, and checksums that are right if they were.</summary>
public sealed class ExampleFuzzTests
{
    private const int RandomFrames = 20_000, MutationsPerVector = 1_000;

    public static TheoryData<string> Examples => [.. GoldenFrames.Examples];

    [Theory]
    [MemberData(nameof(Examples))]
    public void RandomOctets(string example)
    {
        using var rule = new LoadedExample(example);
        var random = new Random(6);
        byte[] octets = new byte[200];
        for (int i = 0; i < RandomFrames; i++)
        {
            Span<byte> frame = octets.AsSpan(0, random.Next(octets.Length));
            random.NextBytes(frame);
            Check(rule, frame, i % 2 == 0 ? LinkType.Ethernet : LinkType.RawIp);
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void MutatedVectors(string example)
    {
        using var rule = new LoadedExample(example);
        var random = new Random(8);
        int right = 0;
        foreach (GoldenFrames golden in GoldenFrames.Examples.SelectMany(GoldenFrames.Of))
        {
            for (int i = 0; i < MutationsPerVector; i++)
            {
                byte[] frame = [.. golden.In];
                for (int edits = random.Next(1, 5); edits > 0; edits--)
                    frame[random.Next(frame.Length)] = (byte)random.Next(256);
                // Cut off now and then, or with octets behind it.
                Array.Resize(ref frame, i % 4 == 0 ? random.Next(frame.Length + 20) : frame.Length);
                rule.Buffer.Load(frame, golden.LinkType, Side.Left);
                if (i % 2 == 1 && TryGetSummed(rule.Buffer, out byte[] summed, out int link))
                {
                    (int field, ushort value) = NaiveSum.Recompute(summed);
                    WriteUInt16BigEndian(frame.AsSpan(field - link), value);
                    right++;
                }

                Check(rule, frame, golden.LinkType);
            }
        }

        Assert.True(right > 1000, $"{right} frames had a right checksum");
    }

    private static void Check(LoadedExample rule, ReadOnlySpan<byte> frame, LinkType linkType)
    {
        rule.Buffer.Load(frame, linkType, Side.Left);
        LayerStop before = rule.Buffer.Layers.StoppedAt;
        bool wasRight = ChecksumsAre(rule.Buffer) == true;
        Verdict verdict = rule.Run(frame, linkType);
        if (!rule.Buffer.Rewritten)
        {
            Assert.True(rule.Buffer.Octets.SequenceEqual(frame), "changed without saying so");
            return;
        }

        // What is damaged on purpose is wrong.
        if (rule.Buffer.Corrupted)
            return;

        string shown = $"{Convert.ToHexString(frame)} became {Convert.ToHexString(rule.Buffer.Octets)} ({verdict})";
        Layers after = rule.Buffer.Layers;
        Assert.True(before == after.StoppedAt || verdict == Verdict.Reflect, $"{before} before, {after.StoppedAt} after: {shown}");
        Assert.True(after.NetworkEnd <= rule.Buffer.Length && after.PayloadEnd <= after.NetworkEnd, shown);
        Assert.True(after.PayloadOffset <= after.PayloadEnd, shown);
        Assert.True(!wasRight || ChecksumsAre(rule.Buffer) != false, $"a checksum that was right: {shown}");
    }

    /// <summary>Whether the checksums are right; null where none is that a second look understands.</summary>
    private static bool? ChecksumsAre(FrameBuffer buffer) => !TryGetSummed(buffer, out byte[] frame, out _) ? null
        : NaiveSum.HeaderError(frame) == 0 && NaiveSum.TransportError(frame) == 0;

    /// <summary>The frame with a link header, if one sum covers its transport.</summary>
    private static bool TryGetSummed(FrameBuffer buffer, out byte[] frame, out int link)
    {
        Layers layers = buffer.Layers;
        link = buffer.LinkType == LinkType.RawIp ? 14 : 0;
        frame = [.. new byte[link], .. buffer.Octets];
        int transport = layers.TransportOffset + link;
        return layers is { AreUnderstood: true, HasTransport: true, IsFragment: false }
            && layers.Transport is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Icmpv4 or IpProtocol.Icmpv6
            && NaiveSum.TransportOffset(frame) == transport
            && (layers.Transport != IpProtocol.Udp
                || (ReadUInt16BigEndian(frame.AsSpan(transport + 4)) == layers.NetworkEnd + link - transport && ReadUInt16BigEndian(frame.AsSpan(transport + 6)) != 0));
    }
}
