namespace Fluke6.Wire;

/// <summary>IPv4 options: copied flag, class and number in one octet. IANA "IP Option Numbers".</summary>
public enum Ipv4OptionKind : byte
{
    /// <summary>Ends the list; one octet. RFC 791 §3.1.</summary>
    EndOfList = 0,

    /// <summary>NOP: padding; one octet. RFC 791 §3.1.</summary>
    NoOperation = 1,

    /// <summary>Record route. RFC 791 §3.1.</summary>
    RecordRoute = 7,

    /// <summary>MTU probe, obsolete. RFC 1063.</summary>
    MtuProbe = 11,

    /// <summary>MTU reply, obsolete. RFC 1063.</summary>
    MtuReply = 12,

    /// <summary>Quick-start. RFC 4782 §3.1.</summary>
    QuickStart = 25,

    /// <summary>RFC 3692-style experiment, not copied, class control. RFC 4727 §2.2.</summary>
    Experiment30 = 30,

    /// <summary>Internet timestamp. RFC 791 §3.1.</summary>
    Timestamp = 68,

    /// <summary>Traceroute, obsolete. RFC 1393.</summary>
    Traceroute = 82,

    /// <summary>RFC 3692-style experiment, not copied, class measurement. RFC 4727 §2.2.</summary>
    Experiment94 = 94,

    /// <summary>Security. RFC 1108.</summary>
    Security = 130,

    /// <summary>Loose source and record route, LSRR. RFC 791 §3.1.</summary>
    LooseSourceRoute = 131,

    /// <summary>Extended security. RFC 1108.</summary>
    ExtendedSecurity = 133,

    /// <summary>Commercial security, CIPSO. FIPS 188.</summary>
    CommercialSecurity = 134,

    /// <summary>Stream identifier, obsolete. RFC 791 §3.1.</summary>
    StreamIdentifier = 136,

    /// <summary>Strict source and record route, SSRR. RFC 791 §3.1.</summary>
    StrictSourceRoute = 137,

    /// <summary>Router alert. RFC 2113 §2.1.</summary>
    RouterAlert = 148,

    /// <summary>RFC 3692-style experiment, copied, class control. RFC 4727 §2.2.</summary>
    Experiment158 = 158,

    /// <summary>RFC 3692-style experiment, copied, class measurement. RFC 4727 §2.2.</summary>
    Experiment222 = 222,
}
