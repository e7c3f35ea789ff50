namespace Fluke6.Wire;

/// <summary>Which way a DHCP message goes: op. RFC 2131 §2.</summary>
public enum Dhcpv4Operation : byte
{
    /// <summary>From a client: BOOTREQUEST.</summary>
    Request = 1,

    /// <summary>From a server: BOOTREPLY.</summary>
    Reply = 2,
}
