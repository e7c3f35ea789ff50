namespace Fluke6.Wire;

internal static partial class HeaderText
{
    internal static void WriteExtensionHeader(ref LineWriter line, scoped Ipv6ExtensionHeader header)
    {
        if (header.TryGetOptions(out Ipv6Options options))
        {
            line.Write(header.Kind == IpProtocol.HopByHopOptions ? "HBH [" : "DSTOPT [");
            WriteOptions(ref line, options);
            line.Write("] ");
        }
        else if (header.TryGetRoutingHeader(out RoutingHeader routing))
        {
            WriteRouting(ref line, routing);
        }
        else if (header.TryGetFragmentHeader(out FragmentHeader fragment))
        {
            line.Write($"frag (id 0x{fragment.Identification:x8}, {fragment.FragmentOffset}{(fragment.MoreFragments ? "+" : string.Empty)}) ");
        }
        else
        {
            WriteProtocol(ref line, header.Kind);
            line.Write($", length {header.Length}; ");
        }
    }

    internal static void WriteRouting(ref LineWriter line, scoped RoutingHeader routing)
    {
        line.Write($"RT (type {(byte)routing.RoutingType}, segleft {routing.SegmentsLeft}");
        for (int i = 0; routing.TryGetAddress(i, out Ipv6Address address); i++)
            line.Write($"{(i == 0 ? ", " : ",")}{address}");
        line.Write(routing.IsWellFormed ? ") " : ", [malformed]) ");
    }

    internal static void WriteOptions(ref LineWriter line, scoped Ipv6Options options)
    {
        bool first = true;
        Ipv6Options.Enumerator walk = options.GetEnumerator();
        while (walk.MoveNext())
        {
            if (!first)
                line.Write(',');
            first = false;
            WriteOption(ref line, walk.Current);
        }

        if (walk.IsMalformed)
            line.Write(first ? "[malformed]" : ",[malformed]");
    }

    internal static void WriteOption(ref LineWriter line, scoped Ipv6Option option)
    {
        switch (option.Type)
        {
            case Ipv6OptionType.Pad1:
                line.Write("pad1");
                break;
            case Ipv6OptionType.PadN:
                line.Write($"padn {option.Data.Length}");
                break;
            case Ipv6OptionType.RouterAlert when option.Data.Length == 2:
                line.Write($"rtalert 0x{option.UInt16:x4}");
                break;
            case Ipv6OptionType.JumboPayload when option.Data.Length == 4:
                line.Write($"jumbo {option.UInt32}");
                break;
            case Ipv6OptionType.TunnelEncapsulationLimit when option.Data.Length == 1:
                line.Write($"tunlimit {option.Byte}");
                break;
            case Ipv6OptionType.HomeAddress when option.Data.Length == Ipv6Address.Length:
                line.Write($"home {Ipv6Address.Read(option.Data)}");
                break;
            default:
                line.Write($"type 0x{(byte)option.Type:x2}");
                if (!option.Data.IsEmpty)
                {
                    line.Write(" 0x");
                    line.WriteHex(option.Data);
                }

                break;
        }
    }
}
