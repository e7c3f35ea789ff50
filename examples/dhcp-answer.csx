// Be the DHCP server of a network: clients get addresses of a pool, and keep them while they renew. RFC 2131 §4.3, RFC 2132.
// See it:  ./run.sh bridge tap:fluke0 none -r examples/dhcp-answer.csx; ip link set fluke0 up; udhcpc -f -q -n -i fluke0 -s /bin/true, or
//          dhclient -d fluke0, which keeps the address

readonly Ipv4Prefix prefix = Param("prefix", Ipv4Prefix.Parse("10.5.0.0/24"), "the network");
readonly Ipv4Address server = Param("server", Ipv4Address.Parse("10.5.0.1"), "the server's address, which is also the router's");
readonly MacAddress mac = Param("mac", MacAddress.Parse("02:00:00:00:00:06"), "its MAC");
readonly Ipv4Address dns = Param("dns", Ipv4Address.Parse("10.5.0.1"), "the DNS server that clients are told");
readonly uint seconds = Param("seconds", 3600u, "how long an address may be used", 10u, 86_400u * 365);
readonly int first = Param("first", 100, "the pool's first address, counted from the network's", 1, 65_534);
readonly int count = Param("count", 100, "how many addresses it has", 1, 10_000);
readonly Dictionary<Ipv4Address, (string Client, DateTimeOffset Until)> leases = Keep("leases", () => new Dictionary<Ipv4Address, (string, DateTimeOffset)>());
When(Guard.Udp(Dhcpv4Message.ServerPort) | Guard.Arp);

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetArp(out var arp))
        return arp.TargetProtocolAddress == server ? frame.Answer(ArpFields.Reply(server, mac)) : Verdict.Continue;
    if (!frame.TryGetDhcpv4(out var message) || message.Operation != Dhcpv4Operation.Request)
        return Verdict.Continue;

    string client = ClientOf(message);
    Ipv4Address wanted = message.Options.TryGetAddress(Dhcpv4OptionCode.RequestedAddress, out var requested) ? requested : message.ClientAddress;
    bool isForOther = message.Options.TryGetAddress(Dhcpv4OptionCode.ServerIdentifier, out var chosen) && chosen != server;
    switch (message.MessageType)
    {
        case Dhcpv4MessageType.Discover:
            if (Choose(client, wanted) is not { } offered)
                return Verdict.Drop;    // none is left: no offer, RFC 2131 §4.3.1
            leases[offered] = (client, Clock.GetUtcNow().AddMinutes(1));    // until the client takes it
            return Answer(ref frame, Dhcpv4MessageType.Offer, offered);

        case Dhcpv4MessageType.Request when isForOther:
            Free(client, Ipv4Address.Any);
            return Verdict.Drop;

        case Dhcpv4MessageType.Request:
            if (!IsFree(wanted, client))
                return frame.Answer(Dhcpv4Fields.Reply(Dhcpv4MessageType.Nak, Ipv4Address.Any), server, mac);
            Free(client, wanted);
            leases[wanted] = (client, Clock.GetUtcNow().AddSeconds(seconds));
            Log($"{wanted} is {client}'s");
            return Answer(ref frame, Dhcpv4MessageType.Ack, wanted);

        case Dhcpv4MessageType.Inform:
            return Answer(ref frame, Dhcpv4MessageType.Ack, Ipv4Address.Any);

        case Dhcpv4MessageType.Decline when leases.TryGetValue(wanted, out var lease) && lease.Client == client:
            leases[wanted] = ("another host", Clock.GetUtcNow().AddSeconds(seconds));    // which the client has met there
            return Verdict.Drop;

        default:
            if (message.MessageType == Dhcpv4MessageType.Release)
                Free(client, Ipv4Address.Any);
            return Verdict.Drop;
    }
}

Verdict Answer(ref Frame frame, Dhcpv4MessageType type, Ipv4Address address)
{
    Dhcpv4OptionFields[] network =
    [
        Dhcpv4OptionFields.Of(Dhcpv4OptionCode.SubnetMask, new Ipv4Address(uint.MaxValue << (32 - prefix.Length))),
        Dhcpv4OptionFields.Of(Dhcpv4OptionCode.Router, server), Dhcpv4OptionFields.Of(Dhcpv4OptionCode.DomainNameServer, dns),
    ];
    // A client with an address of its own gets no lease: RFC 2131 §4.3.5.
    Dhcpv4OptionFields[] lease = address == Ipv4Address.Any ? [] : [Dhcpv4OptionFields.Of(Dhcpv4OptionCode.LeaseTime, seconds)];
    return frame.Answer(Dhcpv4Fields.Reply(type, address, [.. lease, .. network]), server, mac);
}

// Its own address again, or the one it asks for, or the first that nobody has.
Ipv4Address? Choose(string client, Ipv4Address wanted)
{
    foreach (var (address, lease) in leases)
        if (lease.Client == client && IsFree(address, client))
            return address;
    if (IsFree(wanted, client))
        return wanted;

    for (int i = 0; i < count; i++)
        if (new Ipv4Address(prefix.Address.Value + (uint)(first + i)) is var address && IsFree(address, client))
            return address;
    return null;
}

bool IsFree(Ipv4Address address, string client) =>
    prefix.ContainsHost(address) && address != server && address.Value - prefix.Address.Value - (uint)first < (uint)count
    && (!leases.TryGetValue(address, out var lease) || lease.Client == client || lease.Until < Clock.GetUtcNow());

void Free(string client, Ipv4Address except)
{
    foreach (var (address, lease) in leases)
        if (lease.Client == client && address != except)
            leases.Remove(address);
}

// RFC 2131 §4.2: by its identifier, or else by its link address.
string ClientOf(Dhcpv4Message message) =>
    message.Options.TryGet(Dhcpv4OptionCode.ClientIdentifier, out var identifier) ? Convert.ToHexString(identifier.Data)
    : Convert.ToHexString(message.HardwareAddress);
