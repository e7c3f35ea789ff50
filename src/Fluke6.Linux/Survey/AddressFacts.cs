using System.Net;
using System.Runtime.InteropServices;
using Fluke6.Linux.Native;
using Tmds.Linux;

namespace Fluke6.Linux.Survey;

/// <summary>An IP address of an interface.</summary>
/// <param name="LinkIndex">The interface's number.</param>
/// <param name="Network">The address's network.</param>
/// <param name="Address">The address.</param>
/// <param name="IsLinkLocal">Whether it is good on one link only.</param>
internal sealed record AddressFacts(int LinkIndex, IPNetwork Network, IPAddress Address, bool IsLinkLocal)
{
    /// <summary>Whether it is one of IPv6.</summary>
    public bool IsIpv6 => Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;

    /// <summary>The addresses of the calling thread's network namespace.</summary>
    public static unsafe IReadOnlyList<AddressFacts> All()
    {
        using var kernel = new NetlinkSocket("addresses");
        var addresses = new List<AddressFacts>();
        foreach (byte[] entry in kernel.List(RtNetlink.RTM_GETADDR, default(ifaddrmsg)))
        {
            ifaddrmsg header = MemoryMarshal.Read<ifaddrmsg>(entry);
            ReadOnlySpan<byte> attributes = entry.AsSpan(sizeof(ifaddrmsg));
            // On a link of two hosts IFA_ADDRESS is the other one's.
            ReadOnlySpan<byte> prefix = NetlinkAttributes.Find(attributes, RtNetlink.IFA_ADDRESS),
                local = NetlinkAttributes.Find(attributes, RtNetlink.IFA_LOCAL);
            if (prefix.Length is 4 or 16)
            {
                addresses.Add(new AddressFacts((int)header.ifa_index, NetworkOf(prefix, header.ifa_prefixlen), new IPAddress(local.IsEmpty
                    ? prefix : local),
                    header.ifa_scope >= RtNetlink.RT_SCOPE_LINK));
            }
        }

        return addresses;
    }

    /// <summary>Whether an address is in both networks.</summary>
    public static bool Overlap(IPNetwork one, IPNetwork other) => one.BaseAddress.AddressFamily == other.BaseAddress.AddressFamily
        && (one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress));

    /// <summary>The network of an address: the bits after the prefix are zero.</summary>
    internal static IPNetwork NetworkOf(ReadOnlySpan<byte> address, int prefixLength)
    {
        Span<byte> octets = stackalloc byte[address.Length];
        address.CopyTo(octets);
        for (int i = 0; i < octets.Length; i++)
            octets[i] &= (byte)(0xFF << (8 - Math.Clamp(prefixLength - (i * 8), 0, 8)));
        return new IPNetwork(new IPAddress(octets), prefixLength);
    }
}

/// <summary>A route to other hosts.</summary>
/// <param name="LinkIndex">The number of the interface by which it leads.</param>
/// <param name="Network">Where to.</param>
/// <param name="HasGateway">Whether it leads by a router.</param>
internal sealed record RouteFacts(int LinkIndex, IPNetwork Network, bool HasGateway)
{
    /// <summary>Whether it is for all that no other route is for.</summary>
    public bool IsDefault => Network.PrefixLength == 0;

    /// <summary>The routes of the calling thread's network namespace.</summary>
    public static unsafe IReadOnlyList<RouteFacts> All()
    {
        using var kernel = new NetlinkSocket("routes");
        var routes = new List<RouteFacts>();
        foreach (byte[] entry in kernel.List(RtNetlink.RTM_GETROUTE, default(rtmsg)))
        {
            rtmsg header = MemoryMarshal.Read<rtmsg>(entry);
            ReadOnlySpan<byte> attributes = entry.AsSpan(sizeof(rtmsg));
            if (header.rtm_type != RtNetlink.RTN_UNICAST || header.rtm_table == RtNetlink.RT_TABLE_LOCAL
                || NetlinkAttributes.Number<int>(attributes, RtNetlink.RTA_OIF) is not { } link)
            {
                continue;
            }

            ReadOnlySpan<byte> destination = NetlinkAttributes.Find(attributes, RtNetlink.RTA_DST);
            ReadOnlySpan<byte> any = header.rtm_family == LibC.AF_INET6 ? new byte[16] : new byte[4];
            routes.Add(new RouteFacts(link, AddressFacts.NetworkOf(destination.IsEmpty ? any : destination, header.rtm_dst_len),
                !NetlinkAttributes.Find(attributes, RtNetlink.RTA_GATEWAY).IsEmpty));
        }

        return routes;
    }
}
