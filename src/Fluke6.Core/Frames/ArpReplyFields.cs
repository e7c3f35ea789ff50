using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>What to say in an ARP reply. RFC 826.</summary>
/// <param name="ProtocolAddress">The IPv4 address that was asked for.</param>
/// <param name="HardwareAddress">The MAC address that it is said to have.</param>
public readonly record struct ArpReplyFields(Ipv4Address ProtocolAddress, MacAddress HardwareAddress);
