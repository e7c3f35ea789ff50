using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>A <see cref="TcpOption"/> to be written. RFC 9293 §3.2.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Data">What follows kind and length, 0 to 38 octets; nothing follows a NOP.</param>
public readonly record struct TcpOptionFields(TcpOptionKind Kind, FieldList<byte> Data = default) : IHeaderFields
{
    /// <summary>NOP: padding in front of an option.</summary>
    public static TcpOptionFields NoOperation => new(TcpOptionKind.NoOperation);

    /// <summary>The sender of a SYN can take SACK. RFC 2018 §2.</summary>
    public static TcpOptionFields SackPermitted => new(TcpOptionKind.SackPermitted);

    /// <summary>Timestamps hold two numbers of 32 bits, and a SACK block does.</summary>
    internal const int PairLength = 2 * sizeof(uint);

    /// <inheritdoc/>
    public int Length => Kind is TcpOptionKind.NoOperation or TcpOptionKind.EndOfList ? 1 : 2 + Data.Count;

    /// <summary>The largest segment that the sender of a SYN takes, in octets of data. RFC 9293 §3.7.1.</summary>
    public static TcpOptionFields MaximumSegmentSize(ushort octets) =>
        new(TcpOptionKind.MaximumSegmentSize, [(byte)(octets >> 8), (byte)octets]);

    /// <summary>By how many bits windows are shifted; 0 to 14 have a meaning. RFC 7323 §2.2.</summary>
    public static TcpOptionFields WindowScale(byte shift) => new(TcpOptionKind.WindowScale, [shift]);

    /// <summary>The sender's clock, and what it last saw of the other's. RFC 7323 §3.2.</summary>
    public static TcpOptionFields Timestamps(uint value, uint echoReply)
    {
        byte[] data = new byte[PairLength];
        WritePair(data, value, echoReply);
        return new(TcpOptionKind.Timestamps, data);
    }

    /// <summary>What an option says.</summary>
    public static TcpOptionFields Read(TcpOption option) => new(option.Kind, option.Data.ToArray());

    /// <inheritdoc/>
    public void Write(Span<byte> destination) => Write(destination, Kind, Data.Span);

    /// <summary>Writes the data of timestamps (RFC 7323 §3.2) or one block of a SACK (RFC 2018 §3).</summary>
    internal static void WritePair(Span<byte> data, uint first, uint second)
    {
        WriteUInt32BigEndian(data, first);
        WriteUInt32BigEndian(data[sizeof(uint)..], second);
    }

    /// <summary>Writes an option.</summary>
    /// <returns>How many octets it takes.</returns>
    internal static int Write(Span<byte> destination, TcpOptionKind kind, ReadOnlySpan<byte> data)
    {
        destination[0] = (byte)kind;
        if (kind is TcpOptionKind.NoOperation or TcpOptionKind.EndOfList)
            return 1;

        destination[1] = (byte)(2 + data.Length);
        data.CopyTo(destination[2..]);
        return 2 + data.Length;
    }
}
