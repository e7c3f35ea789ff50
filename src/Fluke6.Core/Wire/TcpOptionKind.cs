namespace Fluke6.Wire;

/// <summary>TCP options that stacks send. IANA "TCP Option Kind Numbers".</summary>
public enum TcpOptionKind : byte
{
    /// <summary>Ends the list; one octet. RFC 9293 §3.2.</summary>
    EndOfList = 0,

    /// <summary>NOP: padding; one octet. RFC 9293 §3.2.</summary>
    NoOperation = 1,

    /// <summary>MSS: the largest segment that the sender of a SYN takes. RFC 9293 §3.7.1.</summary>
    MaximumSegmentSize = 2,

    /// <summary>Window scale: a shift count, 0 to 14, in SYNs. RFC 7323 §2.2.</summary>
    WindowScale = 3,

    /// <summary>SACK-permitted, in SYNs. RFC 2018 §2.</summary>
    SackPermitted = 4,

    /// <summary>SACK: blocks received out of order. RFC 2018 §3.</summary>
    Sack = 5,

    /// <summary>Timestamps: value and echo reply. RFC 7323 §3.2.</summary>
    Timestamps = 8,

    /// <summary>MD5 signature. RFC 2385.</summary>
    Md5Signature = 19,

    /// <summary>Quick-start response. RFC 4782 §4.</summary>
    QuickStartResponse = 27,

    /// <summary>User timeout. RFC 5482 §2.</summary>
    UserTimeout = 28,

    /// <summary>TCP-AO, authentication. RFC 5925 §2.2.</summary>
    Authentication = 29,

    /// <summary>Multipath TCP. RFC 8684 §3.</summary>
    Multipath = 30,

    /// <summary>Fast open cookie. RFC 7413 §4.1.1.</summary>
    FastOpen = 34,

    /// <summary>TCP-ENO, encryption negotiation. RFC 8547 §4.1.</summary>
    EncryptionNegotiation = 69,

    /// <summary>Accurate ECN, order 0. RFC 9768 §3.2.3.</summary>
    AccurateEcn0 = 172,

    /// <summary>Accurate ECN, order 1. RFC 9768 §3.2.3.</summary>
    AccurateEcn1 = 174,

    /// <summary>RFC 3692-style experiment 1. RFC 4727 §3.4, RFC 6994.</summary>
    Experiment1 = 253,

    /// <summary>RFC 3692-style experiment 2. RFC 4727 §3.4, RFC 6994.</summary>
    Experiment2 = 254,
}
