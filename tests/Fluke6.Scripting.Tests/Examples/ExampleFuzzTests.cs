using Fluke6.Frames;
using Fluke6.Rules;

namespace Fluke6.Scripting.Tests.Examples;

/// <summary>Whatever arrives, no example throws, and what leaves has lengths that agree with each other.</summary>
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
        foreach (GoldenFrames golden in GoldenFrames.Examples.SelectMany(GoldenFrames.Of))
        {
            for (int i = 0; i < MutationsPerVector; i++)
            {
                byte[] frame = [.. golden.In];
                for (int edits = random.Next(1, 5); edits > 0; edits--)
                    frame[random.Next(frame.Length)] = (byte)random.Next(256);
                // Cut off now and then, or with octets behind it.
                Array.Resize(ref frame, i % 4 == 0 ? random.Next(frame.Length + 20) : frame.Length);
                Check(rule, frame, golden.LinkType);
            }
        }
    }

    private static void Check(LoadedExample rule, ReadOnlySpan<byte> frame, LinkType linkType)
    {
        LayerStop before = StopOf(rule, frame, linkType);
        Verdict verdict = rule.Run(frame, linkType);
        if (!rule.Buffer.Rewritten)
        {
            Assert.True(rule.Buffer.Octets.SequenceEqual(frame), "changed without saying so");
            return;
        }

        string shown = $"{Convert.ToHexString(frame)} became {Convert.ToHexString(rule.Buffer.Octets)} ({verdict})";
        Layers after = rule.Buffer.Layers;
        Assert.True(before == after.StoppedAt || verdict == Verdict.Reflect, $"{before} before, {after.StoppedAt} after: {shown}");
        Assert.True(after.NetworkEnd <= rule.Buffer.Length && after.PayloadEnd <= after.NetworkEnd, shown);
        Assert.True(after.PayloadOffset <= after.PayloadEnd, shown);
    }

    private static LayerStop StopOf(LoadedExample rule, ReadOnlySpan<byte> frame, LinkType linkType)
    {
        rule.Buffer.Load(frame, linkType, Ports.Side.Left);
        return rule.Buffer.Layers.StoppedAt;
    }
}
