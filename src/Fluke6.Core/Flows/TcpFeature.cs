namespace Fluke6.Flows;

/// <summary>What two TCP ends agree on in their SYNs, or do not.</summary>
internal enum TcpFeature : byte
{
    /// <summary>Selective acknowledgments. RFC 2018 §2.</summary>
    SackPermitted,

    /// <summary>Window scale. RFC 7323 §2.</summary>
    WindowScale,

    /// <summary>Timestamps. RFC 7323 §3.</summary>
    Timestamps,

    /// <summary>Fast open: a cookie, or the wish for one. RFC 7413 §4.1.</summary>
    FastOpen,

    /// <summary>Multipath TCP. RFC 8684 §3.1.</summary>
    Multipath,

    /// <summary>Explicit congestion notification, by flags: ECE and CWR in the SYN, ECE alone in the SYN-ACK. RFC 3168 §6.1.1.</summary>
    Ecn,
}

/// <summary>The features by name.</summary>
internal static class TcpFeatures
{
    /// <summary>All of them, those that stacks use most first.</summary>
    public static IReadOnlyList<TcpFeature> All { get; } =
    [
        TcpFeature.WindowScale, TcpFeature.SackPermitted, TcpFeature.Timestamps, TcpFeature.FastOpen, TcpFeature.Multipath, TcpFeature.Ecn,
    ];

    /// <summary>In words, such as <c>window scale</c>.</summary>
    public static string Name(this TcpFeature feature) => feature switch
    {
        TcpFeature.WindowScale => "window scale",
        TcpFeature.SackPermitted => "SACK permitted",
        TcpFeature.FastOpen => "fast open",
        TcpFeature.Ecn => "ECN",
        _ => feature.ToString().ToLowerInvariant(),
    };
}

/// <summary>In which of the two SYNs something was taken out on the way.</summary>
[Flags]
internal enum TcpStrip : byte
{
    /// <summary>In neither.</summary>
    None = 0,

    /// <summary>The SYN arrived with it and left without.</summary>
    Syn = 1,

    /// <summary>The SYN-ACK arrived with it and left without.</summary>
    SynAck = 2,
}
