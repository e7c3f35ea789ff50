namespace Fluke6.Wire;

/// <summary>Types of TLS extensions. IANA "TLS ExtensionType Values".</summary>
public enum TlsExtensionType : ushort
{
    /// <summary>The name of the server that is asked for: SNI. RFC 6066 §3.</summary>
    ServerName = 0,

    /// <summary>The longest record. RFC 6066 §4.</summary>
    MaxFragmentLength = 1,

    /// <summary>The client wants to know whether the certificate still holds. RFC 6066 §8.</summary>
    StatusRequest = 5,

    /// <summary>Groups for the key exchange. RFC 8446 §4.2.7.</summary>
    SupportedGroups = 10,

    /// <summary>Formats of points. RFC 8422 §5.1.2.</summary>
    EcPointFormats = 11,

    /// <summary>Algorithms of signatures. RFC 8446 §4.2.3.</summary>
    SignatureAlgorithms = 13,

    /// <summary>The protocols that the client speaks: ALPN. RFC 7301 §3.1.</summary>
    ApplicationProtocols = 16,

    /// <summary>Certificate transparency. RFC 6962 §3.3.1.</summary>
    SignedCertificateTimestamp = 18,

    /// <summary>Zeros. RFC 7685 §3.</summary>
    Padding = 21,

    /// <summary>RFC 7366 §2.</summary>
    EncryptThenMac = 22,

    /// <summary>RFC 7627 §5.1.</summary>
    ExtendedMasterSecret = 23,

    /// <summary>RFC 8879 §3.</summary>
    CompressCertificate = 27,

    /// <summary>The longest record. RFC 8449 §4.</summary>
    RecordSizeLimit = 28,

    /// <summary>RFC 5077 §3.2.</summary>
    SessionTicket = 35,

    /// <summary>Keys of sessions before; the last extension. RFC 8446 §4.2.11.</summary>
    PreSharedKey = 41,

    /// <summary>Data follows at once. RFC 8446 §4.2.10.</summary>
    EarlyData = 42,

    /// <summary>The versions that the client speaks. RFC 8446 §4.2.1.</summary>
    SupportedVersions = 43,

    /// <summary>What the server had the client repeat. RFC 8446 §4.2.2.</summary>
    Cookie = 44,

    /// <summary>RFC 8446 §4.2.9.</summary>
    PskKeyExchangeModes = 45,

    /// <summary>RFC 8446 §4.2.4.</summary>
    CertificateAuthorities = 47,

    /// <summary>RFC 8446 §4.2.6.</summary>
    PostHandshakeAuth = 49,

    /// <summary>RFC 8446 §4.2.3.</summary>
    SignatureAlgorithmsCert = 50,

    /// <summary>The client's halves of key exchanges. RFC 8446 §4.2.8.</summary>
    KeyShare = 51,

    /// <summary>RFC 9001 §8.2.</summary>
    QuicTransportParameters = 57,

    /// <summary>The hello that is meant, encrypted: ECH. RFC 9849.</summary>
    EncryptedClientHello = 65037,

    /// <summary>RFC 5746 §3.2.</summary>
    RenegotiationInfo = 65281,
}
