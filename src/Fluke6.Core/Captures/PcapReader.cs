using Fluke6.Frames;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Captures;

/// <summary>Reads pcap files: both byte orders, microseconds and nanoseconds. draft-ietf-opsawg-pcap.</summary>
internal sealed class PcapReader : CaptureReader
{
    // What libpcap takes for a damaged length, too.
    private const uint MaxPacketLength = 262_144;
    private const int FileHeaderLength = 24, PacketHeaderLength = 16;
    private const uint Microseconds = 0xA1B2C3D4, Nanoseconds = 0xA1B23C4D;

    private readonly bool _isLittleEndian;
    private readonly long _nanosecondsPerUnit;

    /// <summary>Reads the file's header. §4.</summary>
    /// <exception cref="CaptureReadException">It is cut short, or of a version that nobody writes.</exception>
    public PcapReader(CaptureInput input)
        : base(input)
    {
        ReadOnlySpan<byte> header = input.Take(FileHeaderLength).Span;
        if (header.Length < FileHeaderLength)
            throw CutShort("its header");

        _isLittleEndian = ReadUInt32LittleEndian(header) is Microseconds or Nanoseconds;
        _nanosecondsPerUnit = UInt32(header) == Nanoseconds ? 1 : 1000;
        int version = _isLittleEndian ? ReadUInt16LittleEndian(header[4..]) : ReadUInt16BigEndian(header[4..]);
        if (version != 2)
            throw Fault($" is of version {version} of pcap; Fluke6 reads version 2");

        // The upper bits tell of a frame check sequence, which then stands after the packet as any other octets would.
        LinkTypeNumber = (ushort)UInt32(header[20..]);
    }

    /// <summary>Whether a file that begins so is of this kind.</summary>
    public static bool Knows(ReadOnlySpan<byte> magic) => magic.Length >= sizeof(uint)
        && (ReadUInt32LittleEndian(magic) is Microseconds or Nanoseconds || ReadUInt32BigEndian(magic) is Microseconds or Nanoseconds);

    // §5.
    private protected override bool TryReadPacket()
    {
        ReadOnlySpan<byte> header = Input.Take(PacketHeaderLength).Span;
        if (header.IsEmpty)
            return false;
        if (header.Length < PacketHeaderLength)
            throw CutShort($"the header of packet {Packets + 1:N0}");

        uint captured = UInt32(header[8..]), original = UInt32(header[12..]);
        if (captured > MaxPacketLength)
            throw Fault($" is damaged at byte {Input.Position - PacketHeaderLength:N0}: packet {Packets + 1:N0} claims {captured:N0} bytes");

        Time = (UInt32(header) * 1_000_000_000L) + (UInt32(header[4..]) * _nanosecondsPerUnit);
        MissingOctets = (int)Math.Min(original > captured ? original - captured : 0, int.MaxValue);
        Packet = Input.Take((int)captured);
        if (Packet.Length < captured)
            throw CutShort($"packet {Packets + 1:N0}, {Packet.Length:N0} of whose {captured:N0} bytes are there");

        IsTooLong = captured > FrameBuffer.MaxFrameLength;
        if (IsTooLong)
            Packet = default;
        return true;
    }

    private uint UInt32(ReadOnlySpan<byte> octets) =>
        _isLittleEndian ? ReadUInt32LittleEndian(octets) : ReadUInt32BigEndian(octets);
}
