using Fluke6.Frames;
using Fluke6.Journal;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Scripting.Tests.Examples;

/// <summary>Every example does to frames what its golden file says, octet for octet.</summary>
public sealed class ExampleTests
{
    private const ushort Error = 0x0102;

    public static TheoryData<string> Examples => [.. GoldenFrames.Examples];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string example in GoldenFrames.Examples)
            {
                foreach (GoldenFrames golden in GoldenFrames.Of(example))
                    cases.Add(example, golden.Title);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FrameBecomesTheGoldenOne(string example, string title)
    {
        GoldenFrames golden = GoldenFrames.Of(example).Single(golden => golden.Title == title);
        using var rule = new LoadedExample(example, golden.Parameters);

        Verdict verdict = rule.RunAfterFirst(golden, golden.In);

        Assert.Equal(golden.Verdict, verdict);
        Assert.Equal(Convert.ToHexString(golden.Out), Convert.ToHexString(rule.Buffer.Octets));
        Assert.Equal(!golden.In.AsSpan().SequenceEqual(golden.Out), rule.Buffer.Rewritten);
        var log = new List<string>();
        while (rule.Journal.TryRead(out JournalNote note))
            log.Add(Assert.IsType<LogNote>(note).Message);
        Assert.Equal(golden.Log, log);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void SecondPassOverItsOwnResultChangesNothing(string example)
    {
        foreach (GoldenFrames golden in GoldenFrames.Of(example))
        {
            using var rule = new LoadedExample(example, golden.Parameters);
            rule.RunAfterFirst(golden, golden.Out);
            Assert.False(rule.Buffer.Rewritten, golden.Title);
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void CorruptFrameLeavesEquallyCorrupt(string example)
    {
        // A box in the path must not repair what it did not break: the sum stays off by as much. What answers makes a packet of its own.
        foreach (GoldenFrames golden in GoldenFrames.Of(example).Where(golden => golden.Verdict == Verdict.Continue))
        {
            using var rule = new LoadedExample(example, golden.Parameters);
            byte[] corrupt = [.. golden.In];
            int checksum = ChecksumOffset(golden.In, golden.LinkType);
            if (ReadUInt16BigEndian(corrupt.AsSpan(checksum)) == 0)
                continue;    // RFC 768: none, so nothing to be wrong

            WriteUInt16BigEndian(corrupt.AsSpan(checksum), Sum(ReadUInt16BigEndian(golden.In.AsSpan(checksum)), Error));

            rule.RunAfterFirst(golden, corrupt);

            byte[] expected = [.. golden.Out];
            checksum = ChecksumOffset(golden.Out, golden.LinkType);
            WriteUInt16BigEndian(expected.AsSpan(checksum), Sum(ReadUInt16BigEndian(golden.Out.AsSpan(checksum)), Error));
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(rule.Buffer.Octets));
        }
    }

    private static int ChecksumOffset(byte[] frame, LinkType linkType)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(frame, linkType, Side.Left);
        return buffer.Layers.TransportOffset + buffer.Layers.Transport switch
        {
            Wire.IpProtocol.Tcp => 16,
            Wire.IpProtocol.Udp => 6,
            _ => 2,
        };
    }

    // In ones' complement, as checksums add. RFC 1071 §1.
    private static ushort Sum(ushort checksum, ushort error)
    {
        int sum = checksum + error;
        return (ushort)(sum + (sum >> 16));
    }
}
