using System.Text.Json.Serialization;

namespace Fluke6.Snapshots;

/// <summary>Snapshots, events and commands as JSON, by code that was generated when this was compiled.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(BridgeSnapshot))]
[JsonSerializable(typeof(BridgeEvent))]
[JsonSerializable(typeof(ReadyRecord))]
[JsonSerializable(typeof(SnapshotRequest))]
[JsonSerializable(typeof(WatcherCommand))]
[JsonSerializable(typeof(CommandOutcome))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
