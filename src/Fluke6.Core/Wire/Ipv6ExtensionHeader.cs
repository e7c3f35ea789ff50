namespace Fluke6.Wire;

/// <summary>An IPv6 extension header, read and written in place. RFC 8200 §4.</summary>
public readonly ref struct Ipv6ExtensionHeader
{
    /// <summary>Whether this next header value is an extension header that is stepped over on the way to the transport.</summary>
    public static bool IsExtension(IpProtocol protocol) => protocol
        is IpProtocol.HopByHopOptions or IpProtocol.Routing or IpProtocol.Fragment or IpProtocol.DestinationOptions
        or IpProtocol.AuthenticationHeader or IpProtocol.Mobility or IpProtocol.HostIdentity or IpProtocol.Shim6;

    /// <summary>The length of the extension header at the start of <paramref name="octets"/>, in octets; false if it is cut short.</summary>
    internal static bool TryGetLength(ReadOnlySpan<byte> octets, IpProtocol kind, out int length)
    {
        length = 0;
        if (octets.Length < 8)
            return false;

        length = kind switch
        {
            IpProtocol.Fragment => 8,                                           // RFC 8200 §4.5
            IpProtocol.AuthenticationHeader => (octets[1] + 2) * 4,             // RFC 4302 §2.2
            _ => (octets[1] + 1) * 8,                                           // RFC 6564 §4
        };
        return length <= octets.Length;
    }
}
