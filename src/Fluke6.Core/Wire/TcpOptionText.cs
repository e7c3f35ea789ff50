using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Words TCP options: in lines as tcpdump does, <c>mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7</c>, and alone by name.</summary>
internal static class TcpOptionText
{
    /// <summary>An option as a field that changes: <c>sack-permitted</c>; those that stacks seldom send by number.</summary>
    public static string NameOf(TcpOptionKind kind) => kind switch
    {
        TcpOptionKind.MaximumSegmentSize => "mss",
        TcpOptionKind.WindowScale => "window-scale",
        TcpOptionKind.SackPermitted => "sack-permitted",
        TcpOptionKind.Sack => "sack",
        TcpOptionKind.Timestamps => "timestamps",
        TcpOptionKind.FastOpen => "fast-open",
        TcpOptionKind.Multipath => "multipath",
        _ => $"{(int)kind}",
    };

    public static void Write(ref LineWriter text, scoped TcpOptions options)
    {
        int position = 0;
        TcpOptions.Enumerator walk = options.GetEnumerator();
        while (walk.MoveNext())
        {
            if (position > 0)
                text.Write(',');
            Write(ref text, walk.Current);
            position += walk.Current.Length;
        }

        if (position == options.Octets.Length)
            return;

        if (position > 0)
            text.Write(',');
        if (walk.IsMalformed)
            text.Write($"[malformed {options.Octets[position]}]");
        else
            text.Write("eol");
    }

    public static void Write(ref LineWriter text, scoped TcpOption option)
    {
        ReadOnlySpan<byte> data = option.Data;
        switch (option.Kind)
        {
            case TcpOptionKind.NoOperation:
                text.Write("nop");
                break;
            case TcpOptionKind.MaximumSegmentSize when data.Length == 2:
                text.Write($"mss {option.UInt16}");
                break;
            case TcpOptionKind.WindowScale when data.Length == 1:
                text.Write($"wscale {option.Byte}");
                break;
            case TcpOptionKind.SackPermitted when data.IsEmpty:
                text.Write("sackOK");
                break;
            case TcpOptionKind.Sack when data.Length > 0 && data.Length % 8 == 0:
                WriteSack(ref text, data);
                break;
            case TcpOptionKind.Timestamps when data.Length == 8:
                text.Write($"TS val {ReadUInt32BigEndian(data)} ecr {ReadUInt32BigEndian(data[4..])}");
                break;
            case TcpOptionKind.FastOpen when data.IsEmpty:
                text.Write("tfo cookiereq");
                break;
            default:
                WriteOther(ref text, option);
                break;
        }
    }

    private static void WriteSack(ref LineWriter text, scoped ReadOnlySpan<byte> blocks)
    {
        text.Write($"sack {blocks.Length / 8} ");
        for (; !blocks.IsEmpty; blocks = blocks[8..])
            text.Write($"{{{ReadUInt32BigEndian(blocks)}:{ReadUInt32BigEndian(blocks[4..])}}}");
    }

    private static void WriteOther(ref LineWriter text, scoped TcpOption option)
    {
        (string name, bool wrongLength) = option.Kind switch
        {
            TcpOptionKind.MaximumSegmentSize => ("mss", true),
            TcpOptionKind.WindowScale => ("wscale", true),
            TcpOptionKind.SackPermitted => ("sackOK", true),
            TcpOptionKind.Sack => ("sack", true),
            TcpOptionKind.Timestamps => ("TS", true),
            TcpOptionKind.Md5Signature => ("md5", option.Length != 18),         // RFC 2385 §3
            TcpOptionKind.UserTimeout => ("uto", option.Length != 4),           // RFC 5482 §3
            TcpOptionKind.QuickStartResponse => ("qs", option.Length != 8),     // RFC 4782 §4
            TcpOptionKind.Authentication => ("ao", option.Length < 4),          // RFC 5925 §2.2
            TcpOptionKind.Multipath => ("mptcp", option.Length < 3),
            TcpOptionKind.FastOpen => ("tfo cookie", false),
            TcpOptionKind.EncryptionNegotiation => ("eno", false),
            TcpOptionKind.AccurateEcn0 => ("accecn0", false),
            TcpOptionKind.AccurateEcn1 => ("accecn1", false),
            TcpOptionKind.Experiment1 or TcpOptionKind.Experiment2 => ("exp", false),
            _ => ("unknown", false),
        };
        text.Write(name);
        if (name is "unknown" or "exp")
            text.Write($"-{(byte)option.Kind}");
        if (!option.Data.IsEmpty)
        {
            text.Write(" 0x");
            text.WriteHex(option.Data);
        }

        if (wrongLength)
            text.Write(" [bad length]");
    }
}
