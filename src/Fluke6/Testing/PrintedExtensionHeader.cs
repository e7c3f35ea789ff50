using System.Globalization;
using System.Text.RegularExpressions;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Command.Testing;

/// <summary>Reads an IPv6 extension header in the words in which <see cref="FramePrinter"/> prints it.</summary>
internal readonly partial record struct PrintedExtensionHeader
{
    /// <summary>Which header.</summary>
    public IpProtocol Kind { get; private init; }

    /// <summary>The options, padding included, if it is a header of options.</summary>
    public Ipv6OptionFields[]? Options { get; private init; }

    /// <summary>The routing header, if it is one.</summary>
    public RoutingFields? Routing { get; private init; }

    /// <summary>The fragment header, if it is neither.</summary>
    public FragmentFields Fragment { get; private init; }

    /// <summary>The words after it.</summary>
    public string Rest { get; private init; }

    /// <summary>Reads the header that some words begin with.</summary>
    /// <returns>False where they begin with none, or one that is not understood.</returns>
    /// <exception cref="FormatException">They begin with a header, and one of its parts is not understood.</exception>
    public static bool TryRead(string words, out PrintedExtensionHeader header)
    {
        header = default;
        Match match = Header().Match(words);
        if (!match.Success)
            return false;

        header = new PrintedExtensionHeader { Rest = match.Groups["rest"].Value };
        if (match.Groups["list"].Success)
        {
            string[] options = match.Groups["options"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries);
            header = header with
            {
                Kind = match.Groups["list"].Value == "HBH" ? IpProtocol.HopByHopOptions : IpProtocol.DestinationOptions,
                Options = [.. options.Select(OptionOf)],
            };
        }
        else if (match.Groups["type"].Success)
        {
            string[] addresses = match.Groups["addresses"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries);
            header = header with
            {
                Kind = IpProtocol.Routing,
                Routing = new RoutingFields((RoutingType)Number(match, "type"), (byte)Number(match, "left"))
                {
                    Addresses = [.. addresses.Select(Ipv6Address.Parse)],
                },
            };
        }
        else
        {
            header = header with
            {
                Kind = IpProtocol.Fragment,
                Fragment = new FragmentFields(uint.Parse(match.Groups["id"].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
                {
                    FragmentOffset = (int)Number(match, "offset"), MoreFragments = match.Groups["more"].Success,
                },
            };
        }

        return true;
    }

    private static Ipv6OptionFields OptionOf(string text)
    {
        string[] words = text.Split(' ');
        return words switch
        {
            ["pad1"] => new Ipv6OptionFields(Ipv6OptionType.Pad1),
            ["padn", var octets] => new Ipv6OptionFields(Ipv6OptionType.PadN, new byte[byte.Parse(octets, CultureInfo.InvariantCulture)]),
            ["rtalert", var value] => Ipv6OptionFields.RouterAlert(Convert.ToUInt16(value, fromBase: 16)),
            ["jumbo", var length] => Ipv6OptionFields.JumboPayload(uint.Parse(length, CultureInfo.InvariantCulture)),
            ["tunlimit", var limit] => new Ipv6OptionFields(Ipv6OptionType.TunnelEncapsulationLimit, [byte.Parse(limit, CultureInfo.InvariantCulture)]),
            ["home", var address] => new Ipv6OptionFields(Ipv6OptionType.HomeAddress, Octets(Ipv6Address.Parse(address))),
            ["type", var type] => new Ipv6OptionFields((Ipv6OptionType)Convert.ToByte(type, fromBase: 16)),
            ["type", var type, ['0', 'x', .. var data]] =>
                new Ipv6OptionFields((Ipv6OptionType)Convert.ToByte(type, fromBase: 16), Convert.FromHexString(data)),
            _ => throw new FormatException(text),
        };
    }

    private static byte[] Octets(Ipv6Address address)
    {
        byte[] octets = new byte[Ipv6Address.Length];
        address.WriteTo(octets);
        return octets;
    }

    private static uint Number(Match match, string name) => uint.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:(?<list>HBH|DSTOPT) \[(?<options>[^\]]*)\]|RT \(type (?<type>\d+), segleft (?<left>\d+)(?:, (?<addresses>[0-9a-f:.,]+))?\)"
        + @"|frag \(id 0x(?<id>[0-9a-f]{8}), (?<offset>\d+)(?<more>\+)?\)) (?<rest>.*)$")]
    private static partial Regex Header();
}
