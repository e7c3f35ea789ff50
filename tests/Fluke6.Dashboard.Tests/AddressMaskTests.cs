using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Tests;

/// <summary>No address can be read off a masked screen, whatever stands beside it.</summary>
public sealed class AddressMaskTests
{
    private static readonly string[] s_before = ["", " ", "[", "(", "<", "\"", "=", "->", "from ", "src", "x", "line 12:", "/", "::", ":", ".", ",", "//", "@", "-"];

    private static readonly string[] s_after =
        ["", " ", ":", ": ", ": hello", "]:80", ":80", ".80", "/64", "/24", "%eth0", "%3", ",", ".", ")", ">", "\"", "->", "::", ".:", "x", "=1", "#53", "-1", "…"];

    [Theory]
    [InlineData("2001:db8:1::1: the router", "…:1: the router")]
    [InlineData("192.0.2.7:80", "·.·.·.7:80")]
    [InlineData("[2001:db8::1]:80", "[…:1]:80")]
    [InlineData("[fe80::1%eth0]:80", "[…:1%eth0]:80")]
    [InlineData("2001:db8:1::/64", "…/64")]
    [InlineData("::ffff:192.0.2.9", "…:9")]
    [InlineData("02-00-00-00-00-06", "··:··:··:··:··:06")]
    [InlineData("0200.5eff.0006", "··:··:··:··:··:06")]
    [InlineData("mac 02005E000006,", "mac ··:··:··:··:··:06,")]
    [InlineData("7.2.0.192.in-addr.arpa", "….in-addr.arpa")]
    [InlineData("e.f.a.c.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "….ip6.arpa")]
    [InlineData("04:52:18 tcp-clamp-mss: 5201 > 49946 SYN,ACK: mss 1220, 3.54 ms", "04:52:18 tcp-clamp-mss: 5201 > 49946 SYN,ACK: mss 1220, 3.54 ms")]
    [InlineData("up 0:00:12  12 flows of 65,536, 1,041,141,892 bytes", "up 0:00:12  12 flows of 65,536, 1,041,141,892 bytes")]
    [InlineData("10-x.csx(3,9): error CS1002: ; expected", "10-x.csx(3,9): error CS1002: ; expected")]
    [InlineData("fluke6-20261125-101406.pcapng 0:00:19", "fluke6-20261125-101406.pcapng 0:00:19")]
    public void HidesAllButTheLastPart(string text, string expected)
    {
        Assert.Equal(expected, AddressMask.Hide(text));
        Assert.Equal(expected, AddressMask.Hide(expected));
    }

    [Fact]
    public void NoAddressIsLeftWhateverStandsBesideIt()
    {
        var random = new Random(6);
        for (int round = 0; round < 3000; round++)
        {
            string[] addresses = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Address(random))];
            string text = string.Concat(addresses.Select(address => $"{Pick(s_before)}{address}{Pick(s_after)}"));
            string hidden = AddressMask.Hide(text);
            HashSet<string> inputs = [.. addresses.Select(Canonical)];
            for (int start = 0; start < hidden.Length; start++)
            {
                for (int end = start + 3; end <= Math.Min(hidden.Length, start + 45); end++)
                    Assert.False(hidden[start..end].AsSpan().ContainsAny(":.-") && inputs.Contains(Canonical(hidden[start..end])), $"{text} became {hidden}");
            }

            Assert.DoesNotContain(addresses, address => hidden.Contains(address, StringComparison.OrdinalIgnoreCase));
        }

        string Pick(string[] choices) => choices[random.Next(choices.Length)];
    }

    private static string Canonical(string text)
    {
        if (IPAddress.TryParse(text, out IPAddress? address) && text.Count(character => character is ':' or '.') >= 2)
            return $"{address}";
        return PhysicalAddress.TryParse(text.ToUpperInvariant(), out PhysicalAddress? mac) && mac.GetAddressBytes().Length == 6 ? $"mac {mac}" : text;
    }

    private static string Address(Random random)
    {
        byte[] octets = new byte[16];
        random.NextBytes(octets);
        // Zeroes in runs, which are what is written short.
        int zeroes = random.Next(0, 15);
        octets.AsSpan(random.Next(0, 16 - zeroes), zeroes).Clear();
        octets[0] = 0x20;
        octets[15] |= 1;
        string text = random.Next(7) switch
        {
            0 or 1 => $"{new IPAddress(octets)}",
            2 => string.Join(':', octets.Chunk(2).Select(pair => $"{pair[0]:x2}{pair[1]:x2}")),
            3 => $"::ffff:{new IPAddress(octets.AsSpan(0, 4))}",
            4 => string.Join(':', octets.Take(6).Select(octet => $"{octet:x2}")),
            5 => string.Join('-', octets.Take(6).Select(octet => $"{octet:x2}")),
            _ => $"{new IPAddress(octets.AsSpan(12, 4))}",
        };
        return random.Next(2) == 0 ? text : text.ToUpperInvariant();
    }
}
