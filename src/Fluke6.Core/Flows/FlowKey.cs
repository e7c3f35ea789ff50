using System.Runtime.CompilerServices;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Flows;

/// <summary>
/// What makes frames one flow, in whichever direction they go: both ends, the protocol, the VLANs. IP packets are told apart by address,
/// protocol and port (ICMP echoes by identifier, other protocols and later fragments by protocol alone), all else by link addresses and
/// EtherType.
/// </summary>
internal readonly struct FlowKey : IEquatable<FlowKey>
{
    // The lower end stands first, so that both directions make the same key.
    private readonly ulong _lowerHigh;
    private readonly ulong _lowerLow;
    private readonly ulong _upperHigh;
    private readonly ulong _upperLow;
    private readonly ulong _kind;       // lower port 16, upper port 16, EtherType 16, protocol 8, family 8
    private readonly ulong _vlans;      // outer tag's identifier 16, inner's 16

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FlowKey(ulong lowerHigh, ulong lowerLow, ulong upperHigh, ulong upperLow, ulong kind, ulong vlans)
    {
        _lowerHigh = lowerHigh;
        _lowerLow = lowerLow;
        _upperHigh = upperHigh;
        _upperLow = upperLow;
        _kind = kind;
        _vlans = vlans;
    }

    /// <summary>What the ends are named by.</summary>
    public FlowFamily Family => (FlowFamily)(byte)_kind;

    /// <summary>The IP protocol; meaningless for <see cref="FlowFamily.Link"/>.</summary>
    public IpProtocol Protocol => (IpProtocol)(byte)(_kind >> 8);

    /// <summary>The EtherType behind any VLAN tags.</summary>
    public EtherType EtherType => (EtherType)(ushort)(_kind >> 16);

    /// <summary>The protocol in words, such as TCP, ICMPv6 or ARP; the number of what has no name here.</summary>
    public string ProtocolName => Family == FlowFamily.Link
        ? EtherType switch
        {
            EtherType.Arp => "ARP",
            _ => Enum.IsDefined(EtherType) ? $"{EtherType}" : $"0x{(ushort)EtherType:x4}",
        }
        : Protocol switch
        {
            IpProtocol.Tcp => "TCP",
            IpProtocol.Udp => "UDP",
            IpProtocol.Icmpv4 => "ICMP",
            IpProtocol.Icmpv6 => "ICMPv6",
            _ => Enum.IsDefined(Protocol) ? $"{Protocol}" : $"{(byte)Protocol}",
        };

    /// <summary>The outermost VLAN tag's identifier; 0 without a tag, or with a tag for priority only.</summary>
    public ushort OuterVlan => (ushort)(_vlans >> 16);

    /// <summary>The second VLAN tag's identifier; 0 if there is none.</summary>
    public ushort InnerVlan => (ushort)_vlans;

    /// <summary>The end with the lower address and port.</summary>
    public FlowEndpoint Lower => new(Family, _lowerHigh, _lowerLow, (ushort)(_kind >> 48));

    /// <summary>The end with the higher address and port.</summary>
    public FlowEndpoint Upper => new(Family, _upperHigh, _upperLow, (ushort)(_kind >> 32));

    /// <summary>The key of frames between two ends.</summary>
    /// <param name="swapped">Whether the source is the upper end.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FlowKey Between(
        (ulong High, ulong Low) source, (ulong High, ulong Low) destination, ushort sourcePort, ushort destinationPort,
        uint kind, uint vlans, out bool swapped)
    {
        swapped = source.High != destination.High ? source.High > destination.High
            : source.Low != destination.Low ? source.Low > destination.Low
            : sourcePort > destinationPort;
        return swapped
            ? new FlowKey(destination.High, destination.Low, source.High, source.Low, Ports(destinationPort, sourcePort) | kind, vlans)
            : new FlowKey(source.High, source.Low, destination.High, destination.Low, Ports(sourcePort, destinationPort) | kind, vlans);
    }

    /// <summary>Protocol, EtherType and family as <see cref="Between"/> takes them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Kind(FlowFamily family, EtherType etherType, IpProtocol protocol) =>
        ((uint)etherType << 16) | ((uint)protocol << 8) | (uint)family;

    /// <summary>
    /// A hash that an attacker who chooses addresses and ports cannot steer without the seed: products of 64 by 64 bits, folded.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint Hash(in FlowSeed seed)
    {
        ulong ends = Mix(_lowerHigh ^ seed.LowerHigh, _lowerLow ^ seed.LowerLow) ^ Mix(_upperHigh ^ seed.UpperHigh, _upperLow ^ seed.UpperLow);
        ulong hash = Mix(ends ^ _kind, _vlans ^ seed.Kind);
        return (uint)(hash ^ (hash >> 32));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(FlowKey other) => Matches(in this, in other);

    /// <summary>Compares without copying either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Matches(in FlowKey a, in FlowKey b) =>
        ((a._lowerHigh ^ b._lowerHigh) | (a._lowerLow ^ b._lowerLow) | (a._upperHigh ^ b._upperHigh) | (a._upperLow ^ b._upperLow)
            | (a._kind ^ b._kind) | (a._vlans ^ b._vlans)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FlowKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_lowerHigh, _lowerLow, _upperHigh, _upperLow, _kind, _vlans);

    /// <summary>Whether both name the same flow.</summary>
    public static bool operator ==(FlowKey left, FlowKey right) => left.Equals(right);

    /// <summary>Whether they name different flows.</summary>
    public static bool operator !=(FlowKey left, FlowKey right) => !left.Equals(right);

    /// <summary>Both ends and the protocol, in no direction.</summary>
    public override string ToString() => $"{Lower} {(Family == FlowFamily.Link ? EtherType.ToString() : Protocol.ToString())} {Upper}";

    private static ulong Ports(ushort lower, ushort upper) => ((ulong)lower << 48) | ((ulong)upper << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}

/// <summary>What makes one process's hashes differ from another's.</summary>
internal readonly struct FlowSeed
{
    public readonly ulong LowerHigh, LowerLow, UpperHigh, UpperLow, Kind;

    public FlowSeed(ReadOnlySpan<ulong> random)
    {
        LowerHigh = random[0];
        LowerLow = random[1];
        UpperHigh = random[2];
        UpperLow = random[3];
        Kind = random[4];
    }
}
