using Fluke6.Frames;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Captures;

/// <summary>
/// Reads pcapng files: sections of either byte order, one after the other, each with interfaces of its own, and all three kinds of packet
/// blocks. Other blocks are passed over. draft-ietf-opsawg-pcapng.
/// </summary>
internal sealed class PcapngReader : CaptureReader
{
    private const uint SectionHeader = 0x0A0D0D0A, InterfaceDescription = 1, ObsoletePacket = 2, SimplePacket = 3, EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const int HeaderLength = 8, TrailerLength = 4, MinLength = HeaderLength + TrailerLength, MinSectionLength = MinLength + 16;
    private const int PacketFields = 20;        // before the octets of an enhanced packet block
    private const int MaxInterfaces = 65_536;

    // Of a block that does not fit in the window, so much is looked at: the longest frame is in it, options after that are not.
    private const int LargePrefix = PacketFields + FrameBuffer.MaxFrameLength;

    private readonly List<InterfaceFacts> _interfaces = [];
    private bool _isLittleEndian;
    private bool _isOwn;
    private byte[]? _large;

    /// <summary>Reads the first section's header.</summary>
    /// <exception cref="CaptureReadException">It is damaged, cut short, or of a version that nobody writes.</exception>
    public PcapngReader(CaptureInput input)
        : base(input)
    {
        if (!TryReadBlock(out _, out ReadOnlyMemory<byte> body, out _))
            throw CutShort("its first block");
        BeginSection(body.Span);
    }

    /// <summary>Whether a file that begins so is of this kind.</summary>
    public static bool Knows(ReadOnlySpan<byte> magic) => magic.Length >= sizeof(uint) && ReadUInt32LittleEndian(magic) == SectionHeader;

    private protected override bool TryReadPacket()
    {
        while (TryReadBlock(out uint type, out ReadOnlyMemory<byte> body, out uint length))
        {
            switch (type)
            {
                case SectionHeader:
                    BeginSection(body.Span);
                    break;

                case InterfaceDescription:
                    AddInterface(body.Span);
                    break;

                case EnhancedPacket:
                case ObsoletePacket:
                    ReadPacket(type, body, length);
                    return true;

                case SimplePacket:
                    ReadSimplePacket(body, length);
                    return true;
            }
        }

        return false;
    }

    /// <summary>Reads the next block. §3.1.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="body">Its body; of a very long one, the beginning.</param>
    /// <param name="length">How long the body is.</param>
    /// <returns>False at the end of the file.</returns>
    private bool TryReadBlock(out uint type, out ReadOnlyMemory<byte> body, out uint length)
    {
        long start = Input.Position;
        (type, body, length) = (0, default, 0);
        ReadOnlySpan<byte> header = Input.Peek(MinLength);
        if (header.IsEmpty)
            return false;
        if (header.Length < MinLength)
            throw CutShort($"the block at byte {start:N0}");

        // Its number reads the same in both orders, and the order stands after the length.
        if (ReadUInt32LittleEndian(header) == SectionHeader)
            ReadByteOrder(header[HeaderLength..], start);
        type = UInt32(header);
        uint total = UInt32(header[4..]);
        if (total < (type == SectionHeader ? MinSectionLength : MinLength) || total % 4 != 0)
            throw Fault($" is damaged at byte {start:N0}: no block has a length of {total:N0}");

        length = total - MinLength;
        Input.Take(HeaderLength);
        body = total - HeaderLength <= CaptureInput.WindowLength ? TakeBody((int)length, start, total) : TakeLargeBody(length, start, total);
        return true;
    }

    private ReadOnlyMemory<byte> TakeBody(int length, long start, uint total)
    {
        ReadOnlyMemory<byte> taken = Input.Take(length + TrailerLength);
        if (taken.Length < length + TrailerLength)
            throw CutShort($"the block of {total:N0} bytes at byte {start:N0}");

        CheckTrailer(taken.Span[length..], start, total);
        return taken[..length];
    }

    private ReadOnlyMemory<byte> TakeLargeBody(uint length, long start, uint total)
    {
        // A copy: what is read next overwrites it.
        _large ??= new byte[LargePrefix];
        ReadOnlySpan<byte> prefix = Input.Take(LargePrefix).Span;
        prefix.CopyTo(_large);
        long rest = length - LargePrefix;
        ReadOnlySpan<byte> trailer = Input.Skip(rest) < rest ? [] : Input.Take(TrailerLength).Span;
        if (trailer.Length < TrailerLength)
            throw CutShort($"the block of {total:N0} bytes at byte {start:N0}");

        CheckTrailer(trailer, start, total);
        return _large;
    }

    private void CheckTrailer(ReadOnlySpan<byte> trailer, long start, uint total)
    {
        if (UInt32(trailer) != total)
            throw Fault($" is damaged: the block at byte {start:N0} is {total:N0} bytes long at its beginning and {UInt32(trailer):N0} at its end");
    }

    private void ReadByteOrder(ReadOnlySpan<byte> magic, long start)
    {
        if (ReadUInt32LittleEndian(magic) == ByteOrderMagic)
            _isLittleEndian = true;
        else if (ReadUInt32BigEndian(magic) == ByteOrderMagic)
            _isLittleEndian = false;
        else
            throw Fault($" is damaged at byte {start:N0}: a section without a byte order");
    }

    // §4.1.
    private void BeginSection(ReadOnlySpan<byte> body)
    {
        const int Fields = 16, Application = 4;
        if (UInt16(body[4..]) is not 1 and var version)
            throw Fault($" is of version {version} of pcapng; Fluke6 reads version 1");

        _interfaces.Clear();
        _isOwn = TryFindOption(body[Fields..], Application, out ReadOnlySpan<byte> application) && application.SequenceEqual(PcapngBlocks.Application);
    }

    // §4.2.
    private void AddInterface(ReadOnlySpan<byte> body)
    {
        const int Fields = 8, Resolution = 9, Offset = 14;
        if (body.Length < Fields)
            throw Fault($" is damaged before byte {Input.Position:N0}: an interface's description is too short");
        if (_interfaces.Count == MaxInterfaces)
            throw Fault($" has more than {MaxInterfaces:N0} interfaces");

        ReadOnlySpan<byte> options = body[Fields..];
        byte resolution = TryFindOption(options, Resolution, out ReadOnlySpan<byte> value) && value.Length == 1 ? value[0] : PcapngTime.DefaultResolution;
        long offset = TryFindOption(options, Offset, out value) && value.Length == sizeof(long)
            ? _isLittleEndian ? ReadInt64LittleEndian(value) : ReadInt64BigEndian(value) : 0;
        _interfaces.Add(new InterfaceFacts(UInt16(body), UInt32(body[4..]), new PcapngTime(resolution, offset)));
    }

    // §4.3; the obsolete one differs in how it names the interface.
    private void ReadPacket(uint type, ReadOnlyMemory<byte> body, uint bodyLength)
    {
        ReadOnlySpan<byte> fields = body.Span;
        if (fields.Length < PacketFields)
            throw TooShort();

        BeginPacket(type == EnhancedPacket ? UInt32(fields) : UInt16(fields));
        ulong time = ((ulong)UInt32(fields[4..]) << 32) | UInt32(fields[8..]);
        if (!_interfaces[Interface].Time.TryConvert(time, out long nanoseconds))
            throw Fault($" is damaged, or its clock was: packet {Packets + 1:N0} has a time before 1970 or after 2262");

        Time = nanoseconds;
        uint captured = UInt32(fields[12..]);
        TakePacket(body, PacketFields, captured, UInt32(fields[16..]), bodyLength);
        long options = PacketFields + (((long)captured + 3) & ~3L);
        IsDeparture = _isOwn && options < fields.Length && IsOutbound(fields[(int)options..]);
    }

    // §4.4. It has no time: that of the packet before, as long as nobody knows better.
    private void ReadSimplePacket(ReadOnlyMemory<byte> body, uint bodyLength)
    {
        const int Fields = 4;
        if (body.Length < Fields)
            throw TooShort();

        BeginPacket(0);
        uint original = UInt32(body.Span), limit = _interfaces[0].SnapshotLength;
        TakePacket(body, Fields, limit == 0 ? original : Math.Min(original, limit), original, bodyLength);
        IsDeparture = false;
    }

    private void BeginPacket(uint @interface)
    {
        if (@interface >= (uint)_interfaces.Count)
            throw Fault($" is damaged: packet {Packets + 1:N0} is of interface {@interface:N0}, which is not described");

        Interface = (int)@interface;
        Interfaces = _interfaces.Count;
        LinkTypeNumber = _interfaces[Interface].LinkType;
    }

    private void TakePacket(ReadOnlyMemory<byte> body, int at, uint captured, uint original, uint bodyLength)
    {
        if (captured > bodyLength - at)
            throw Fault($" is damaged: packet {Packets + 1:N0} claims {captured:N0} bytes, and its block has {bodyLength - at:N0}");

        MissingOctets = (int)Math.Min(original > captured ? original - captured : 0, int.MaxValue);
        IsTooLong = captured > FrameBuffer.MaxFrameLength;
        Packet = IsTooLong ? default : body.Slice(at, (int)captured);
    }

    private bool IsOutbound(ReadOnlySpan<byte> options)
    {
        const int Flags = 2, Direction = 3;
        return TryFindOption(options, Flags, out ReadOnlySpan<byte> flags) && flags.Length == sizeof(uint)
            && (UInt32(flags) & Direction) == PcapngBlocks.Outbound;
    }

    // §3.5. Options that are malformed are as good as not there: none of them is needed.
    private bool TryFindOption(ReadOnlySpan<byte> options, int wanted, out ReadOnlySpan<byte> value)
    {
        const int EndOfOptions = 0, OptionHeader = 4;
        value = default;
        while (options.Length >= OptionHeader)
        {
            int code = UInt16(options), length = UInt16(options[2..]), padded = (length + 3) & ~3;
            if (code == EndOfOptions || padded > options.Length - OptionHeader)
                return false;

            if (code == wanted)
            {
                value = options.Slice(OptionHeader, length);
                return true;
            }

            options = options[(OptionHeader + padded)..];
        }

        return false;
    }

    private CaptureReadException TooShort() => Fault($" is damaged: the block of packet {Packets + 1:N0} is too short");

    private ushort UInt16(ReadOnlySpan<byte> octets) =>
        _isLittleEndian ? ReadUInt16LittleEndian(octets) : ReadUInt16BigEndian(octets);

    private uint UInt32(ReadOnlySpan<byte> octets) =>
        _isLittleEndian ? ReadUInt32LittleEndian(octets) : ReadUInt32BigEndian(octets);

    private readonly record struct InterfaceFacts(ushort LinkType, uint SnapshotLength, PcapngTime Time);
}
