namespace Fluke6.Frames;

/// <summary>What a flow's ends are named by.</summary>
public enum FlowFamily : byte
{
    /// <summary>Link addresses: what is not IP, or is too short to tell.</summary>
    Link,

    /// <summary>IPv4 addresses.</summary>
    Ipv4,

    /// <summary>IPv6 addresses.</summary>
    Ipv6,
}
