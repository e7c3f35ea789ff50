using System.Net.Sockets;
using Fluke6.Bridging;
using Fluke6.Journal;

namespace Fluke6.Command.Metrics;

/// <summary>A bridge's meter and whoever reads it: dotnet-counters always, Prometheus and a collector where somebody asked for
/// them.</summary>
internal sealed class BridgeMetrics : IDisposable
{
    private readonly BridgeMeter _meter;
    private readonly PrometheusText? _text;
    private readonly MetricsServer? _server;
    private readonly OtlpExport? _export;

    private BridgeMetrics(Bridge bridge, Socket? socket)
    {
        _meter = new BridgeMeter(bridge);
        if (socket is not null)
        {
            _text = new PrometheusText(_meter.Meter);
            _server = new MetricsServer(socket, _text);
        }

        _export = OtlpExport.Begin(trouble => bridge.Tell(new LogNote("metrics", trouble)));
    }

    /// <summary>Makes the meter, and tells where it is to be asked for.</summary>
    /// <param name="bridge">The bridge, which forwards.</param>
    /// <param name="socket">Where Prometheus may ask; null for nowhere.</param>
    public static BridgeMetrics Begin(Bridge bridge, Socket? socket)
    {
        if (socket is not null)
            bridge.Tell(new LogNote("metrics", $"http://{socket.LocalEndPoint}/metrics"));
        return new BridgeMetrics(bridge, socket);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _export?.Dispose();
        _server?.Dispose();
        _text?.Dispose();
        _meter.Dispose();
    }
}
