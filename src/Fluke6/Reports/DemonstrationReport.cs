using Fluke6.Command.Streams;
using Fluke6.Snapshots;

namespace Fluke6.Command.Reports;

/// <summary>For a bridge that others talk about: at the end, what the rules logged and how often they hit.</summary>
internal sealed class DemonstrationReport(StandardStream output) : IReport
{
    private readonly List<string> _log = [];

    /// <inheritdoc/>
    public SnapshotRequest Wanted => SnapshotRequest.FiguresAlone;

    /// <inheritdoc/>
    public SnapshotRequest WantedAtEnd => SnapshotRequest.FiguresAlone;

    /// <inheritdoc/>
    public void Ready(ReadyRecord bridge) => output.WriteLine($"Two hosts with a bridge between them: {bridge.Left} <-> {bridge.Right}");

    /// <inheritdoc/>
    public void Note(BridgeEvent note)
    {
        switch (note)
        {
            case LogEvent log:
                _log.Add($"  {log.Rule}: {log.Message}");
                break;

            case FaultEvent fault:
                _log.Add($"  FAULT {fault.Rule}{(fault.At is null ? "" : $" at {fault.At}")}: {fault.Message}");
                break;
        }
    }

    /// <inheritdoc/>
    public void Statistics(BridgeSnapshot snapshot)
    {
    }

    /// <inheritdoc/>
    public void End(BridgeSnapshot snapshot)
    {
        if (_log.Count > 0)
            output.WriteLine("What the rules logged:");
        foreach (string line in _log)
            output.WriteLine(line);
        output.WriteLine("The rules' hits:");
        foreach (RuleRecord rule in snapshot.Rules)
            output.WriteLine($"  {rule.Name}: {rule.Hits:N0} of {rule.Seen:N0} frames");
        if (snapshot.Capture is { } capture)
            output.WriteLine($"The {CaptureSummary.Line(capture)}");
    }
}
