using Fluke6.Captures;
using Fluke6.Frames;

namespace Fluke6.Core.Tests.Captures;

/// <summary>Whatever a file holds, reading it ends, throws nothing but the one clear error, and takes no more memory than any other file.</summary>
public sealed class CaptureReaderFuzzTests
{
    private const int Rounds = 6_000;

    // The window, what a block that is longer than that needs, and the stream.
    private const long MaxAllocated = 1024 * 1024;

    public static TheoryData<string> Seeds => ["pcap", "pcap big-endian", "pcapng", "pcapng big-endian", "pcapng with long blocks"];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void MutatedFiles(string seed)
    {
        byte[] whole = Seed(seed);
        var random = new Random(20261126);
        int faults = 0, rounds = whole.Length > 100_000 ? Rounds / 20 : Rounds;
        for (int i = 0; i < rounds; i++)
        {
            byte[] file = Mutate(whole, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            faults += Read(file, out string? message) ? 0 : 1;
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.True(allocated < MaxAllocated, $"round {i}: {allocated:N0} bytes for a file of {file.Length:N0}");
            Assert.True(message is null || (message.StartsWith('x') && !message.Contains('\n')), message);
        }

        Assert.InRange(faults, 1, rounds - 1);
    }

    private static bool Read(byte[] file, out string? fault)
    {
        fault = null;
        try
        {
            using var reader = CaptureReader.Open(new MemoryStream(file), "x");
            while (reader.MoveNext())
            {
                // Sixteen bytes of file at the least for each packet: it ends.
                Assert.True(reader.Packets * 16 <= file.Length && reader.Octets.Length <= FrameBuffer.MaxFrameLength);
                Assert.True(reader.Time >= 0 && reader.MissingOctets >= 0 && reader.Interface < reader.Interfaces);
                _ = reader.LinkType;
            }

            return true;
        }
        catch (CaptureReadException exception)
        {
            fault = exception.Message;
            return false;
        }
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        byte[] file = [.. whole];
        for (int edits = random.Next(1, 6); edits > 0; edits--)
        {
            int at = random.Next(file.Length);
            switch (random.Next(4))
            {
                case 0:
                    file[at] = (byte)random.Next(256);
                    break;
                case 1:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    // A number that lengths go wrong by.
                    file.AsSpan(at, Math.Min(4, file.Length - at)).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0);
                    break;
                default:
                    int length = random.Next(Math.Min(64, file.Length - at));
                    file.AsSpan(random.Next(file.Length - length), length).CopyTo(file.AsSpan(at));
                    break;
            }
        }

        return random.Next(4) == 0 ? file[..random.Next(file.Length)] : file;
    }

    private static byte[] Seed(string name)
    {
        byte[] octets = [.. Enumerable.Range(0, 60).Select(i => (byte)i)];
        bool little = !name.EndsWith("big-endian", StringComparison.Ordinal);
        if (name.StartsWith("pcap ", StringComparison.Ordinal) || name == "pcap")
        {
            CaptureBytes pcap = new CaptureBytes(little).PcapHeader();
            for (uint i = 0; i < 8; i++)
                pcap.PcapPacket(i, i, octets, original: 60 + i);
            return pcap.ToArray();
        }

        CaptureBytes bytes = new CaptureBytes(little).Section("fluke6").Interface(resolution: 9, offset: 5).Interface();
        for (uint i = 0; i < 4; i++)
            bytes.Enhanced(i % 2, i, octets, flags: 1 + (i % 2)).Obsolete(0, i, octets).Simple(60, octets).Block(0x0BAD + i, body => body.U32(i));
        if (name.EndsWith("long blocks", StringComparison.Ordinal))
            bytes.Block(0x0BAD, body => body.Raw(new byte[300_000])).Enhanced(0, 1, new byte[270_000]);
        return bytes.And(new CaptureBytes(!little).Section().Interface(snapshot: 30).Simple(60, octets[..32])).ToArray();
    }
}
