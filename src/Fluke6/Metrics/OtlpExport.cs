using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Fluke6.Command.Metrics;

/// <summary>
/// Sends the meter to an OpenTelemetry collector, where the standard variables of the environment name one; the library is loaded only
/// then. Whatever the
/// specification lets variables say (protocol, headers, interval, service name) is the library's.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    private static readonly string[] s_variables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];
    private static readonly TimeSpan s_lastSending = TimeSpan.FromMilliseconds(500);
    private readonly Task<MeterProvider> _provider;

    private OtlpExport(Task<MeterProvider> provider) => _provider = provider;

    /// <summary>Begins to send, if somebody is to be sent to.</summary>
    /// <returns>Null if not.</returns>
    public static OtlpExport? Begin() =>
        s_variables.All(name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
        || string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        || Environment.GetEnvironmentVariable("OTEL_METRICS_EXPORTER") == "none"
            // To load the library takes a while, and nobody waits for it.
            ? null : new OtlpExport(Task.Run(Build));

    /// <summary>Sends the last figures, if the collector takes them soon.</summary>
    public void Dispose()
    {
        if (_provider.IsCompletedSuccessfully)
            _provider.Result.Shutdown((int)s_lastSending.TotalMilliseconds);
    }

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say otherwise if they are there: the last detector wins.
    private static MeterProvider Build() => Sdk.CreateMeterProviderBuilder()
        .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("fluke6").AddTelemetrySdk().AddEnvironmentVariableDetector())
        .AddMeter(BridgeMeter.Name).AddOtlpExporter().Build();
}
