namespace Fluke6.Wire;

/// <summary>The class of a record or question. RFC 1035 §3.2.4.</summary>
public enum DnsClass : ushort
{
    /// <summary>The Internet.</summary>
    Internet = 1,

    /// <summary>Chaos, where servers tell their version.</summary>
    Chaos = 3,

    /// <summary>Any class; in questions only. RFC 1035 §3.2.5.</summary>
    Any = 255,
}
