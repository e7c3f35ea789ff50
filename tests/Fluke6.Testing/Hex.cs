namespace Fluke6.Testing;

/// <summary>Hex vectors as they are written in a test: digits in groups.</summary>
internal static class Hex
{
    public static byte[] Octets(string text) => Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));

    public static string Of(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);

    /// <summary>What smoltcp fills a buffer with before it writes every field: whatever is not written shows.</summary>
    public static byte[] Prefilled(int length)
    {
        byte[] octets = new byte[length];
        Array.Fill(octets, (byte)0xA5);
        return octets;
    }
}
