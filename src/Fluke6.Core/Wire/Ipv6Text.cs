namespace Fluke6.Wire;

/// <summary>Writes IPv6 addresses in canonical text without allocating. RFC 5952 §4.</summary>
internal static class Ipv6Text
{
    public const int MaxLength = 39;

    public static bool TryFormat(Ipv6Address address, Span<char> destination, out int charsWritten)
    {
        charsWritten = 0;
        Span<char> text = stackalloc char[MaxLength];
        (int zeroStart, int zeroLength) = LongestZeroRun(address);
        int length = 0;

        for (int i = 0; i < 8; i++)
        {
            if (i == zeroStart)
            {
                text[length++] = ':';
                if (i == 0)
                    text[length++] = ':';
                i += zeroLength - 1;
                continue;
            }

            address.Group(i).TryFormat(text[length..], out int digits, "x");
            length += digits;
            if (i < 7)
                text[length++] = ':';
        }

        if (!text[..length].TryCopyTo(destination))
            return false;

        charsWritten = length;
        return true;
    }

    // RFC 5952 §4.2.2, §4.2.3: never shorten one group alone; of equal runs the first.
    private static (int Start, int Length) LongestZeroRun(Ipv6Address address)
    {
        (int start, int length) best = (-1, 1);
        int run = 0;
        for (int i = 0; i < 8; i++)
        {
            run = address.Group(i) == 0 ? run + 1 : 0;
            if (run > best.length)
                best = (i - run + 1, run);
        }

        return best;
    }
}
