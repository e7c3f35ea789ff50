using Fluke6.Frames;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Scripting.Tests.Examples;

/// <summary>Every example does nothing to what it did before, and repairs nothing that it did not break. What it does, the tests beside it say.</summary>
public sealed class ExampleTests
{
    private const ushort Error = 0x0102;

    public static TheoryData<string> Examples => [.. GoldenFrames.Examples];

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
