using Fluke6.Captures;

namespace Fluke6.Core.Tests.Captures;

/// <summary>All that a reader gives of a capture, and why it stopped.</summary>
internal sealed record ReadPackets(IReadOnlyList<ReadPackets.Packet> Packets, string? Fault)
{
    public static ReadPackets Of(CaptureBytes capture) => Of(capture.ToArray());

    public static ReadPackets Of(byte[] capture) => Of(new MemoryStream(capture));

    public static ReadPackets Of(Stream stream)
    {
        var packets = new List<Packet>();
        try
        {
            using var reader = CaptureReader.Open(stream, "in.pcap");
            while (reader.MoveNext())
            {
                packets.Add(new Packet(
                    reader.Time, reader.Octets.ToArray(), reader.MissingOctets, reader.IsTooLong, reader.Interface, reader.Interfaces, reader.IsDeparture));
            }
        }
        catch (CaptureReadException exception)
        {
            return new ReadPackets(packets, exception.Message);
        }

        return new ReadPackets(packets, null);
    }

    public sealed record Packet(
        long Time, byte[] Octets, int Missing = 0, bool IsTooLong = false, int Interface = 0, int Interfaces = 1, bool IsDeparture = false);
}
