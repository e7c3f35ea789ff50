namespace Fluke6.Wire;

internal static partial class HeaderText
{
    // Relays nest; no network has more of them in a row.
    private const int MaxRelays = 8;

    internal static void Write(ref LineWriter line, scoped Dhcpv4Message message)
    {
        if (message.MessageType == Dhcpv4MessageType.None)
        {
            line.Write(message.Operation == Dhcpv4Operation.Reply ? "BOOTP reply" : "BOOTP request");
        }
        else
        {
            line.Write("DHCP ");
            WriteNameOrNumber(ref line, message.MessageType, (byte)message.MessageType);
        }

        line.Write($", xid 0x{message.TransactionId:x8}, client ");
        if (message.HardwareAddress.Length == MacAddress.Length)
            line.Write(message.ClientHardwareAddress);
        else
            line.WriteHex(message.HardwareAddress);
        WriteAddress(ref line, ", has ", message.ClientAddress);
        WriteAddress(ref line, ", gets ", message.YourAddress);
        WriteAddress(ref line, ", relay ", message.RelayAddress);
    }

    internal static void Write(ref LineWriter line, scoped Dhcpv4Options options)
    {
        bool isFirst = true;
        foreach (Dhcpv4Option option in options)
        {
            if (!isFirst)
                line.Write("; ");
            Write(ref line, option);
            isFirst = false;
        }
    }

    internal static void Write(ref LineWriter line, scoped Dhcpv4Option option)
    {
        WriteNameOrNumber(ref line, option.Code, (byte)option.Code);
        if (option.Length == 0)
            return;

        line.Write(' ');
        switch (option.Code)
        {
            case Dhcpv4OptionCode.MessageType:
                WriteNameOrNumber(ref line, (Dhcpv4MessageType)option.Byte, option.Byte);
                break;
            case Dhcpv4OptionCode.SubnetMask or Dhcpv4OptionCode.Router or Dhcpv4OptionCode.TimeServer or Dhcpv4OptionCode.NameServer
                or Dhcpv4OptionCode.DomainNameServer or Dhcpv4OptionCode.LogServer or Dhcpv4OptionCode.BroadcastAddress or Dhcpv4OptionCode.NtpServer
                or Dhcpv4OptionCode.RequestedAddress or Dhcpv4OptionCode.ServerIdentifier when option.Length % Ipv4Address.Length == 0:
                for (int i = 0; i < option.Length; i += Ipv4Address.Length)
                    line.Write($"{(i > 0 ? "," : string.Empty)}{Ipv4Address.Read(option.Data[i..])}");
                break;
            case Dhcpv4OptionCode.LeaseTime or Dhcpv4OptionCode.RenewalTime or Dhcpv4OptionCode.RebindingTime when option.Length == sizeof(uint):
                line.Write($"{option.UInt32}s");
                break;
            case Dhcpv4OptionCode.InterfaceMtu or Dhcpv4OptionCode.MaximumMessageSize when option.Length == sizeof(ushort):
                line.Write($"{option.UInt16}");
                break;
            case Dhcpv4OptionCode.HostName or Dhcpv4OptionCode.DomainName or Dhcpv4OptionCode.Message or Dhcpv4OptionCode.VendorClassIdentifier
                or Dhcpv4OptionCode.TftpServerName or Dhcpv4OptionCode.BootFileName or Dhcpv4OptionCode.CaptivePortal:
                WriteText(ref line, option.Data);
                break;
            default:
                line.WriteHex(option.Data);
                break;
        }
    }

    internal static void Write(ref LineWriter line, scoped Dhcpv6Message message)
    {
        Dhcpv6Message next = message;
        for (int i = 0; ; i++)
        {
            line.Write("DHCPv6 ");
            WriteNameOrNumber(ref line, next.MessageType, (byte)next.MessageType);
            if (!next.IsRelay)
            {
                line.Write($", xid 0x{next.TransactionId:x6}");
                return;
            }

            line.Write($", hops {next.HopCount}, link {next.LinkAddress}, peer {next.PeerAddress}");
            if (i == MaxRelays || !next.TryGetRelayed(out Dhcpv6Message relayed))
                return;

            line.Write(" | ");
            next = relayed;
        }
    }

    internal static void Write(ref LineWriter line, scoped Dhcpv6Options options)
    {
        bool isFirst = true;
        foreach (Dhcpv6Option option in options)
        {
            if (!isFirst)
                line.Write("; ");
            Write(ref line, option);
            isFirst = false;
        }
    }

    internal static void Write(ref LineWriter line, scoped Dhcpv6Option option)
    {
        if (option.TryGetAssociation(out Dhcpv6Association association))
            Write(ref line, association);
        else
            WriteFlat(ref line, option);
    }

    internal static void Write(ref LineWriter line, scoped Dhcpv6Association association)
    {
        WriteNameOrNumber(ref line, association.Code, (ushort)association.Code);
        line.Write($" {association.Identifier} [");
        bool isFirst = true;
        // Those in it hold no more associations: that would nest without an end.
        foreach (Dhcpv6Option option in association.Options)
        {
            if (!isFirst)
                line.Write("; ");
            WriteFlat(ref line, option);
            isFirst = false;
        }

        line.Write(']');
    }

    internal static void Write(ref LineWriter line, scoped Dhcpv6Address address) =>
        line.Write($"{address.Address} preferred {address.PreferredLifetime}s valid {address.ValidLifetime}s");

    internal static void Write(ref LineWriter line, scoped Dhcpv6Prefix prefix) =>
        line.Write($"{prefix.Prefix} preferred {prefix.PreferredLifetime}s valid {prefix.ValidLifetime}s");

    internal static void Write(ref LineWriter line, scoped Dhcpv6DnsServers servers)
    {
        for (int i = 0; i < servers.Count; i++)
            line.Write($"{(i > 0 ? "," : string.Empty)}{servers[i]}");
    }

    internal static void Write(ref LineWriter line, scoped Dhcpv6Status status)
    {
        WriteNameOrNumber(ref line, status.Code, (ushort)status.Code);
        if (status.Message.IsEmpty)
            return;

        line.Write(": ");
        WriteText(ref line, status.Message);
    }

    private static void WriteFlat(ref LineWriter line, scoped Dhcpv6Option option)
    {
        WriteNameOrNumber(ref line, option.Code, (ushort)option.Code);
        if (option.Length == 0)
            return;

        line.Write(' ');
        if (option.TryGetAddress(out Dhcpv6Address address))
            Write(ref line, address);
        else if (option.TryGetPrefix(out Dhcpv6Prefix prefix))
            Write(ref line, prefix);
        else if (option.TryGetDnsServers(out Dhcpv6DnsServers servers))
            Write(ref line, servers);
        else if (option.TryGetStatus(out Dhcpv6Status status))
            Write(ref line, status);
        else
            line.WriteHex(option.Data);
    }

    private static void WriteAddress(ref LineWriter line, string word, Ipv4Address address)
    {
        if (address != Ipv4Address.Any)
            line.Write($"{word}{address}");
    }

    private static void WriteNameOrNumber<T>(ref LineWriter line, T value, int number)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            line.Write($"{number}");
            return;
        }

        Span<char> text = stackalloc char[32];
        Enum.TryFormat(value, text, out int length);
        line.Write(text[..length]);
    }

    /// <summary>Text from the network: what is no letter, digit or sign is written out.</summary>
    private static void WriteText(ref LineWriter line, scoped ReadOnlySpan<byte> octets)
    {
        foreach (byte octet in octets)
            WriteLetter(ref line, octet);
    }

    private static void WriteLetter(ref LineWriter line, byte octet)
    {
        if (octet is > 0x20 and < 0x7F and not (byte)'\\')
            line.Write((char)octet);
        else
            line.Write($"\\x{octet:x2}");
    }
}
