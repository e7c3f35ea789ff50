namespace Fluke6.Wire;

internal static partial class HeaderText
{
    internal static bool TryWriteNeighborDiscovery(ref LineWriter line, scoped Span<byte> message)
    {
        if (RouterSolicitation.TryRead(message, out RouterSolicitation routerSolicitation))
        {
            Write(ref line, routerSolicitation);
        }
        else if (RouterAdvertisement.TryRead(message, out RouterAdvertisement routerAdvertisement))
        {
            Write(ref line, routerAdvertisement);
        }
        else if (NeighborSolicitation.TryRead(message, out NeighborSolicitation solicitation))
        {
            Write(ref line, solicitation);
        }
        else if (NeighborAdvertisement.TryRead(message, out NeighborAdvertisement advertisement))
        {
            Write(ref line, advertisement);
        }
        else if (Redirect.TryRead(message, out Redirect redirect))
        {
            Write(ref line, redirect);
        }
        else
        {
            return false;
        }

        return true;
    }

    internal static void Write(ref LineWriter line, scoped RouterSolicitation solicitation)
    {
        line.Write("ICMP6, router solicitation");
        WriteOptions(ref line, solicitation.Options);
    }

    internal static void Write(ref LineWriter line, scoped NeighborSolicitation solicitation)
    {
        line.Write($"ICMP6, neighbor solicitation, who has {solicitation.Target}");
        WriteOptions(ref line, solicitation.Options);
    }

    internal static void Write(ref LineWriter line, scoped NeighborAdvertisement advertisement)
    {
        line.Write($"ICMP6, neighbor advertisement, tgt is {advertisement.Target}, flags [");
        bool first = true;
        WriteFlag(ref line, advertisement.Router, "router", ref first);
        WriteFlag(ref line, advertisement.Solicited, "solicited", ref first);
        WriteFlag(ref line, advertisement.Override, "override", ref first);
        line.Write(first ? "none]" : "]");
        WriteOptions(ref line, advertisement.Options);
    }

    internal static void Write(ref LineWriter line, scoped Redirect redirect)
    {
        line.Write($"ICMP6, redirect, {redirect.Destination} to {redirect.Target}");
        WriteOptions(ref line, redirect.Options);
    }

    internal static void Write(ref LineWriter line, scoped RouterAdvertisement advertisement)
    {
        line.Write($"ICMP6, router advertisement, hop limit {advertisement.CurrentHopLimit}, flags [");
        bool first = true;
        WriteFlag(ref line, advertisement.Managed, "managed", ref first);
        WriteFlag(ref line, advertisement.OtherConfiguration, "other", ref first);
        WriteFlag(ref line, advertisement.HomeAgent, "home agent", ref first);
        WriteFlag(ref line, advertisement.ProxyFlag, "proxy", ref first);
        line.Write(first ? "none], pref " : "], pref ");
        line.Write(PreferenceName(advertisement.DefaultRouterPreference));
        line.Write($", router lifetime {advertisement.RouterLifetime}s, reachable time {advertisement.ReachableTime}ms");
        line.Write($", retrans timer {advertisement.RetransTimer}ms");
        WriteOptions(ref line, advertisement.Options);
    }

    internal static void WriteOptions(ref LineWriter line, scoped NeighborDiscoveryOptions options)
    {
        if (options.Octets.IsEmpty)
            return;

        line.Write(", options [");
        Write(ref line, options);
        line.Write(']');
    }

    internal static void Write(ref LineWriter line, scoped NeighborDiscoveryOptions options)
    {
        bool first = true;
        NeighborDiscoveryOptions.Enumerator walk = options.GetEnumerator();
        while (walk.MoveNext())
        {
            if (!first)
                line.Write("; ");
            first = false;
            WriteOption(ref line, walk.Current);
        }

        if (walk.IsMalformed)
            line.Write(first ? "[malformed]" : "; [malformed]");
    }

    internal static void WriteOption(ref LineWriter line, scoped NeighborDiscoveryOption option)
    {
        if (option.TryGetLinkLayerAddress(out LinkLayerAddressOption address))
            Write(ref line, address);
        else if (option.TryGetPrefixInformation(out PrefixInformation prefix))
            WritePrefix(ref line, prefix);
        else if (option.TryGetRedirectedHeader(out RedirectedHeader redirected))
            Write(ref line, redirected);
        else if (option.TryGetMtu(out MtuOption mtu))
            Write(ref line, mtu);
        else if (option.TryGetRouteInformation(out RouteInformation route))
            Write(ref line, route);
        else if (option.TryGetRecursiveDnsServers(out RecursiveDnsServers servers))
            WriteServers(ref line, servers);
        else if (option.TryGetDnsSearchList(out DnsSearchList names))
            WriteNames(ref line, names);
        else if (option.TryGetPref64(out Pref64 pref64))
            Write(ref line, pref64);
        else if (option.TryGetEncryptedDns(out EncryptedDns resolver))
            Write(ref line, resolver);
        else
            line.Write($"option {(byte)option.Type}, length {option.Length}");
    }

    internal static void Write(ref LineWriter line, scoped LinkLayerAddressOption address) =>
        line.Write($"{(address.Type == NeighborDiscoveryOptionType.SourceLinkLayerAddress ? "slla" : "tlla")} {address.Address}");

    internal static void Write(ref LineWriter line, scoped RedirectedHeader redirected) =>
        line.Write($"redirected header, length {redirected.InvokingPacket.Length}");

    internal static void Write(ref LineWriter line, scoped Pref64 prefix) => line.Write($"pref64 {prefix.Prefix} lifetime {prefix.Lifetime}s");

    internal static void Write(ref LineWriter line, scoped EncryptedDns resolver)
    {
        line.Write($"encrypted dns priority {resolver.ServicePriority} lifetime {resolver.Lifetime}s");
        if (!DnsNameView.TryRead(resolver.EncodedName, 0, out DnsNameView name, out _))
            return;

        line.Write(' ');
        Write(ref line, name);
    }

    internal static void Write(ref LineWriter line, scoped MtuOption mtu) => line.Write($"mtu {mtu.Mtu}");

    internal static void Write(ref LineWriter line, scoped RouteInformation route) =>
        line.Write($"route {route.Prefix} pref {PreferenceName(route.Preference)} lifetime {route.RouteLifetime}s");

    internal static void WritePrefix(ref LineWriter line, scoped PrefixInformation prefix)
    {
        line.Write($"prefix {prefix.PrefixAddress}/{prefix.PrefixLength} flags [");
        bool first = true;
        WriteFlag(ref line, prefix.OnLink, "onlink", ref first);
        WriteFlag(ref line, prefix.Autonomous, "auto", ref first);
        WriteFlag(ref line, prefix.RouterAddress, "router", ref first);
        line.Write(first ? "none]" : "]");
        line.Write($" valid {prefix.ValidLifetime}s preferred {prefix.PreferredLifetime}s");
    }

    internal static void WriteServers(ref LineWriter line, scoped RecursiveDnsServers servers)
    {
        line.Write($"rdnss lifetime {servers.Lifetime}s");
        for (int i = 0; i < servers.Count; i++)
            line.Write($" {servers[i]}");
    }

    internal static void WriteNames(ref LineWriter line, scoped DnsSearchList list)
    {
        line.Write($"dnssl lifetime {list.Lifetime}s");
        DnsSearchList.Enumerator walk = list.GetEnumerator();
        while (walk.MoveNext())
        {
            line.Write(' ');
            line.Write(walk.Current);
        }

        if (walk.IsMalformed)
            line.Write(" [malformed]");
    }

    internal static void WriteFlag(ref LineWriter line, bool set, string name, ref bool first)
    {
        if (!set)
            return;

        if (!first)
            line.Write(',');
        first = false;
        line.Write(name);
    }

    internal static string PreferenceName(RouterPreference preference) => preference switch
    {
        RouterPreference.High => "high",
        RouterPreference.Low => "low",
        RouterPreference.Medium => "medium",
        _ => "reserved",
    };
}
