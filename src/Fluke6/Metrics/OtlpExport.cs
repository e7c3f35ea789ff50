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

    // Ends it, within so many milliseconds. Not the library's own type: that would load the library for every bridge.
    private readonly Task<Func<int, bool>> _shutdown;

    private OtlpExport(Task<Func<int, bool>> shutdown) => _shutdown = shutdown;

    /// <summary>Begins to send, if somebody is to be sent to.</summary>
    /// <param name="tell">Told, on another thread, why nothing can be sent.</param>
    /// <returns>Null if not.</returns>
    public static OtlpExport? Begin(Action<string> tell)
    {
        if (s_variables.All(name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
            || string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
            || Environment.GetEnvironmentVariable("OTEL_METRICS_EXPORTER") == "none")
        {
            return null;
        }

        // To load the library takes a while, and nobody waits for it.
        Task<Func<int, bool>> shutdown = Task.Run(Build);
        shutdown.ContinueWith(failed => tell($"nothing is sent to the collector: {failed.Exception!.InnerException!.Message}"),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return new OtlpExport(shutdown);
    }

    /// <summary>Sends the last figures, if the collector takes them soon.</summary>
    public void Dispose()
    {
        if (_shutdown.IsCompletedSuccessfully)
            _shutdown.Result((int)s_lastSending.TotalMilliseconds);
    }

    private static Func<int, bool> Build()
    {
        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say otherwise if they are there: the last detector wins.
        MeterProvider provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("fluke6").AddTelemetrySdk().AddEnvironmentVariableDetector())
            .AddMeter(BridgeMeter.Name).AddOtlpExporter().Build();
        return milliseconds => provider.Shutdown(milliseconds);
    }
}
