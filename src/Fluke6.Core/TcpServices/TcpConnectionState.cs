namespace Fluke6.TcpServices;

/// <summary>The states of a connection that was opened passively. RFC 9293 §3.3.2.</summary>
public enum TcpConnectionState : byte
{
    /// <summary>Not in use.</summary>
    Closed,

    /// <summary>The SYN was answered; the answer is not acknowledged.</summary>
    SynReceived,

    /// <summary>Data flows both ways.</summary>
    Established,

    /// <summary>The service closed first; its FIN is not acknowledged.</summary>
    FinWait1,

    /// <summary>The service's FIN is acknowledged, the client has not closed.</summary>
    FinWait2,

    /// <summary>The client closed; the service has something left to send.</summary>
    CloseWait,

    /// <summary>Both closed at once; the service's FIN is not acknowledged.</summary>
    Closing,

    /// <summary>The client closed first, and the service after it; its FIN is not acknowledged.</summary>
    LastAck,

    /// <summary>Over; kept so that a FIN that comes again is acknowledged again.</summary>
    TimeWait,
}
