using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fluke6.Command.Streams;
using Fluke6.Snapshots;

namespace Fluke6.Command.Reports;

/// <summary>One JSON object a line on standard output, and nothing else there. The field names are documented in the README and stay.</summary>
/// <param name="output">Where to.</param>
/// <param name="flows">How many flows stand in each stats object; without any, it has no table of flows.</param>
internal sealed class JsonReport(StandardStream output, int flows) : IReport
{
    private const int MaxNeighbors = 64;
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <inheritdoc/>
    public SnapshotRequest Wanted { get; } = new() { Flows = flows, Ledgers = true, Neighbors = MaxNeighbors };

    /// <inheritdoc/>
    public SnapshotRequest WantedAtEnd => Wanted;

    /// <inheritdoc/>
    public void Ready(ReadyRecord bridge) => Write(bridge, SnapshotJson.Default.ReadyRecord);

    /// <inheritdoc/>
    public void Note(BridgeEvent note) => Write(note, SnapshotJson.Default.BridgeEvent);

    /// <inheritdoc/>
    public void Statistics(BridgeSnapshot snapshot) => Write(snapshot, SnapshotJson.Default.BridgeSnapshot);

    /// <inheritdoc/>
    public void End(BridgeSnapshot snapshot) => Statistics(snapshot);

    private void Write<T>(T value, JsonTypeInfo<T> type)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
            JsonSerializer.Serialize(json, value, type);
        _line.Write("\n"u8);
        output.Write(_line.WrittenSpan);
    }
}
