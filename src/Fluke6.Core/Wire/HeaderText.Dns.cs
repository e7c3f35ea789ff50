namespace Fluke6.Wire;

internal static partial class HeaderText
{
    internal static void Write(ref LineWriter line, scoped DnsNameView name)
    {
        Span<byte> octets = stackalloc byte[DnsName.MaxLength];
        Span<char> text = stackalloc char[DnsNameText.MaxLength];
        DnsNameText.TryFormat(octets[..name.CopyTo(octets)], text, out int length);
        line.Write(text[..length]);
    }

    // As dig prints it.
    internal static void Write(ref LineWriter line, scoped DnsQuestion question)
    {
        Write(ref line, question.Name);
        WriteClassAndType(ref line, question.Class, question.Type);
    }

    internal static void Write(ref LineWriter line, scoped DnsRecord record)
    {
        Write(ref line, record.Name);
        line.Write($" {record.TimeToLive}");
        WriteClassAndType(ref line, record.Class, record.Type);
        line.Write(' ');
        if (record.HasIpv4Address)
            line.Write(record.Ipv4Address);
        else if (record.HasIpv6Address)
            line.Write(record.Ipv6Address);
        else if (record.TryGetTarget(out DnsNameView target))
            Write(ref line, target);
        else if (record.TryGetStartOfAuthority(out DnsStartOfAuthority authority))
            Write(ref line, authority);
        else if (record.TryGetService(out DnsService service))
            Write(ref line, service);
        else if (record.Type == DnsType.Txt)
            Write(ref line, record.Strings);
        else
            line.WriteHex(record.Data);
    }

    internal static void Write(ref LineWriter line, scoped DnsMessage message)
    {
        line.Write($"DNS {message.Id}{(message.IsResponse ? " response" : string.Empty)}");
        if (message.IsResponse)
        {
            line.Write(' ');
            WriteName(ref line, message.Rcode);
        }

        foreach (DnsQuestion question in message.Questions)
        {
            line.Write(' ');
            Write(ref line, question);
            line.Write('?');
        }

        line.Write($" {message.AnswerCount}/{message.AuthorityCount}/{message.AdditionalCount}");
    }

    private static void WriteClassAndType(ref LineWriter line, DnsClass @class, DnsType type)
    {
        if (@class == DnsClass.Internet)
            line.Write(" IN ");
        else
            line.Write($" CLASS{(ushort)@class} ");

        // RFC 3597 §5: a type without a name is TYPE and its number.
        if (!Enum.IsDefined(type))
            line.Write($"TYPE{(ushort)type}");
        else
            WriteName(ref line, type);
    }

    private static void WriteName<T>(ref LineWriter line, T value)
        where T : struct, Enum
    {
        Span<char> text = stackalloc char[32];
        if (!Enum.TryFormat(value, text, out int length))
            return;

        foreach (char letter in text[..length])
            line.Write(char.ToUpperInvariant(letter));
    }
}
