using System.Globalization;

namespace Fluke6.Captures;

/// <summary>How many bytes, in words: <c>100M</c>.</summary>
internal static class ByteCount
{
    /// <summary>Reads a number of bytes, or of KiB, MiB or GiB where K, M or G stands after it.</summary>
    /// <returns>Null if it is none, or more than 64 TiB.</returns>
    public static long? Parse(string text)
    {
        const long Most = 1L << 46;
        int shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            _ => 0,
        };
        return long.TryParse(shift == 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= Most >> shift
            ? number << shift : null;
    }
}
