using CsCheck;
using Fluke6.Wire;
using static Fluke6.Core.Tests.Wire.FieldGenerators;

namespace Fluke6.Core.Tests.Wire;

/// <summary>Any values of the fields of neighbor discovery messages, their options, and reports of listeners.</summary>
internal static class NeighborGenerators
{
    public static readonly Gen<RouterSolicitationFields> AnyRouterSolicitation = OptionalMac.Select(mac => new RouterSolicitationFields(mac));

    public static readonly Gen<RouterAdvertisementFields> AnyRouterAdvertisement =
        from hopLimit in Gen.Byte
        from flags in Gen.Bool.Array[4]
        from preference in Preference
        from lifetime in Gen.UShort
        from times in Gen.UInt.Array[2]
        select new RouterAdvertisementFields
        {
            CurrentHopLimit = hopLimit, Managed = flags[0], OtherConfiguration = flags[1], HomeAgent = flags[2], ProxyFlag = flags[3],
            DefaultRouterPreference = preference, RouterLifetime = lifetime, ReachableTime = times[0], RetransTimer = times[1],
        };

    public static readonly Gen<NeighborSolicitationFields> AnyNeighborSolicitation =
        from target in Address6 from mac in OptionalMac select new NeighborSolicitationFields(target, mac);

    public static readonly Gen<NeighborAdvertisementFields> AnyNeighborAdvertisement =
        from target in Address6
        from mac in OptionalMac
        from flags in Gen.Bool.Array[3]
        select new NeighborAdvertisementFields(target, mac) { Router = flags[0], Solicited = flags[1], Override = flags[2] };

    public static readonly Gen<RedirectFields> AnyRedirect =
        from target in Address6 from destination in Address6 select new RedirectFields(target, destination);

    public static readonly Gen<LinkLayerAddressOptionFields> AnyLinkLayerAddress =
        from mac in Mac from isSource in Gen.Bool select isSource ? LinkLayerAddressOptionFields.Source(mac) : LinkLayerAddressOptionFields.Target(mac);

    public static readonly Gen<PrefixInformationFields> AnyPrefixInformation =
        from address in Address6
        from length in Gen.Byte
        from flags in Gen.Bool.Array[3]
        from lifetimes in Gen.UInt.Array[2]
        select new PrefixInformationFields(address, length)
        {
            OnLink = flags[0], Autonomous = flags[1], RouterAddress = flags[2], ValidLifetime = lifetimes[0], PreferredLifetime = lifetimes[1],
        };

    public static readonly Gen<MtuOptionFields> AnyMtu = Gen.UInt.Select(mtu => new MtuOptionFields(mtu));

    public static readonly Gen<RouteInformationFields> AnyRouteInformation =
        from prefix in Prefix6
        from preference in Preference
        from lifetime in Gen.UInt
        select new RouteInformationFields(prefix) { Preference = preference, RouteLifetime = lifetime };

    public static readonly Gen<RecursiveDnsServersFields> AnyRecursiveDnsServers =
        from servers in Address6.Array[1, 5] from lifetime in Gen.UInt select new RecursiveDnsServersFields(servers) { Lifetime = lifetime };

    public static readonly Gen<DnsSearchListFields> AnyDnsSearchList =
        from names in Name.Array[1, 5] from lifetime in Gen.UInt select new DnsSearchListFields(names) { Lifetime = lifetime };

    public static readonly Gen<Pref64Fields> AnyPref64 =
        from address in Address6
        from length in OneOf(96, 64, 56, 48, 40, 32)
        from lifetime in Gen.Int[0, 70_000]
        select new Pref64Fields(new Ipv6Prefix(address, length)) { Lifetime = lifetime };

    public static readonly Gen<RedirectedHeaderFields> AnyRedirectedHeader = Gen.Byte.Array[0, 200].Select(octets => new RedirectedHeaderFields(octets));

    public static readonly Gen<EncryptedDnsFields> AnyEncryptedDns =
        from name in Name
        from priority in Gen.UShort
        from lifetime in Gen.UInt
        from addresses in Address6.Array[0, 3]
        from parameters in Gen.Byte.Array[0, 30]
        select new EncryptedDnsFields(name)
        {
            ServicePriority = priority, Lifetime = lifetime, Addresses = addresses, Parameters = addresses.Length == 0 ? [] : parameters,
        };

    public static readonly Gen<NeighborDiscoveryOptionFields> AnyOption =
        from type in Gen.Byte
        from data in Gen.Byte.Array[0, 100]
        select new NeighborDiscoveryOptionFields((NeighborDiscoveryOptionType)type, data);

    public static readonly Gen<MulticastListenerReportFields> AnyMulticastListenerReport =
        (from type in Gen.Byte
         from @group in Address6
         from sources in Address6.Array[0, 3]
         select new MulticastAddressRecordFields((MulticastRecordType)type, @group) { Sources = sources })
        .Array[0, 5].Select(records => new MulticastListenerReportFields(records));
}
