using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Fluke6.Command.Metrics;

/// <summary>
/// A meter's figures as Prometheus reads them: the text format 0.0.4, or OpenMetrics 1.0. Names and units as OpenTelemetry's specification
/// says how they
/// become Prometheus's: dots are underscores, units stand at the end, counters end in _total. Any thread.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    /// <summary>The media type of Prometheus's own format.</summary>
    public const string PlainType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The media type of OpenMetrics.</summary>
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<Instrument> _instruments = [];
    private readonly Dictionary<Instrument, List<string>> _samples = [];

    /// <summary>The text of a meter.</summary>
    /// <param name="meter">Whose instruments are all there.</param>
    public PrometheusText(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != meter)
                return;

            _instruments.Add(instrument);
            _samples[instrument] = [];
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Add(instrument, value, labels));
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Add(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Add(instrument, value, labels));
        _listener.Start();
    }

    /// <summary>Asks the instruments, and writes what they say.</summary>
    /// <param name="openMetrics">Whether as OpenMetrics.</param>
    public string Collect(bool openMetrics)
    {
        lock (_lock)
        {
            foreach (List<string> samples in _samples.Values)
                samples.Clear();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (Instrument instrument in _instruments.Where(instrument => _samples[instrument].Count > 0))
                Write(text, instrument, openMetrics);
            return text.Append(openMetrics ? "# EOF\n" : "").ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <summary>What the samples of an instrument are called.</summary>
    public static string SampleNameOf(Instrument instrument) => IsCounter(instrument) ? $"{NameOf(instrument)}_total" : NameOf(instrument);

    private static bool IsCounter(Instrument instrument) => instrument.GetType().GetGenericTypeDefinition() == typeof(ObservableCounter<>);

    // Of what is counted in {frames} the name says so.
    private static string NameOf(Instrument instrument)
    {
        string name = instrument.Name.Replace('.', '_');
        string? unit = UnitOf(instrument);
        return unit is null || name.EndsWith($"_{unit}", StringComparison.Ordinal) ? name : $"{name}_{unit}";
    }

    private static string? UnitOf(Instrument instrument) => instrument.Unit switch
    {
        "By" => "bytes",
        "s" => "seconds",
        _ => null,
    };

    private void Write(StringBuilder text, Instrument instrument, bool openMetrics)
    {
        string name = NameOf(instrument), sample = SampleNameOf(instrument);
        // The family of a counter is called after its sample in the one format, and without _total in the other.
        string family = openMetrics ? name : sample;
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {family} {(IsCounter(instrument) ? "counter" : "gauge")}\n");
        if (openMetrics && UnitOf(instrument) is { } unit)
            text.Append(CultureInfo.InvariantCulture, $"# UNIT {family} {unit}\n");
        text.Append(CultureInfo.InvariantCulture, $"# HELP {family} {Escape(instrument.Description ?? "")}\n");
        foreach (string labelsAndValue in _samples[instrument])
            text.Append(sample).Append(labelsAndValue).Append('\n');
    }

    private void Add<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
        where T : struct, IFormattable
    {
        var text = new StringBuilder();
        foreach ((string name, object? label) in labels)
            text.Append(CultureInfo.InvariantCulture, $"{(text.Length == 0 ? '{' : ',')}{name}=\"{Escape($"{label}")}\"");
        if (text.Length > 0)
            text.Append('}');
        _samples[instrument].Add(text.Append(' ').Append(value.ToString(null, CultureInfo.InvariantCulture)).ToString());
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"",
        StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
