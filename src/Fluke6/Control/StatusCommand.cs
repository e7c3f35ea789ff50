using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fluke6.Command.Reports;
using Fluke6.Command.Streams;
using Fluke6.Snapshots;

namespace Fluke6.Command.Control;

/// <summary><c>fluke6 status</c>: what a bridge did so far.</summary>
internal sealed class StatusCommand : ControlCommand
{
    private const int MaxFlows = 1000;
    private const int MaxNeighbors = 64;

    private readonly Option<int> _flows = new("--flows")
    {
        Description = $"How many flows, the last seen ones, to show; at most {MaxFlows:N0}.",
        HelpName = "N",
        DefaultValueFactory = _ => TextReport.DefaultSummaryFlows,
        CustomParser = result => RuleOptions.Whole(result, 0, MaxFlows, $"a whole number from 0 to {MaxFlows:N0}"),
    };

    /// <summary>The command.</summary>
    public StatusCommand()
        : base("status", "Shows the figures of a bridge that runs: its ports, rules, flows and capture.") => Options.Add(_flows);

    /// <inheritdoc/>
    protected override int Run(ControlClient client, ReadyRecord ready, string[] words, ParseResult parsed)
    {
        ControlReply reply = client.Ask(new ControlRequest
        {
            Command = ControlRequest.Snapshot,
            Want = new SnapshotRequest { Flows = parsed.GetValue(_flows), Ledgers = IsJson, Neighbors = MaxNeighbors, Summary = !IsJson },
        });
        if (reply.Snapshot is not { } snapshot)
            throw new CommandFailure(ExitCode.Failed, reply.Message);

        if (IsJson)
        {
            StandardStreams.Output.WriteLine(JsonSerializer.Serialize(snapshot, SnapshotJson.Default.BridgeSnapshot));
            return ExitCode.Done;
        }

        string uptime = TimeSpan.FromSeconds(Math.Floor(snapshot.Uptime)).ToString("c", CultureInfo.InvariantCulture);
        StandardStreams.Output.WriteLine($"{ready.Left} <-> {ready.Right}: up {uptime}, process {ready.Process}, version {ready.Version}");
        foreach (string line in SnapshotText.Lines(snapshot))
            StandardStreams.Output.WriteLine($"  {line}");
        return ExitCode.Done;
    }
}
