using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Testing.Oracle;

/// <summary>Reads the blocks of a little-endian pcapng file, up to the last complete one.</summary>
internal sealed class ReadCapture
{
    private ReadCapture()
    {
    }

    public List<(ushort LinkType, string Name, string Description)> Interfaces { get; } = [];

    public List<Packet> Packets { get; } = [];

    public List<(int Interface, ulong Dropped)> Statistics { get; } = [];

    /// <summary>Octets after the last complete block.</summary>
    public int Rest { get; private set; }

    public static ReadCapture Read(string path)
    {
        byte[] octets;
        // The file may be open for writing elsewhere.
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            octets = new byte[stream.Length];
            stream.ReadExactly(octets);
        }

        var reader = new ReadCapture();
        ReadOnlySpan<byte> rest = octets;
        while (rest.Length >= 12 && ReadInt32LittleEndian(rest[4..]) <= rest.Length)
        {
            int length = ReadInt32LittleEndian(rest[4..]);
            Assert.True(length >= 12 && length % 4 == 0);
            Assert.Equal(length, ReadInt32LittleEndian(rest[(length - 4)..]));
            reader.Add(ReadUInt32LittleEndian(rest), rest[8..(length - 4)]);
            rest = rest[length..];
        }

        reader.Rest = rest.Length;
        return reader;
    }

    private void Add(uint type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case 0x0A0D0D0A:
                Assert.Equal(0x1A2B3C4Du, ReadUInt32LittleEndian(body));
                break;

            case 1:
                Dictionary<int, byte[]> options = Options(body[8..]);
                Assert.Equal([9], options[9]);
                Interfaces.Add((ReadUInt16LittleEndian(body), Encoding.UTF8.GetString(options[2]), Encoding.UTF8.GetString(options[3])));
                break;

            case 5:
                Statistics.Add((ReadInt32LittleEndian(body), ReadUInt64LittleEndian(Options(body[12..])[5])));
                break;

            case 6:
                int length = ReadInt32LittleEndian(body[12..]);
                Assert.Equal(length, ReadInt32LittleEndian(body[16..]));
                options = Options(body[(20 + ((length + 3) & ~3))..]);
                Packets.Add(new Packet(
                    ReadInt32LittleEndian(body),
                    ((long)ReadUInt32LittleEndian(body[4..]) << 32) | ReadUInt32LittleEndian(body[8..]),
                    body.Slice(20, length).ToArray(),
                    ReadUInt32LittleEndian(options[2]) == 1,
                    options.TryGetValue(1, out byte[]? comment) ? Encoding.UTF8.GetString(comment) : ""));
                break;

            default:
                Assert.Fail($"block of type {type}");
                break;
        }
    }

    private static Dictionary<int, byte[]> Options(ReadOnlySpan<byte> octets)
    {
        var options = new Dictionary<int, byte[]>();
        while (ReadUInt16LittleEndian(octets) is not 0 and var code)
        {
            int length = ReadUInt16LittleEndian(octets[2..]);
            options.Add(code, octets.Slice(4, length).ToArray());
            octets = octets[(4 + ((length + 3) & ~3))..];
        }

        Assert.Equal(4, octets.Length);
        return options;
    }

    public sealed record Packet(int Interface, long Nanoseconds, byte[] Octets, bool Inbound, string Comment);
}
