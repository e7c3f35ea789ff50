using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>TLS in TCP. RFC 8446.</summary>
public static class PacketTlsExtensions
{
    /// <summary>A ClientHello, with the records that carry it. RFC 8446 §4.1.2, §5.1.</summary>
    public static Packet TlsClientHello(this Packet<TcpFields> packet, in TlsClientHelloFields message) => packet.Value.WithPart(message);
}
