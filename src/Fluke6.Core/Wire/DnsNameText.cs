namespace Fluke6.Wire;

/// <summary>Names as text: dots between labels, \. and \\ and \DDD for octets that text cannot show. RFC 1035 §5.1.</summary>
internal static class DnsNameText
{
    /// <summary>The longest text: every octet of the longest name as \DDD.</summary>
    public const int MaxLength = 4 * DnsName.MaxLength;

    /// <summary>Prints a well-formed uncompressed name; nothing for no octets.</summary>
    public static bool TryFormat(ReadOnlySpan<byte> octets, Span<char> destination, out int charsWritten)
    {
        charsWritten = 0;
        if (octets.Length == 1)
            return TryAppend('.', destination, ref charsWritten);

        while (octets.Length > 1)
        {
            ReadOnlySpan<byte> label = octets.Slice(1, octets[0]);
            octets = octets[(1 + label.Length)..];
            if (charsWritten > 0 && !TryAppend('.', destination, ref charsWritten))
                return false;

            foreach (byte octet in label)
            {
                if (!TryAppend(octet, destination, ref charsWritten))
                    return false;
            }
        }

        return true;
    }

    /// <summary>Reads text into an uncompressed name.</summary>
    /// <param name="octets">Room for <see cref="DnsName.MaxLength"/> octets.</param>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> octets, out int length)
    {
        length = 0;
        if (text.IsEmpty)
            return false;

        int start = 0, end = 1;
        if (text is not ".")
        {
            for (int i = 0; i < text.Length;)
            {
                if (text[i] == '.')
                {
                    if (!TryClose(octets, start, end))
                        return false;
                    start = end++;
                    i++;
                }
                else if (end >= DnsName.MaxLength || !TryTake(text, ref i, out octets[end++]))
                {
                    return false;
                }
            }

            // Text that ends in a dot has closed its last label already.
            if (end - start > 1)
            {
                if (!TryClose(octets, start, end))
                    return false;
                start = end;
            }
        }

        if (start >= DnsName.MaxLength)
            return false;

        octets[start] = 0;
        length = start + 1;
        return true;
    }

    private static bool TryClose(Span<byte> octets, int start, int end)
    {
        int length = end - start - 1;
        if (length is 0 or > DnsLabels.MaxLabelLength || end >= DnsName.MaxLength)
            return false;

        octets[start] = (byte)length;
        return true;
    }

    private static bool TryTake(ReadOnlySpan<char> text, ref int position, out byte octet)
    {
        char c = text[position++];
        octet = (byte)c;
        if (c != '\\')
            return c is > ' ' and < '\x7F';
        if (position == text.Length)
            return false;

        if (!char.IsAsciiDigit(text[position]))
        {
            c = text[position++];
            octet = (byte)c;
            return c is >= ' ' and < '\x7F';
        }

        bool isNumber = position + 3 <= text.Length && byte.TryParse(text.Slice(position, 3), out octet);
        position += 3;
        return isNumber;
    }

    private static bool TryAppend(byte octet, Span<char> destination, ref int length)
    {
        Span<char> room = destination[length..];
        bool fits;
        int written = 1;
        if (octet is <= (byte)' ' or >= 0x7F)
        {
            fits = room.TryWrite($"\\{octet:D3}", out written);
        }
        else if (octet is (byte)'.' or (byte)'\\')
        {
            fits = room.TryWrite($"\\{(char)octet}", out written);
        }
        else
        {
            return TryAppend((char)octet, destination, ref length);
        }

        length += fits ? written : 0;
        return fits;
    }

    private static bool TryAppend(char c, Span<char> destination, ref int length)
    {
        if (length == destination.Length)
            return false;

        destination[length++] = c;
        return true;
    }
}
