namespace Fluke6.Wire;

/// <summary>ICMPv4 message types. IANA "ICMP Type Numbers".</summary>
public enum Icmpv4Type : byte
{
    /// <summary>Echo reply. RFC 792.</summary>
    EchoReply = 0,

    /// <summary>Destination unreachable. RFC 792.</summary>
    DestinationUnreachable = 3,

    /// <summary>Source quench, deprecated. RFC 792, RFC 6633.</summary>
    SourceQuench = 4,

    /// <summary>Redirect. RFC 792.</summary>
    Redirect = 5,

    /// <summary>Echo. RFC 792.</summary>
    Echo = 8,

    /// <summary>Router advertisement. RFC 1256.</summary>
    RouterAdvertisement = 9,

    /// <summary>Router solicitation. RFC 1256.</summary>
    RouterSolicitation = 10,

    /// <summary>Time exceeded. RFC 792.</summary>
    TimeExceeded = 11,

    /// <summary>Parameter problem. RFC 792.</summary>
    ParameterProblem = 12,

    /// <summary>Timestamp. RFC 792.</summary>
    Timestamp = 13,

    /// <summary>Timestamp reply. RFC 792.</summary>
    TimestampReply = 14,

    /// <summary>Information request, deprecated. RFC 792, RFC 6918.</summary>
    InformationRequest = 15,

    /// <summary>Information reply, deprecated. RFC 792, RFC 6918.</summary>
    InformationReply = 16,

    /// <summary>Address mask request, deprecated. RFC 950, RFC 6918.</summary>
    AddressMaskRequest = 17,

    /// <summary>Address mask reply, deprecated. RFC 950, RFC 6918.</summary>
    AddressMaskReply = 18,

    /// <summary>Photuris. RFC 2521.</summary>
    Photuris = 40,

    /// <summary>Extended echo request. RFC 8335 §2.</summary>
    ExtendedEchoRequest = 42,

    /// <summary>Extended echo reply. RFC 8335 §3.</summary>
    ExtendedEchoReply = 43,
}
