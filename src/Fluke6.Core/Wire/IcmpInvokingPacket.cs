namespace Fluke6.Wire;

/// <summary>The packet inside an ICMP error.</summary>
internal static class IcmpInvokingPacket
{
    /// <summary>Leaves out the extensions behind the packet. RFC 4884 §5.1: a length of 0 says that there are none.</summary>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> data, int length) =>
        length == 0 || length > data.Length ? data : data[..length];
}
