using Fluke6.Wire;

namespace Fluke6.Rules;

/// <summary>
/// Options of router advertisements that hosts keep until a lifetime is over, whatever a later advertisement leaves out: prefix, route,
/// name servers, search list, NAT64 prefix, encrypted DNS. RFC 4861 §4.6.2, RFC 4191 §2.3, RFC 8106 §5, RFC 8781 §4, RFC 9463 §6.
/// </summary>
internal static class LastingOption
{
    public static bool Is(NeighborDiscoveryOption option) =>
        option.TryGetPrefixInformation(out _) || option.TryGetRouteInformation(out _)
        || option.TryGetRecursiveDnsServers(out _) || option.TryGetDnsSearchList(out _)
        || option.TryGetPref64(out _) || option.TryGetEncryptedDns(out _);

    /// <summary>Whether a list tells of the same thing as an option.</summary>
    public static bool Contains(NeighborDiscoveryOptions options, NeighborDiscoveryOption sought)
    {
        foreach (NeighborDiscoveryOption option in options)
        {
            if (IsSame(option, sought))
                return true;
        }

        return false;
    }

    /// <summary>Sets the option's lifetimes to 0.</summary>
    /// <returns>Whether it has any.</returns>
    public static bool Withdraw(NeighborDiscoveryOption option)
    {
        if (option.TryGetPrefixInformation(out PrefixInformation prefix))
            (prefix.PreferredLifetime, prefix.ValidLifetime) = (0, 0);
        else if (option.TryGetRouteInformation(out RouteInformation route))
            route.RouteLifetime = 0;
        else if (option.TryGetRecursiveDnsServers(out RecursiveDnsServers servers))
            servers.Lifetime = 0;
        else if (option.TryGetDnsSearchList(out DnsSearchList names))
            names.Lifetime = 0;
        else if (option.TryGetPref64(out Pref64 translation))
            translation.Lifetime = 0;
        else if (option.TryGetEncryptedDns(out EncryptedDns resolver))
            resolver.Lifetime = 0;
        else
            return false;

        return true;
    }

    /// <summary>Whether both tell of the same thing, whatever they say of it.</summary>
    private static bool IsSame(NeighborDiscoveryOption one, NeighborDiscoveryOption other)
    {
        if (one.TryGetPrefixInformation(out PrefixInformation prefix) && other.TryGetPrefixInformation(out PrefixInformation otherPrefix))
            return prefix.Prefix == otherPrefix.Prefix;
        if (one.TryGetRouteInformation(out RouteInformation route) && other.TryGetRouteInformation(out RouteInformation otherRoute))
            return route.Prefix == otherRoute.Prefix;
        if (one.TryGetPref64(out Pref64 translation) && other.TryGetPref64(out Pref64 otherTranslation))
            return translation.Prefix == otherTranslation.Prefix;

        // Servers, names and resolvers follow type, length, two other octets and the lifetime.
        return one.Type == other.Type && one.Length >= 8 && one.Length == other.Length && one.Data[6..].SequenceEqual(other.Data[6..]);
    }
}
