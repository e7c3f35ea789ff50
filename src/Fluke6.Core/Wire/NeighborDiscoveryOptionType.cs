namespace Fluke6.Wire;

/// <summary>Options of neighbor discovery messages. IANA "IPv6 Neighbor Discovery Option Formats".</summary>
public enum NeighborDiscoveryOptionType : byte
{
    /// <summary>SLLA: the sender's link-layer address. RFC 4861 §4.6.1.</summary>
    SourceLinkLayerAddress = 1,

    /// <summary>TLLA: the target's link-layer address. RFC 4861 §4.6.1.</summary>
    TargetLinkLayerAddress = 2,

    /// <summary>Prefix information. RFC 4861 §4.6.2.</summary>
    PrefixInformation = 3,

    /// <summary>Redirected header. RFC 4861 §4.6.3.</summary>
    RedirectedHeader = 4,

    /// <summary>MTU. RFC 4861 §4.6.4.</summary>
    Mtu = 5,

    /// <summary>Advertisement interval. RFC 6275 §7.3.</summary>
    AdvertisementInterval = 7,

    /// <summary>Home agent information. RFC 6275 §7.4.</summary>
    HomeAgentInformation = 8,

    /// <summary>Source address list. RFC 3122.</summary>
    SourceAddressList = 9,

    /// <summary>Target address list. RFC 3122.</summary>
    TargetAddressList = 10,

    /// <summary>CGA. RFC 3971 §5.1.</summary>
    CryptographicallyGeneratedAddress = 11,

    /// <summary>RSA signature. RFC 3971 §5.2.</summary>
    RsaSignature = 12,

    /// <summary>Timestamp. RFC 3971 §5.3.1.</summary>
    Timestamp = 13,

    /// <summary>Nonce, also against looped-back solicitations. RFC 3971 §5.3.2, RFC 7527.</summary>
    Nonce = 14,

    /// <summary>Route information. RFC 4191 §2.3.</summary>
    RouteInformation = 24,

    /// <summary>RDNSS: recursive DNS servers. RFC 8106 §5.1.</summary>
    RecursiveDnsServers = 25,

    /// <summary>More router advertisement flags. RFC 5175 §4.</summary>
    FlagsExtension = 26,

    /// <summary>DNSSL: DNS search list. RFC 8106 §5.2.</summary>
    DnsSearchList = 31,

    /// <summary>Address registration. RFC 8505 §4.1.</summary>
    AddressRegistration = 33,

    /// <summary>6LoWPAN context. RFC 6775 §4.2.</summary>
    SixLowpanContext = 34,

    /// <summary>Authoritative border router. RFC 6775 §4.3.</summary>
    AuthoritativeBorderRouter = 35,

    /// <summary>Captive portal. RFC 8910 §2.3.</summary>
    CaptivePortal = 37,

    /// <summary>PREF64: the NAT64 prefix. RFC 8781 §4.</summary>
    Pref64 = 38,

    /// <summary>Encrypted DNS. RFC 9463 §6.</summary>
    EncryptedDns = 144,

    /// <summary>RFC 3692-style experiment 1. RFC 4727 §5.1.3.</summary>
    Experiment1 = 253,

    /// <summary>RFC 3692-style experiment 2. RFC 4727 §5.1.3.</summary>
    Experiment2 = 254,
}
