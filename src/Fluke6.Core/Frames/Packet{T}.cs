using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>A <see cref="Packet"/> whose last header so far is a <typeparamref name="T"/>: what may follow that is offered.</summary>
/// <typeparam name="T">The last header's fields.</typeparam>
public readonly struct Packet<T> : ISpanFormattable
    where T : IHeaderFields
{
    private readonly Packet _packet;

    internal Packet(in Packet packet) => _packet = packet;

    /// <inheritdoc cref="Packet.LinkType"/>
    public LinkType LinkType => _packet.LinkType;

    /// <inheritdoc cref="Packet.Length"/>
    public int Length => _packet.Length;

    /// <summary>The packet as it is so far.</summary>
    public static implicit operator Packet(in Packet<T> packet) => packet._packet;

    /// <inheritdoc cref="Packet.Write"/>
    public int Write(Span<byte> destination) => _packet.Write(destination);

    /// <inheritdoc cref="Packet.ToArray"/>
    public byte[] ToArray() => _packet.ToArray();

    /// <inheritdoc cref="Packet.ToString()"/>
    public override string ToString() => _packet.ToString();

    /// <inheritdoc cref="Packet.ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        _packet.TryFormat(destination, out charsWritten, format, provider);

    /// <summary>Ends the packet with octets that are not looked at.</summary>
    public Packet Payload(ReadOnlySpan<byte> octets) => _packet.WithOctets(octets);

    /// <summary>Ends the packet with another one, which is complete.</summary>
    public Packet Payload(in Packet packet) => _packet.WithPacket(packet);

    internal Packet<TNext> With<TNext>(in TNext fields, PacketLayerKind kind, IpProtocol protocol = default, EtherType etherType = default)
        where TNext : IHeaderFields
        => _packet.With(fields, kind, protocol, etherType);

    /// <summary>The packet as it is so far.</summary>
    internal Packet Value => _packet;
}
