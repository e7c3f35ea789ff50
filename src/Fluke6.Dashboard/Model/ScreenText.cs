using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Model;

/// <summary>Makes text fit for the screen.</summary>
internal static partial class ScreenText
{
    /// <summary>Without what would move the cursor: a rule's log may hold anything.</summary>
    public static string Printable(string text)
    {
        if (!text.Any(character => char.IsControl(character) || char.IsSurrogate(character)))
            return text;

        var line = new StringBuilder(text.Length);
        foreach (char character in text)
            line.Append(character == '\t' ? "    " : char.IsControl(character) || char.IsSurrogate(character) ? "·" : character.ToString());
        return line.ToString();
    }

    /// <summary>With all but the last part of every address hidden, for screenshots.</summary>
    public static string Mask(string text)
    {
        if (!text.Contains(':') && !text.Contains('.'))
            return text;

        text = LinkAddress().Replace(text, "··:··:··:··:··:$1");
        text = Ipv4Address().Replace(text, "·.·.·.$1");
        return Ipv6Candidate().Replace(text, match => IsIpv6(match.Value) ? $"…:{match.Value[(match.Value.LastIndexOf(':') + 1)..]}" : match.Value);
    }

    private static bool IsIpv6(string text) =>
        text.Length > 2 && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    [GeneratedRegex(@"\b(?:[0-9a-f]{2}:){5}([0-9a-f]{2})\b", RegexOptions.IgnoreCase)]
    private static partial Regex LinkAddress();

    [GeneratedRegex(@"\b(?:\d{1,3}\.){3}(\d{1,3})\b")]
    private static partial Regex Ipv4Address();

    [GeneratedRegex(@"(?<![\w:])[0-9a-f:]*:[0-9a-f]*:[0-9a-f:]*(?![\w:])", RegexOptions.IgnoreCase)]
    private static partial Regex Ipv6Candidate();
}
