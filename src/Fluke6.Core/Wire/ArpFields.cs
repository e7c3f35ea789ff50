using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of an <see cref="ArpPacket"/> for IPv4 over Ethernet. RFC 826.</summary>
/// <param name="Operation">Request or reply.</param>
public readonly record struct ArpFields(ArpOperation Operation) : IHeaderFields
{
    /// <summary>The sender's MAC address.</summary>
    public MacAddress SenderHardwareAddress { get; init; }

    /// <summary>The sender's IPv4 address.</summary>
    public Ipv4Address SenderProtocolAddress { get; init; }

    /// <summary>The MAC address asked for; ignored in a request.</summary>
    public MacAddress TargetHardwareAddress { get; init; }

    /// <summary>The IPv4 address asked for.</summary>
    public Ipv4Address TargetProtocolAddress { get; init; }

    /// <inheritdoc/>
    public int Length => ArpPacket.Length;

    /// <summary>A question: who has <paramref name="target"/>?</summary>
    /// <param name="mac">The asker's MAC address.</param>
    /// <param name="source">The asker's IPv4 address; 0.0.0.0 in a probe. RFC 5227 §2.1.</param>
    /// <param name="target">The address asked for.</param>
    public static ArpFields Request(MacAddress mac, Ipv4Address source, Ipv4Address target) =>
        new(ArpOperation.Request) { SenderHardwareAddress = mac, SenderProtocolAddress = source, TargetProtocolAddress = target };

    /// <summary>An answer: <paramref name="address"/> is at <paramref name="mac"/>. <c>frame.Answer</c> adds whom it goes to.</summary>
    public static ArpFields Reply(Ipv4Address address, MacAddress mac) =>
        new(ArpOperation.Reply) { SenderHardwareAddress = mac, SenderProtocolAddress = address };

    /// <summary>What a packet says.</summary>
    public static ArpFields Read(ArpPacket packet) => new(packet.Operation)
    {
        SenderHardwareAddress = packet.SenderHardwareAddress,
        SenderProtocolAddress = packet.SenderProtocolAddress,
        TargetHardwareAddress = packet.TargetHardwareAddress,
        TargetProtocolAddress = packet.TargetProtocolAddress,
    };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        WriteUInt16BigEndian(destination, 1);                           // Ethernet
        WriteUInt16BigEndian(destination[2..], (ushort)EtherType.Ipv4);
        destination[4] = MacAddress.Length;
        destination[5] = Ipv4Address.Length;
        WriteUInt16BigEndian(destination[6..], (ushort)Operation);
        SenderHardwareAddress.WriteTo(destination[8..]);
        SenderProtocolAddress.WriteTo(destination[14..]);
        TargetHardwareAddress.WriteTo(destination[18..]);
        TargetProtocolAddress.WriteTo(destination[24..]);
    }
}
