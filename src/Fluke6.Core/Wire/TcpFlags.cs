using System.Diagnostics.CodeAnalysis;

namespace Fluke6.Wire;

/// <summary>The control bits of a TCP header, and the reserved ones before them: 12 bits. RFC 9293 §3.1; IANA "TCP Header Flags".</summary>
[Flags]
[SuppressMessage("Naming", "CA1711", Justification = "It is what RFCs call them.")]
public enum TcpFlags : ushort
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>FIN: no more data from the sender.</summary>
    Fin = 0x001,

    /// <summary>SYN: synchronise sequence numbers.</summary>
    Syn = 0x002,

    /// <summary>RST: reset the connection.</summary>
    Rst = 0x004,

    /// <summary>PSH: hand the data on at once.</summary>
    Psh = 0x008,

    /// <summary>ACK: the acknowledgment number counts.</summary>
    Ack = 0x010,

    /// <summary>URG: the urgent pointer counts.</summary>
    Urg = 0x020,

    /// <summary>ECE: ECN-echo. RFC 3168 §6.1.</summary>
    Ece = 0x040,

    /// <summary>CWR: congestion window reduced. RFC 3168 §6.1.</summary>
    Cwr = 0x080,

    /// <summary>AE: accurate ECN, formerly NS. RFC 9768 §3.1.</summary>
    Ae = 0x100,

    /// <summary>The three bits that are reserved. RFC 9293 §3.1: zero in what is sent, ignored in what is received.</summary>
    Reserved = 0xE00,

    /// <summary>All control bits and reserved ones.</summary>
    All = 0xFFF,
}
