namespace Fluke6.Wire;

/// <summary>The fields of <see cref="Dhcpv6DnsServers"/>. RFC 3646 §3.</summary>
/// <param name="Servers">The servers' addresses, the preferred one first.</param>
public readonly record struct Dhcpv6DnsServersFields(FieldList<Ipv6Address> Servers)
{
    /// <summary>The option that it is.</summary>
    public static implicit operator Dhcpv6OptionFields(Dhcpv6DnsServersFields fields)
    {
        byte[] data = new byte[fields.Servers.Count * Ipv6Address.Length];
        for (int i = 0; i < fields.Servers.Count; i++)
            fields.Servers[i].WriteTo(data.AsSpan(i * Ipv6Address.Length));
        return new(Dhcpv6OptionCode.DnsServers, data);
    }

    /// <summary>What an option says.</summary>
    public static Dhcpv6DnsServersFields Read(Dhcpv6DnsServers option)
    {
        var servers = new Ipv6Address[option.Count];
        for (int i = 0; i < servers.Length; i++)
            servers[i] = option[i];
        return new(servers);
    }
}
