using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Model;

/// <summary>
/// Hides all but the last part of every address, for screenshots. It looks for whatever reads as an address, whichever characters stand
/// before and behind it: rules log ports, colons, brackets, prefix lengths and zones right beside them. Rather too much is hidden than
/// too little.
/// </summary>
internal static partial class AddressMask
{
    // The longest: an IPv6 address that ends in an IPv4 address.
    private const int Longest = 45;

    private const int MacLength = 17;

    /// <summary>The text with its addresses hidden.</summary>
    public static string Hide(string text)
    {
        if (!text.AsSpan().ContainsAny(':', '.') && !OtherMac().IsMatch(text))
            return text;

        text = ReverseName().Replace(text, "….$1.arpa");
        text = OtherMac().Replace(text, match => $"··:··:··:··:··:{match.Value[^2..]}");
        var hidden = new StringBuilder(text.Length);
        int at = 0;
        while (at < text.Length)
        {
            if (!char.IsAsciiHexDigit(text[at]) && text[at] != ':')
            {
                hidden.Append(text[at++]);
                continue;
            }

            int length = Ipv6(text.AsSpan(at));
            if (length > 0)
                hidden.Append('…').Append(LastPart(text.AsSpan(at, length)));
            else if (Mac().IsMatch(text, at))
                hidden.Append("··:··:··:··:··:").Append(text.AsSpan(at + (length = MacLength) - 2, 2));
            else if (Ipv4Address().Match(text, at) is { Success: true } ipv4)
                hidden.Append("·.·.·.").Append(text.AsSpan(at, length = ipv4.Length)[(ipv4.Value.LastIndexOf('.') + 1)..]);
            else
                hidden.Append(text[at]);
            at += Math.Max(1, length);
        }

        return hidden.ToString();
    }

    /// <summary>The length of the IPv6 address that a text begins with; 0 if it begins with none.</summary>
    private static int Ipv6(ReadOnlySpan<char> text)
    {
        int length = 0, colons = 0;
        for (; length < Math.Min(text.Length, Longest) && (char.IsAsciiHexDigit(text[length]) || text[length] is ':' or '.'); length++)
            colons += text[length] == ':' ? 1 : 0;
        for (; length > 2 && colons >= 2; length--)
        {
            if (IPAddress.TryParse(text[..length], out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6)
                return length;
            colons -= text[length - 1] == ':' ? 1 : 0;
        }

        return 0;
    }

    // With the colon before it; nothing where the address ends in two.
    private static ReadOnlySpan<char> LastPart(ReadOnlySpan<char> address) =>
        address[^1] == ':' ? "" : address.LastIndexOf('.') is var dot and > 0 ? $":{address[(dot + 1)..]}" : address[address.LastIndexOf(':')..];

    [GeneratedRegex(@"\G(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", RegexOptions.IgnoreCase)]
    private static partial Regex Mac();

    // With hyphens, as Windows and IEEE 802 write them; in threes of four digits, as switches do; in one word, as .NET does.
    [GeneratedRegex(
        @"(?:[0-9a-f]{2}-){5}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}|(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])", RegexOptions.IgnoreCase)]
    private static partial Regex OtherMac();

    [GeneratedRegex(@"\G\d{1,3}(?:\.\d{1,3}){3}")]
    private static partial Regex Ipv4Address();

    // RFC 3596 §2.5, RFC 1035 §3.5.
    [GeneratedRegex(@"(?:[0-9a-f]{1,3}\.)+(ip6|in-addr)\.arpa", RegexOptions.IgnoreCase)]
    private static partial Regex ReverseName();
}
