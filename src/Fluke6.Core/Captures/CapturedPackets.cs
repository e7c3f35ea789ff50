using Fluke6.Frames;

namespace Fluke6.Captures;

/// <summary>Single packets of captures, for tests of rules.</summary>
internal static class CapturedPackets
{
    /// <summary>Reads one packet.</summary>
    /// <param name="path">A pcap or pcapng file.</param>
    /// <param name="number">Which packet, from 1, as Wireshark counts.</param>
    /// <exception cref="CaptureReadException">It is no capture, is damaged before the packet, or has fewer packets.</exception>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static byte[] Read(string path, int number)
    {
        using var reader = CaptureReader.Open(File.OpenRead(path), path);
        while (reader.MoveNext())
        {
            if (reader.Packets == number)
                return reader.Octets.ToArray();
        }

        throw new CaptureReadException($"{path} has {reader.Packets:N0} packets, and no packet {number:N0}");
    }

    /// <summary>Reads all packets, with the side that a replay gives them and the time since the first.</summary>
    /// <param name="path">A pcap or pcapng file.</param>
    /// <exception cref="CaptureReadException">It is no capture, is damaged, or holds other frames.</exception>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IReadOnlyList<(Side From, LinkType LinkType, byte[] Octets, TimeSpan Time)> All(string path)
    {
        var packets = new List<(Side, LinkType, byte[], TimeSpan)>();
        using var reader = CaptureReader.Open(File.OpenRead(path), path);
        long first = -1;
        while (reader.MoveNext())
        {
            if (reader.IsDeparture || reader.IsTooLong)
                continue;

            if (first < 0)
                first = reader.Time;
            packets.Add((
                reader.Interfaces == 2 && reader.Interface == 1 ? Side.Right : Side.Left,
                reader.LinkType,
                reader.Octets.ToArray(),
                TimeSpan.FromTicks(Math.Max(0, reader.Time - first) / TimeSpan.NanosecondsPerTick)));
        }

        return packets;
    }
}
