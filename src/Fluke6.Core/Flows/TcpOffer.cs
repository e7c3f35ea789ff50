using Fluke6.Wire;

namespace Fluke6.Flows;

/// <summary>What one SYN or SYN-ACK says about its sender.</summary>
internal readonly struct TcpOffer
{
    /// <summary>How many kinds <see cref="OtherKinds"/> holds.</summary>
    public const int MaxOtherKinds = 8;

    private readonly ulong _otherKinds;     // the first one lowest
    private readonly byte _features;
    private readonly Marks _marks;

    private TcpOffer(ulong otherKinds, byte features, Marks marks, ushort mss, byte windowShift)
    {
        _otherKinds = otherKinds;
        _features = features;
        _marks = marks;
        MaximumSegmentSize = mss;
        WindowShift = windowShift;
    }

    [Flags]
    private enum Marks : byte
    {
        Present = 1,
        ByRule = 2,
        Malformed = 4,
    }

    /// <summary>Whether there was such a segment; all else is 0 if not.</summary>
    public bool IsPresent => (_marks & Marks.Present) != 0;

    /// <summary>Whether a rule made the segment (sent or reflected it), not the host at the other end.</summary>
    public bool ByRule => (_marks & Marks.ByRule) != 0;

    /// <summary>Whether an option's length is impossible, so that what follows it could not be told.</summary>
    public bool IsMalformed => (_marks & Marks.Malformed) != 0;

    /// <summary>The MSS option's octets per segment; 0 without one.</summary>
    public ushort MaximumSegmentSize { get; }

    /// <summary>The window scale option's shift, as sent; see <see cref="Has"/> for whether there is one.</summary>
    public byte WindowShift { get; }

    /// <summary>The kinds of all other options, in order, each once; at most <see cref="MaxOtherKinds"/>.</summary>
    public IEnumerable<byte> OtherKinds
    {
        get
        {
            for (ulong kinds = _otherKinds; kinds != 0; kinds >>= 8)
                yield return (byte)kinds;
        }
    }

    /// <summary>Whether the segment offers a feature.</summary>
    public bool Has(TcpFeature feature) => (_features & Bit(feature)) != 0;

    /// <summary>Reads a SYN's header.</summary>
    /// <param name="tcp">The header; SYN is set.</param>
    /// <param name="byRule">Whether a rule made it.</param>
    internal static TcpOffer Read(in TcpHeader tcp, bool byRule)
    {
        int features = 0;
        ulong otherKinds = 0;
        ushort mss = 0;
        byte shift = 0;
        Marks marks = Marks.Present | (byRule ? Marks.ByRule : 0);

        TcpOptions.Enumerator options = tcp.Options.GetEnumerator();
        while (options.MoveNext())
        {
            TcpOption option = options.Current;
            switch (option.Kind)
            {
                case TcpOptionKind.NoOperation:
                    break;
                case TcpOptionKind.MaximumSegmentSize:
                    mss = option.UInt16;
                    break;
                case TcpOptionKind.WindowScale:
                    features |= Bit(TcpFeature.WindowScale);
                    shift = option.Byte;
                    break;
                case TcpOptionKind.SackPermitted:
                    features |= Bit(TcpFeature.SackPermitted);
                    break;
                case TcpOptionKind.Timestamps:
                    features |= Bit(TcpFeature.Timestamps);
                    break;
                case TcpOptionKind.FastOpen:
                    features |= Bit(TcpFeature.FastOpen);
                    break;
                case TcpOptionKind.Multipath:
                    features |= Bit(TcpFeature.Multipath);
                    break;
                default:
                    otherKinds = AddKind(otherKinds, (byte)option.Kind);
                    break;
            }
        }

        if (options.IsMalformed)
            marks |= Marks.Malformed;
        if (tcp.Ece && tcp.Cwr != tcp.Ack)
            features |= Bit(TcpFeature.Ecn);
        return new TcpOffer(otherKinds, (byte)features, marks, mss, shift);
    }

    private static ulong AddKind(ulong kinds, byte kind)
    {
        int shift = 0;
        for (; shift < 8 * MaxOtherKinds; shift += 8)
        {
            byte at = (byte)(kinds >> shift);
            if (at == kind)
                return kinds;
            if (at == 0)
                return kinds | ((ulong)kind << shift);
        }

        return kinds;
    }

    private static int Bit(TcpFeature feature) => 1 << (int)feature;
}
