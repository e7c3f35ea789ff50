using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>What an ARP packet asks or says. RFC 826.</summary>
public enum ArpOperation : ushort
{
    /// <summary>Who has the target's protocol address?</summary>
    Request = 1,

    /// <summary>The sender has it.</summary>
    Reply = 2,
}

/// <summary>ARP packet for IPv4 over Ethernet, read and written in place. RFC 826.</summary>
public readonly ref struct ArpPacket : ISpanFormattable
{
    /// <summary>Twenty-eight octets.</summary>
    public const int Length = 28;

    private readonly Span<byte> _octets;
    private readonly ChecksumField _none;

    private ArpPacket(Span<byte> octets, EditGuard? guard)
    {
        _octets = octets;
        _none = new ChecksumField(default, ChecksumKind.Absent, guard);
    }

    private Span<byte> Octets => _none.Checked(_octets);

    /// <summary>Hardware address space, 1 for Ethernet. <c>ar$hrd</c>.</summary>
    public ushort HardwareType => ReadUInt16BigEndian(Octets);

    /// <summary>Protocol address space, IPv4's EtherType. <c>ar$pro</c>.</summary>
    public EtherType ProtocolType => (EtherType)ReadUInt16BigEndian(Octets[2..]);

    /// <summary>Octets of a hardware address, 6. <c>ar$hln</c>.</summary>
    public byte HardwareLength => Octets[4];

    /// <summary>Octets of a protocol address, 4. <c>ar$pln</c>.</summary>
    public byte ProtocolLength => Octets[5];

    /// <summary>Request or reply. <c>ar$op</c>.</summary>
    public ArpOperation Operation
    {
        get => (ArpOperation)ReadUInt16BigEndian(Octets[6..]);
        set => _none.Write(Octets, 6, (ushort)value);
    }

    /// <summary>The sender's MAC address. <c>ar$sha</c>.</summary>
    public MacAddress SenderHardwareAddress
    {
        get => MacAddress.Read(Octets[8..]);
        set => Write(8, value);
    }

    /// <summary>The sender's IPv4 address. <c>ar$spa</c>.</summary>
    public Ipv4Address SenderProtocolAddress
    {
        get => Ipv4Address.Read(Octets[14..]);
        set => _none.Write(Octets, 14, value.Value);
    }

    /// <summary>The MAC address asked for; ignored in a request. <c>ar$tha</c>.</summary>
    public MacAddress TargetHardwareAddress
    {
        get => MacAddress.Read(Octets[18..]);
        set => Write(18, value);
    }

    /// <summary>The IPv4 address asked for. <c>ar$tpa</c>.</summary>
    public Ipv4Address TargetProtocolAddress
    {
        get => Ipv4Address.Read(Octets[24..]);
        set => _none.Write(Octets, 24, value.Value);
    }

    /// <summary>The packet at the start of <paramref name="octets"/>; false if cut short or not for IPv4 over Ethernet.</summary>
    public static bool TryRead(Span<byte> octets, out ArpPacket packet, EditGuard? guard = null)
    {
        if (!IsEthernetIpv4(octets))
        {
            packet = default;
            return false;
        }

        packet = new ArpPacket(octets[..Length], guard);
        return true;
    }

    /// <summary>Whether hardware and protocol types and their lengths are those of IPv4 over Ethernet, and no octet is missing.</summary>
    internal static bool IsEthernetIpv4(ReadOnlySpan<byte> octets) =>
        octets.Length >= Length && ReadUInt64BigEndian(octets) >> 16 == 0x0001_0800_0604;

    private void Write(int offset, MacAddress value)
    {
        Span<byte> octets = stackalloc byte[MacAddress.Length];
        value.WriteTo(octets);
        _none.Write(Octets, offset, octets);
    }

    /// <summary>In one line, as tcpdump would print it.</summary>
    public override string ToString() => HeaderText.Of(this);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        HeaderText.Write(ref line, this);
        charsWritten = line.Length;
        return line.Complete;
    }
}
