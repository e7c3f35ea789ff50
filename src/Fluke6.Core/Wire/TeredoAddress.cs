namespace Fluke6.Wire;

/// <summary>What an address in 2001::/32 says. RFC 4380 §4: prefix, server, flags, and inverted the client's port and address.</summary>
/// <param name="Server">The IPv4 address of the client's Teredo server.</param>
/// <param name="Flags">The top bit says that the client is behind a cone NAT; others are random. RFC 5991 §3.</param>
/// <param name="Port">The UDP port that the client's NAT maps it to, as it is: the address holds its bits inverted.</param>
/// <param name="Client">The IPv4 address that the client's NAT maps it to, as it is: the address holds its bits inverted.</param>
public readonly record struct TeredoAddress(Ipv4Address Server, ushort Flags, ushort Port, Ipv4Address Client)
{
    private const uint Prefix = 0x2001_0000;
    private const ushort ConeFlag = 0x8000;

    /// <summary>Whether the client said that it is behind a cone NAT. RFC 5991 §3.1 deprecates that.</summary>
    public bool IsCone => (Flags & ConeFlag) != 0;

    /// <summary>Whether an address is in 2001::/32.</summary>
    public static bool IsTeredo(Ipv6Address address) => address.NetworkPrefix >> 32 == Prefix;

    /// <summary>Takes an address apart; false if it is not in 2001::/32.</summary>
    public static bool TryParse(Ipv6Address address, out TeredoAddress teredo)
    {
        ulong identifier = address.InterfaceIdentifier;
        bool isTeredo = IsTeredo(address);
        teredo = isTeredo
            ? new TeredoAddress(
                new Ipv4Address((uint)address.NetworkPrefix), (ushort)(identifier >> 48), (ushort)~(identifier >> 32),
                new Ipv4Address(~(uint)identifier))
            : default;
        return isTeredo;
    }

    /// <summary>Puts the address together.</summary>
    public Ipv6Address ToIpv6Address() => new(
        ((ulong)Prefix << 32) | Server.Value,
        ((ulong)Flags << 48) | ((ulong)(ushort)~Port << 32) | ~Client.Value);
}
