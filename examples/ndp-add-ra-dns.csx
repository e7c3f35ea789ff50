// Add name servers and a search list to router advertisements that have none. RFC 8106 §5.1, §5.2.
// See it:  ./run.sh lab -r examples/ndp-add-ra-dns.csx, then on the right host `rdisc6 eth0`

using static System.Buffers.Binary.BinaryPrimitives;

readonly Ipv6Address[] servers = Param("servers", new[] { Ipv6Address.Parse("2001:db8::53") });
readonly DnsName[] search = Param("search", new[] { DnsName.Parse("test6.example") });
readonly byte[] options = [.. Option(NeighborDiscoveryOptionType.RecursiveDnsServers, servers.SelectMany(Octets)),
    .. Option(NeighborDiscoveryOptionType.DnsSearchList, search.SelectMany(name => name.Octets.ToArray()))];
readonly RouterAdvertisementRecovery recovery = Keep("recovery", () => new RouterAdvertisementRecovery());
AtExit(() => recovery.Send(Send));    // hosts recover: what was added is withdrawn, RFC 8106 §5.1

// Type, length in units of 8 octets, reserved, a lifetime of 1800 seconds; zeros fill up the last unit.
byte[] Option(NeighborDiscoveryOptionType type, IEnumerable<byte> data)
{
    byte[] octets = [(byte)type, 0, 0, 0, 0, 0, 1800 >> 8, 1800 & 0xFF, .. data];
    Array.Resize(ref octets, (octets.Length + 7) / 8 * 8);
    octets[1] = (byte)(octets.Length / 8);
    return octets;
}

byte[] Octets(Ipv6Address address)
{
    byte[] octets = new byte[Ipv6Address.Length];
    address.WriteTo(octets);
    return octets;
}

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetRouterAdvertisement(out var advertisement) || advertisement.Options.IsMalformed
        || advertisement.Options.TryGetRecursiveDnsServers(out _) || advertisement.Options.TryGetDnsSearchList(out _)
        || frame.Payload.Length > 1400)
        return Verdict.Continue;

    Span<byte> payload = stackalloc byte[frame.Payload.Length + options.Length];
    frame.Payload.CopyTo(payload);
    options.CopyTo(payload[frame.Payload.Length..]);
    frame.ReplacePayload(payload);
    recovery.Remember(in frame);
    return Verdict.Continue;
}
