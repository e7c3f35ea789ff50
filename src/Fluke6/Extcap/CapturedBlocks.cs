using System.Buffers.Binary;

namespace Fluke6.Command.Extcap;

/// <summary>Passes on those blocks of a pcapng stream that a client wants. Little-endian, as the bridge writes them.
/// draft-ietf-opsawg-pcapng.</summary>
/// <param name="show">Which packets.</param>
internal sealed class CapturedBlocks(ExtcapFrames show)
{
    private const int Header = 8, EnhancedPacket = 6, LengthAt = 20, DataAt = 28, FlagsOption = 2, DirectionBits = 3, Inbound = 1;
    private byte[] _octets = new byte[128 * 1024];
    private int _length;

    /// <summary>Where the next octets go.</summary>
    public Span<byte> Room()
    {
        if (_length == _octets.Length)
            Array.Resize(ref _octets, _length * 2);
        return _octets.AsSpan(_length);
    }

    /// <summary>Takes octets that stand in <see cref="Room"/>, and hands over the blocks that are whole and wanted.</summary>
    /// <param name="count">How many.</param>
    /// <param name="write">Takes blocks.</param>
    public void Add(int count, Action<ReadOnlyMemory<byte>> write)
    {
        _length += count;
        int start = 0;
        while (_length - start >= Header && BinaryPrimitives.ReadInt32LittleEndian(_octets.AsSpan(start + 4)) is var length
            && length <= _length - start)
        {
            if (length < Header)
                throw new CommandFailure(ExitCode.Failed, "the bridge's capture is damaged");
            if (IsWanted(_octets.AsSpan(start, length)))
                write(_octets.AsMemory(start, length));
            start += length;
        }

        _octets.AsSpan(start, _length - start).CopyTo(_octets);
        _length -= start;
    }

    private bool IsWanted(ReadOnlySpan<byte> block)
    {
        if (show == ExtcapFrames.All || BinaryPrimitives.ReadInt32LittleEndian(block) != EnhancedPacket)
            return true;

        int captured = BinaryPrimitives.ReadInt32LittleEndian(block[LengthAt..]);
        ReadOnlySpan<byte> options = block[(DataAt + ((captured + 3) & ~3))..^4];
        while (options.Length >= 4 && BinaryPrimitives.ReadUInt16LittleEndian(options) is not 0 and var code)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(options[2..]);
            if (code == FlagsOption)
                return BinaryPrimitives.ReadInt32LittleEndian(options[4..]) is var flags
                    && ((flags & DirectionBits) == Inbound) == (show == ExtcapFrames.Arrived);
            options = options[(4 + ((length + 3) & ~3))..];
        }

        return true;
    }
}
