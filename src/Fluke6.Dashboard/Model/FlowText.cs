using Fluke6.Flows;

namespace Fluke6.Dashboard.Model;

/// <summary>Flows in words.</summary>
internal static class FlowText
{
    /// <summary>How far a connection has come.</summary>
    public static string State(TcpState state) => state switch
    {
        TcpState.None => "",
        TcpState.SynSeen => "syn",
        TcpState.Established => "established",
        _ => $"{state}".ToLowerInvariant(),
    };
}
