namespace Fluke6.Flows;

/// <summary>How far a TCP connection has come, as seen from between its ends. RFC 9293 §3.3.2.</summary>
internal enum TcpState : byte
{
    /// <summary>Not TCP.</summary>
    None,

    /// <summary>A SYN was seen, and not yet the acknowledgment that ends the handshake.</summary>
    SynSeen,

    /// <summary>The handshake is done, or was before the bridge began to look.</summary>
    Established,

    /// <summary>One end sent FIN, or both did and not all is acknowledged.</summary>
    Closing,

    /// <summary>Both ends sent FIN and one acknowledged after that.</summary>
    Closed,

    /// <summary>An RST passed.</summary>
    Reset,
}
