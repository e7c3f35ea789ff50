using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Rules;

/// <summary>Whether a named guard holds.</summary>
internal enum GuardAnswer
{
    /// <summary>It does not.</summary>
    No,

    /// <summary>It does.</summary>
    Yes,

    /// <summary>A header is not there to be read that it would need.</summary>
    Unknown,
}

/// <summary>
/// The checks of named guards. They are inlined into the guard's own code, in two forms: see <see cref="GuardCode"/>. <c>isRead</c> is a number there, whether all
/// headers were read, so that nothing is unknown.
/// </summary>
internal static class GuardAnswers
{
    private const MethodImplOptions Inlined = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inlined)]
    public static GuardAnswer Never(FrameBuffer frame, in Layers layers, bool isRead) => GuardAnswer.No;

    [MethodImpl(Inlined)]
    public static GuardAnswer From(FrameBuffer frame, in Layers layers, bool isRead, int side) => YesIf((int)frame.From == side);

    [MethodImpl(Inlined)]
    public static GuardAnswer EtherType(FrameBuffer frame, in Layers layers, bool isRead, int type) =>
        (int)layers.EtherType == type ? GuardAnswer.Yes : UnknownIf(!isRead && layers.StoppedAt is LayerStop.Runt or LayerStop.VlanTag);

    [MethodImpl(Inlined)]
    public static GuardAnswer VlanTag(FrameBuffer frame, in Layers layers, bool isRead) =>
        layers.VlanTags > 0 ? GuardAnswer.Yes : UnknownIf(!isRead && layers.StoppedAt is LayerStop.Runt or LayerStop.VlanTag);

    [MethodImpl(Inlined)]
    public static GuardAnswer Protocol(FrameBuffer frame, in Layers layers, bool isRead, int protocol) =>
        IsIp(layers) && (int)layers.NextProtocol == protocol ? GuardAnswer.Yes : Unread(layers, isRead, protocol);

    [MethodImpl(Inlined)]
    public static GuardAnswer TcpFlags(FrameBuffer frame, in Layers layers, bool isRead, int flags) =>
        layers.Transport == IpProtocol.Tcp
            ? YesIf((ReadUInt16BigEndian(Header(frame, layers.TransportOffset + 12, 2)) & flags) != 0)
            : Unread(layers, isRead, (int)IpProtocol.Tcp);

    [MethodImpl(Inlined)]
    public static GuardAnswer Port(FrameBuffer frame, in Layers layers, bool isRead, int protocol, int port)
    {
        if ((int)layers.Transport != protocol)
            return Unread(layers, isRead, protocol);

        uint ports = ReadUInt32BigEndian(Header(frame, layers.TransportOffset, 4));
        return YesIf(ports >> 16 == port | (ports & 0xFFFF) == port);
    }

    [MethodImpl(Inlined)]
    public static GuardAnswer Icmp(FrameBuffer frame, in Layers layers, bool isRead, int protocol, int type) =>
        (int)layers.Transport == protocol ? YesIf(Header(frame, layers.TransportOffset, 1)[0] == type) : Unread(layers, isRead, protocol);

    [MethodImpl(Inlined)]
    public static GuardAnswer Ipv4Address(FrameBuffer frame, in Layers layers, bool isRead, int prefix, int mask)
    {
        if (layers.Network != Wire.EtherType.Ipv4)
            return Unread(layers, isRead, Wire.EtherType.Ipv4);

        ulong addresses = ReadUInt64BigEndian(Header(frame, layers.NetworkOffset + 12, 8));
        return YesIf(((int)(addresses >> 32) & mask) == prefix | ((int)addresses & mask) == prefix);
    }

    [MethodImpl(Inlined)]
    public static GuardAnswer Ipv6Address(FrameBuffer frame, in Layers layers, bool isRead, long prefix, long identifier, long prefixMask, long identifierMask)
    {
        if (layers.Network != Wire.EtherType.Ipv6)
            return Unread(layers, isRead, Wire.EtherType.Ipv6);

        ReadOnlySpan<byte> addresses = Header(frame, layers.NetworkOffset + 8, 32);
        return YesIf(
            ((ReadInt64BigEndian(addresses) & prefixMask) == prefix & (ReadInt64BigEndian(addresses[8..]) & identifierMask) == identifier)
            | ((ReadInt64BigEndian(addresses[16..]) & prefixMask) == prefix & (ReadInt64BigEndian(addresses[24..]) & identifierMask) == identifier));
    }

    [MethodImpl(Inlined)]
    public static GuardAnswer Fragment(FrameBuffer frame, in Layers layers, bool isRead) =>
        layers.IsFragment ? GuardAnswer.Yes : UnknownIf(!isRead && (IsUnread(layers) || layers.StoppedAt == LayerStop.ExtensionHeader));

    [MethodImpl(Inlined)]
    public static GuardAnswer ExtensionHeader(FrameBuffer frame, in Layers layers, bool isRead) =>
        layers.Network == Wire.EtherType.Ipv6
            ? YesIf(Ipv6ExtensionHeader.IsExtension((IpProtocol)Header(frame, layers.NetworkOffset + 6, 1)[0]))
            : Unread(layers, isRead, Wire.EtherType.Ipv6);

    [MethodImpl(Inlined)]
    public static GuardAnswer Teredo(FrameBuffer frame, in Layers layers, bool isRead)
    {
        if (layers.Network != Wire.EtherType.Ipv4)
            return Unread(layers, isRead, Wire.EtherType.Ipv4);
        return layers.Transport == IpProtocol.Udp ? YesIf(HoldsTeredo(frame, layers)) : Unread(layers, isRead, (int)IpProtocol.Udp);
    }

    [MethodImpl(Inlined)]
    public static GuardAnswer Inner(FrameBuffer frame, in Layers layers, bool isRead) => YesIf(layers.Transport != IpProtocol.Tcp && Carries(frame, layers));

    [MethodImpl(Inlined)]
    public static GuardAnswer Released(FrameBuffer frame, in Layers layers, bool isRead, long rules) => YesIf((frame.ReleasedBy & (ulong)rules) != 0);

    private static bool HoldsTeredo(FrameBuffer frame, in Layers layers)
    {
        ReadOnlySpan<byte> ports = frame.Octets[layers.TransportOffset..], payload = frame.Octets[layers.PayloadOffset..layers.PayloadEnd];
        return ReadUInt16BigEndian(ports) == TeredoPacket.Port || ReadUInt16BigEndian(ports[2..]) == TeredoPacket.Port
            || (payload.Length >= Ipv6Header.Length && payload[0] >> 4 == 6
                && (TeredoAddress.IsTeredo(Wire.Ipv6Address.Read(payload[8..])) || TeredoAddress.IsTeredo(Wire.Ipv6Address.Read(payload[24..]))));
    }

    // One that cannot be read counts as not understood, for which the rule has to ask for it.
    private static bool Carries(FrameBuffer frame, in Layers layers) =>
        Encapsulation.TryFind(frame.Octets, layers, out Encapsulation found) || found.IsUnreadable;

    // A header was read in full before: what is asked for begins within the buffer, and so ends there, too.
    [MethodImpl(Inlined)]
    private static ReadOnlySpan<byte> Header(FrameBuffer frame, int offset, int length) =>
        MemoryMarshal.CreateReadOnlySpan(ref frame.Array[frame.Start + offset], length);

    [MethodImpl(Inlined)]
    private static GuardAnswer YesIf(bool holds) => holds ? GuardAnswer.Yes : GuardAnswer.No;

    [MethodImpl(Inlined)]
    private static GuardAnswer UnknownIf(bool isUnknown) => isUnknown ? GuardAnswer.Unknown : GuardAnswer.No;

    [MethodImpl(Inlined)]
    private static bool IsIp(in Layers layers) => layers.Network is Wire.EtherType.Ipv4 or Wire.EtherType.Ipv6;

    /// <summary>The answer where a transport header of this protocol was not read.</summary>
    [MethodImpl(Inlined)]
    private static GuardAnswer Unread(in Layers layers, bool isRead, int protocol) =>
        isRead || layers.StoppedAt is LayerStop.Complete or LayerStop.UnknownProtocol ? GuardAnswer.No : UnreadInFull(layers, protocol);

    private static GuardAnswer UnreadInFull(in Layers layers, int protocol) => layers.StoppedAt switch
    {
        LayerStop.ExtensionHeader => GuardAnswer.Unknown,
        // In a fragment, extension headers may be part of what is fragmented.
        LayerStop.LaterFragment or LayerStop.TransportHeader =>
            UnknownIf((int)layers.NextProtocol == protocol || Ipv6ExtensionHeader.IsExtension(layers.NextProtocol)),
        _ => UnknownIf(IsUnread(layers)),
    };

    /// <summary>The answer where no network header of this type was read.</summary>
    [MethodImpl(Inlined)]
    private static GuardAnswer Unread(in Layers layers, bool isRead, EtherType network) =>
        isRead || layers.Network != Wire.EtherType.None ? GuardAnswer.No : UnreadInFull(layers, network);

    private static GuardAnswer UnreadInFull(in Layers layers, EtherType network) =>
        UnknownIf(IsUnread(layers) && layers.EtherType is var type && (type == network || type == Wire.EtherType.None));

    /// <summary>Whether there may be an IP header that could not be read.</summary>
    private static bool IsUnread(in Layers layers) => layers.StoppedAt is LayerStop.Runt or LayerStop.VlanTag
        || (layers.StoppedAt == LayerStop.NetworkHeader && layers.EtherType is Wire.EtherType.Ipv4 or Wire.EtherType.Ipv6);
}
