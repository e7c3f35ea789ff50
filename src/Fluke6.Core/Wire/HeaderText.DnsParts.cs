using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

// Lists of a DNS message and what its records hold, as dig prints them.
internal static partial class HeaderText
{
    internal static void Write(ref LineWriter line, scoped DnsQuestions questions)
    {
        bool first = true;
        foreach (DnsQuestion question in questions)
        {
            Separate(ref line, "; ", ref first);
            Write(ref line, question);
        }
    }

    internal static void Write(ref LineWriter line, scoped DnsRecords records)
    {
        bool first = true;
        foreach (DnsRecord record in records)
        {
            Separate(ref line, "; ", ref first);
            Write(ref line, record);
        }
    }

    internal static void Write(ref LineWriter line, scoped DnsStrings strings)
    {
        bool first = true;
        foreach (ReadOnlySpan<byte> text in strings)
        {
            Separate(ref line, " ", ref first);
            line.Write('"');
            foreach (byte octet in text)
                WriteTextOctet(ref line, octet, isSpecial: octet is (byte)'"' or (byte)'\\');
            line.Write('"');
        }
    }

    internal static void Write(ref LineWriter line, scoped DnsLabels labels)
    {
        bool first = true;
        foreach (ReadOnlySpan<byte> label in labels)
        {
            Separate(ref line, ".", ref first);
            foreach (byte octet in label)
                WriteTextOctet(ref line, octet, isSpecial: octet is (byte)'.' or (byte)'\\' or (byte)' ');
        }
    }

    internal static void Write(ref LineWriter line, scoped DnsEdns edns)
    {
        line.Write($"EDNS version {edns.Version}, flags{(edns.DnssecOk ? " do" : " none")}, udp {edns.UdpPayloadSize}");
        if (edns.ExtendedRcode != 0)
            line.Write($", extended rcode {edns.ExtendedRcode}");
        foreach (DnsEdnsOption option in edns.Options)
        {
            line.Write(", ");
            Write(ref line, option);
        }
    }

    internal static void Write(ref LineWriter line, scoped DnsEdnsOptions options)
    {
        bool first = true;
        foreach (DnsEdnsOption option in options)
        {
            Separate(ref line, ", ", ref first);
            Write(ref line, option);
        }
    }

    internal static void Write(ref LineWriter line, scoped DnsEdnsOption option)
    {
        if (option.TryGetClientSubnet(out DnsClientSubnet subnet))
        {
            line.Write("CLIENT-SUBNET ");
            Write(ref line, subnet);
            return;
        }

        switch (option.Code)
        {
            case DnsEdnsOptionCode.NameServerIdentifier:
                line.Write("NSID");
                break;
            case DnsEdnsOptionCode.Cookie:
                line.Write("COOKIE");
                break;
            case DnsEdnsOptionCode.TcpKeepalive:
                line.Write("TCP-KEEPALIVE");
                break;
            case DnsEdnsOptionCode.Padding:
                line.Write($"PAD ({option.Data.Length} bytes)");
                return;
            case DnsEdnsOptionCode.ExtendedDnsError:
                line.Write("EDE");
                break;
            default:
                line.Write($"OPT={(ushort)option.Code}");
                break;
        }

        WriteHexData(ref line, option.Data);
    }

    internal static void Write(ref LineWriter line, scoped DnsClientSubnet subnet)
    {
        if (subnet.IsIpv6)
            line.Write(subnet.Ipv6Address);
        else
            line.Write(subnet.Ipv4Address);
        line.Write($"/{subnet.SourcePrefixLength}/{subnet.ScopePrefixLength}");
    }

    internal static void Write(ref LineWriter line, scoped DnsService service)
    {
        line.Write($"{service.Priority} ");
        Write(ref line, service.Target);
        foreach (DnsServiceParameter parameter in service.Parameters)
        {
            line.Write(' ');
            Write(ref line, parameter);
        }
    }

    internal static void Write(ref LineWriter line, scoped DnsServiceParameters parameters)
    {
        bool first = true;
        foreach (DnsServiceParameter parameter in parameters)
        {
            Separate(ref line, " ", ref first);
            Write(ref line, parameter);
        }
    }

    // RFC 9460 §14.3.2 has the names.
    internal static void Write(ref LineWriter line, scoped DnsServiceParameter parameter)
    {
        ReadOnlySpan<byte> value = parameter.Value;
        if (parameter.TryGetIpv4Hints(out DnsIpv4Hints ipv4))
        {
            line.Write("ipv4hint=");
            Write(ref line, ipv4);
        }
        else if (parameter.TryGetIpv6Hints(out DnsIpv6Hints ipv6))
        {
            line.Write("ipv6hint=");
            Write(ref line, ipv6);
        }
        else if (parameter.Key == DnsServiceParameterKey.Port && value.Length == sizeof(ushort))
        {
            line.Write($"port={ReadUInt16BigEndian(value)}");
        }
        else
        {
            line.Write(parameter.Key switch
            {
                DnsServiceParameterKey.Mandatory => "mandatory",
                DnsServiceParameterKey.Alpn => "alpn",
                DnsServiceParameterKey.NoDefaultAlpn => "no-default-alpn",
                DnsServiceParameterKey.Port => "port",
                DnsServiceParameterKey.Ipv4Hint => "ipv4hint",
                DnsServiceParameterKey.EncryptedClientHello => "ech",
                DnsServiceParameterKey.Ipv6Hint => "ipv6hint",
                DnsServiceParameterKey.DohPath => "dohpath",
                _ => "key",
            });
            if (!Enum.IsDefined(parameter.Key))
                line.Write($"{(ushort)parameter.Key}");
            WriteHexData(ref line, value);
        }
    }

    internal static void Write(ref LineWriter line, scoped DnsIpv4Hints hints)
    {
        for (int i = 0; i < hints.Count; i++)
            line.Write($"{(i == 0 ? string.Empty : ",")}{hints[i]}");
    }

    internal static void Write(ref LineWriter line, scoped DnsIpv6Hints hints)
    {
        for (int i = 0; i < hints.Count; i++)
            line.Write($"{(i == 0 ? string.Empty : ",")}{hints[i]}");
    }

    internal static void Write(ref LineWriter line, scoped DnsStartOfAuthority authority)
    {
        Write(ref line, authority.PrimaryServer);
        line.Write(' ');
        Write(ref line, authority.Mailbox);
        line.Write($" {authority.Serial} {authority.Refresh} {authority.Retry} {authority.Expire} {authority.Minimum}");
    }

    private static void Separate(ref LineWriter line, string separator, ref bool first)
    {
        if (!first)
            line.Write(separator);
        first = false;
    }

    private static void WriteHexData(ref LineWriter line, scoped ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;

        line.Write(" 0x");
        line.WriteHex(data);
    }

    // RFC 1035 §5.1: octets that text cannot show are \DDD.
    private static void WriteTextOctet(ref LineWriter line, byte octet, bool isSpecial)
    {
        if (octet is < 0x20 or >= 0x7F)
            line.Write($"\\{octet:D3}");
        else if (isSpecial)
            line.Write($"\\{(char)octet}");
        else
            line.Write((char)octet);
    }
}
