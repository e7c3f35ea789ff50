using System.Buffers;
using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Captures;

/// <summary>Formats pcapng blocks, little-endian, into memory. draft-ietf-opsawg-pcapng.</summary>
internal sealed class PcapngBlocks
{
    /// <summary>Bits of epb_flags: the packet came in. §4.3.1.</summary>
    public const uint Inbound = 1;

    /// <summary>Bits of epb_flags: the packet went out. §4.3.1.</summary>
    public const uint Outbound = 2;

    /// <summary>What a section says of the program that wrote it: shb_userappl. §4.1.</summary>
    public static ReadOnlySpan<byte> Application => "fluke6"u8;

    private const ushort EndOfOptions = 0, Comment = 1;
    private const int Ends = 12;    // type and length before a block's body, length again after it
    private readonly ArrayBufferWriter<byte> _blocks = new(512 * 1024);

    /// <summary>The blocks so far.</summary>
    public ReadOnlySpan<byte> Octets => _blocks.WrittenSpan;

    /// <summary>Forgets the blocks so far.</summary>
    public void Clear() => _blocks.ResetWrittenCount();

    /// <summary>Section Header Block. §4.1.</summary>
    public void SectionHeader()
    {
        const ushort UserApplication = 4;
        int options = OptionLength(Application.Length) + 4;
        Span<byte> body = Begin(0x0A0D0D0A, 16 + options, out Span<byte> block);
        WriteUInt32LittleEndian(body, 0x1A2B3C4D);
        WriteUInt16LittleEndian(body[4..], 1);          // version 1.0
        WriteUInt16LittleEndian(body[6..], 0);
        WriteInt64LittleEndian(body[8..], -1);          // length not known
        body = Option(body[16..], UserApplication, Application);
        End(body, block);
    }

    /// <summary>Interface Description Block, times in nanoseconds. §4.2.</summary>
    public void InterfaceDescription(ushort linkType, string name, string description)
    {
        const ushort Name = 2, Description = 3, TimestampResolution = 9;
        int options = OptionLength(Utf8Length(name)) + OptionLength(Utf8Length(description)) + OptionLength(1) + 4;
        Span<byte> body = Begin(1, 8 + options, out Span<byte> block);
        WriteUInt16LittleEndian(body, linkType);
        WriteUInt16LittleEndian(body[2..], 0);
        WriteUInt32LittleEndian(body[4..], 0);          // no limit to a packet's length
        body = TextOption(body[8..], Name, name);
        body = TextOption(body, Description, description);
        body = Option(body, TimestampResolution, [9]);
        End(body, block);
    }

    /// <summary>How long the block of a packet is, in bytes.</summary>
    public static int PacketLength(int length, string comment) =>
        Ends + 20 + Padded(length) + OptionLength(4) + 4 + (comment.Length == 0 ? 0 : OptionLength(Utf8Length(comment)));

    /// <summary>Enhanced Packet Block. §4.3.</summary>
    /// <param name="interface">Which interface, in the order of their descriptions.</param>
    /// <param name="nanoseconds">Since 1970, UTC.</param>
    /// <param name="flags"><see cref="Inbound"/> or <see cref="Outbound"/>.</param>
    /// <param name="length">The packet's octets.</param>
    /// <param name="missing">How many more it has that are not here.</param>
    /// <param name="comment">The packet's comment; empty for none.</param>
    /// <returns>Where the packet's octets go, before the next call.</returns>
    public Span<byte> Packet(int @interface, long nanoseconds, uint flags, int length, int missing, string comment)
    {
        const ushort Flags = 2;
        Span<byte> body = Begin(6, PacketLength(length, comment) - Ends, out Span<byte> block);
        WriteUInt32LittleEndian(body, (uint)@interface);
        WriteUInt32LittleEndian(body[4..], (uint)(nanoseconds >> 32));
        WriteUInt32LittleEndian(body[8..], (uint)nanoseconds);
        WriteUInt32LittleEndian(body[12..], (uint)length);
        WriteUInt32LittleEndian(body[16..], (uint)(length + (long)missing));
        Span<byte> packet = body.Slice(20, length);
        body[(20 + length)..(20 + Padded(length))].Clear();

        body = body[(20 + Padded(length))..];
        if (comment.Length > 0)
            body = TextOption(body, Comment, comment);
        Span<byte> value = stackalloc byte[4];
        WriteUInt32LittleEndian(value, flags);
        body = Option(body, Flags, value);
        End(body, block);
        return packet;
    }

    /// <summary>Interface Statistics Block: what was not captured. §4.6.</summary>
    public void InterfaceStatistics(int @interface, long nanoseconds, long dropped)
    {
        const ushort InterfaceDrops = 5;
        Span<byte> body = Begin(5, 12 + OptionLength(8) + 4, out Span<byte> block);
        WriteUInt32LittleEndian(body, (uint)@interface);
        WriteUInt32LittleEndian(body[4..], (uint)(nanoseconds >> 32));
        WriteUInt32LittleEndian(body[8..], (uint)nanoseconds);
        Span<byte> value = stackalloc byte[8];
        WriteInt64LittleEndian(value, dropped);
        body = Option(body[12..], InterfaceDrops, value);
        End(body, block);
    }

    private Span<byte> Begin(uint type, int bodyLength, out Span<byte> block)
    {
        int total = Ends + bodyLength;
        block = _blocks.GetSpan(total)[..total];
        _blocks.Advance(total);
        WriteUInt32LittleEndian(block, type);
        WriteUInt32LittleEndian(block[4..], (uint)total);
        return block.Slice(8, bodyLength);
    }

    private static void End(Span<byte> rest, Span<byte> block)
    {
        WriteUInt32LittleEndian(rest, EndOfOptions);
        WriteUInt32LittleEndian(block[^4..], (uint)block.Length);
    }

    private static Span<byte> TextOption(Span<byte> at, ushort code, string text)
    {
        Encoding.UTF8.GetBytes(text, at[4..]);
        return FinishOption(at, code, Utf8Length(text));
    }

    private static Span<byte> Option(Span<byte> at, ushort code, scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(at[4..]);
        return FinishOption(at, code, value.Length);
    }

    private static Span<byte> FinishOption(Span<byte> at, ushort code, int length)
    {
        WriteUInt16LittleEndian(at, code);
        WriteUInt16LittleEndian(at[2..], (ushort)length);
        at[(4 + length)..OptionLength(length)].Clear();
        return at[OptionLength(length)..];
    }

    private static int Utf8Length(string text) => Encoding.UTF8.GetByteCount(text);

    private static int OptionLength(int length) => 4 + Padded(length);

    private static int Padded(int length) => (length + 3) & ~3;
}
