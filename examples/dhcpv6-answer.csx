// Be the DHCPv6 server of a network: clients get an address, in four messages or in two, and DNS servers. RFC 8415 §18.3, RFC 3646.
// See it:  ./run.sh bridge tap:fluke0 none -r examples/dhcpv6-answer.csx; ip link set fluke0 up; dhclient -6 -d fluke0, or dhclient -6 -S -d fluke0

readonly Ipv6Prefix prefix = Param("prefix", Ipv6Prefix.Parse("2001:db8:5::/64"), "the network");
readonly Ipv6Address[] dns = Param("dns", new[] { Ipv6Address.Parse("2001:db8:5::53") }, "the DNS servers that clients are told");
readonly Ipv6Address server = Param("server", Ipv6Address.Parse("fe80::6"), "the server's link-local address");
readonly MacAddress mac = Param("mac", MacAddress.Parse("02:00:00:00:00:06"), "its MAC, of which its identifier is made");
readonly uint seconds = Param("seconds", 3600u, "how long an address may be used", 10u, 86_400u * 365);
readonly Dictionary<string, int> leases = Keep("leases", () => new Dictionary<string, int>());
const int MaxLeases = 65_536;
When(Guard.Udp(Dhcpv6Message.ServerPort));

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetDhcpv6(out var message))
        return Verdict.Continue;
    while (message.IsRelay)
        if (!message.TryGetRelayed(out message))
            return Verdict.Continue;

    // A message for another server is none of ours: RFC 8415 §16.
    if (!message.Options.TryGet(Dhcpv6OptionCode.ClientIdentifier, out var client) && message.MessageType != Dhcpv6MessageType.InformationRequest
        || message.Options.TryGet(Dhcpv6OptionCode.ServerIdentifier, out var chosen)
            && !chosen.Data.SequenceEqual(Dhcpv6OptionFields.Of(Dhcpv6OptionCode.ServerIdentifier, mac).Data.Span))
        return Verdict.Continue;

    switch (message.MessageType)
    {
        case Dhcpv6MessageType.Solicit when !message.Options.Contains(Dhcpv6OptionCode.RapidCommit):
            return Answer(ref frame, Dhcpv6MessageType.Advertise, Associations(message));

        case Dhcpv6MessageType.Solicit:
            return Answer(ref frame, Dhcpv6MessageType.Reply, [new(Dhcpv6OptionCode.RapidCommit), .. Associations(message)]);

        case Dhcpv6MessageType.Request or Dhcpv6MessageType.Renew or Dhcpv6MessageType.Rebind:
            return Answer(ref frame, Dhcpv6MessageType.Reply, Associations(message));

        case Dhcpv6MessageType.Confirm:
            return Answer(ref frame, Dhcpv6MessageType.Reply, [new Dhcpv6StatusFields(AreOnLink(message) ? Dhcpv6StatusCode.Success : Dhcpv6StatusCode.NotOnLink)]);

        case Dhcpv6MessageType.Release or Dhcpv6MessageType.Decline:
            return Answer(ref frame, Dhcpv6MessageType.Reply, [new Dhcpv6StatusFields(Dhcpv6StatusCode.Success)]);

        case Dhcpv6MessageType.InformationRequest:
            return Answer(ref frame, Dhcpv6MessageType.Reply, []);

        default:
            return Verdict.Continue;
    }
}

Verdict Answer(ref Frame frame, Dhcpv6MessageType type, List<Dhcpv6OptionFields> options) =>
    frame.Answer(new Dhcpv6Fields(type) { Options = [.. options, new Dhcpv6DnsServersFields(dns)] }, server, mac);

// For each association of addresses one address, the same as long as the rule runs; prefixes are not given away.
List<Dhcpv6OptionFields> Associations(Dhcpv6Message message)
{
    List<Dhcpv6OptionFields> answers = [];
    foreach (var option in message.Options)
    {
        if (!option.TryGetAssociation(out var association))
            continue;

        if (association.Code == Dhcpv6OptionCode.IdentityAssociation && AddressOf(message, association.Identifier) is { } address)
            answers.Add(new Dhcpv6AssociationFields(association.Identifier)
            {
                RenewAfter = seconds / 2, RebindAfter = seconds / 5 * 4, Options = [new Dhcpv6AddressFields(address, seconds, seconds)],
            });
        else
            answers.Add(new Dhcpv6AssociationFields(association.Identifier, association.Code)
            {
                Options = [new Dhcpv6StatusFields(association.Code == Dhcpv6OptionCode.PrefixDelegation
                    ? Dhcpv6StatusCode.NoPrefixAvailable : Dhcpv6StatusCode.NoAddressesAvailable)],
            });
    }

    return answers;
}

Ipv6Address? AddressOf(Dhcpv6Message message, uint association)
{
    if (!message.Options.TryGet(Dhcpv6OptionCode.ClientIdentifier, out var client))
        return null;

    string key = $"{Convert.ToHexString(client.Data)}/{association}";
    if (!leases.TryGetValue(key, out int number))
    {
        if (leases.Count >= MaxLeases)
            return null;
        leases[key] = number = leases.Count;
    }

    return prefix.Combine(new Ipv6Address(0, 0x1000UL + (ulong)number));
}

bool AreOnLink(Dhcpv6Message message)
{
    foreach (var option in message.Options)
        if (option.TryGetAssociation(out var association))
            foreach (var inner in association.Options)
                if (inner.TryGetAddress(out var address) && !prefix.Contains(address.Address))
                    return false;
    return true;
}
