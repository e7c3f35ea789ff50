using System.Globalization;
using System.Text.RegularExpressions;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Command.Testing;

/// <summary>Reads messages of neighbour discovery and their options in the words in which <see cref="FramePrinter"/> prints them.</summary>
internal static partial class PrintedNeighborDiscovery
{
    /// <summary>Writes the message.</summary>
    /// <param name="words">What stands after the addresses.</param>
    /// <param name="packet">The packet so far.</param>
    /// <param name="message">The packet with the message.</param>
    /// <returns>False where the words are of something else.</returns>
    /// <exception cref="FormatException">The words are of such a message, and one of its options is not understood.</exception>
    public static bool TryWrite<T>(string words, Packet<T> packet, out Packet message)
        where T : IIpv6Fields
    {
        message = default;
        Match match = Message().Match(words);
        if (!match.Success)
            return false;

        INeighborDiscoveryOptionFields[] options =
            [.. match.Groups["options"].Value.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(OptionOf)];
        if (match.Groups["rs"].Success)
            message = With(packet.RouterSolicitation(), options);
        else if (match.Groups["ra"].Success)
            message = With(packet.RouterAdvertisement(RouterFields(match)), options);
        else if (match.Groups["asked"].Success)
            message = With(packet.NeighborSolicitation(Address(match, "asked")), options);
        else if (match.Groups["told"].Success)
            message = With(
                packet.NeighborAdvertisement(Address(match, "told"), Has(match, "router"), Has(match, "solicited"), Has(match, "override")),
                options);
        else
            message = With(packet.Redirect(Address(match, "to"), Address(match, "for")), options);
        return true;
    }

    private static Packet With<T>(Packet<T> packet, INeighborDiscoveryOptionFields[] options)
        where T : INeighborDiscoveryFields
    {
        foreach (INeighborDiscoveryOptionFields option in options)
            packet = packet.Option(option);
        return packet;
    }

    private static RouterAdvertisementFields RouterFields(Match match) => new()
    {
        CurrentHopLimit = (byte)Number(match, "hops"),
        Managed = Has(match, "managed"),
        OtherConfiguration = Has(match, "other"),
        HomeAgent = Has(match, "home agent"),
        ProxyFlag = Has(match, "proxy"),
        DefaultRouterPreference = Preference(match.Groups["pref"].Value),
        RouterLifetime = (ushort)Number(match, "lifetime"),
        ReachableTime = Number(match, "reachable"),
        RetransTimer = Number(match, "retrans"),
    };

    private static INeighborDiscoveryOptionFields OptionOf(string text)
    {
        string[] words = text.Split(' ');
        return words switch
        {
            ["slla", var mac] => LinkLayerAddressOptionFields.Source(MacAddress.Parse(mac)),
            ["tlla", var mac] => LinkLayerAddressOptionFields.Target(MacAddress.Parse(mac)),
            ["mtu", var mtu] => new MtuOptionFields(Number(mtu)),
            ["prefix", var prefix, "flags", var flags, "valid", var valid, "preferred", var preferred] => Prefix(prefix, flags, valid, preferred),
            ["route", var prefix, "pref", var preference, "lifetime", var lifetime] => new RouteInformationFields(Ipv6Prefix.Parse(prefix))
            {
                Preference = Preference(preference), RouteLifetime = Seconds(lifetime),
            },
            ["rdnss", "lifetime", var lifetime, .. var servers] =>
                new RecursiveDnsServersFields(servers.Select(Ipv6Address.Parse).ToArray()) { Lifetime = Seconds(lifetime) },
            ["dnssl", "lifetime", var lifetime, .. var names] =>
                new DnsSearchListFields(names.Select(DnsName.Parse).ToArray()) { Lifetime = Seconds(lifetime) },
            ["pref64", var prefix, "lifetime", var lifetime] => new Pref64Fields(Ipv6Prefix.Parse(prefix)) { Lifetime = (int)Seconds(lifetime) },
            ["encrypted", "dns", "priority", var priority, "lifetime", var lifetime, var name] => new EncryptedDnsFields(DnsName.Parse(name))
            {
                ServicePriority = (ushort)Number(priority), Lifetime = Seconds(lifetime),
            },
            _ => throw new FormatException(text),
        };
    }

    private static PrefixInformationFields Prefix(string prefix, string flags, string valid, string preferred)
    {
        string[] parts = prefix.Split('/');
        return new PrefixInformationFields(Ipv6Address.Parse(parts[0]), byte.Parse(parts[^1], CultureInfo.InvariantCulture))
        {
            OnLink = flags.Contains("onlink", StringComparison.Ordinal),
            Autonomous = flags.Contains("auto", StringComparison.Ordinal),
            RouterAddress = flags.Contains("router", StringComparison.Ordinal),
            ValidLifetime = Seconds(valid),
            PreferredLifetime = Seconds(preferred),
        };
    }

    private static RouterPreference Preference(string word) => word switch
    {
        "high" => RouterPreference.High,
        "low" => RouterPreference.Low,
        "medium" => RouterPreference.Medium,
        _ => throw new FormatException(word),
    };

    private static bool Has(Match match, string flag) => match.Groups["flags"].Value.Split(',').Contains(flag);

    private static Ipv6Address Address(Match match, string name) => Ipv6Address.Parse(match.Groups[name].Value);

    private static uint Number(Match match, string name) => Number(match.Groups[name].Value);

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    private static uint Seconds(string text) => Number(text.TrimEnd('s'));

    [GeneratedRegex(@"^ICMP6, (?:(?<rs>router solicitation)"
        + @"|(?<ra>router advertisement), hop limit (?<hops>\d+), flags \[(?<flags>[^\]]*)\], pref (?<pref>\w+), router lifetime (?<lifetime>\d+)s, "
        + @"reachable time (?<reachable>\d+)ms, retrans timer (?<retrans>\d+)ms"
        + @"|neighbor solicitation, who has (?<asked>[0-9a-f:.]+)"
        + @"|neighbor advertisement, tgt is (?<told>[0-9a-f:.]+), flags \[(?<flags>[^\]]*)\]"
        + @"|redirect, (?<for>[0-9a-f:.]+) to (?<to>[0-9a-f:.]+))"
        + @"(?:, options \[(?<options>.*)\])?, length \d+$")]
    private static partial Regex Message();
}
