using Fluke6.Bridging;
using Fluke6.Command.Streams;
using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Command.Reports;

/// <summary>For a bridge that others talk about: at the end, what the rules logged and how often they hit.</summary>
internal sealed class DemonstrationReport(StandardStream output) : IReport
{
    private readonly List<string> _log = [];

    /// <inheritdoc/>
    public void Ready(IBridge bridge) =>
        output.WriteLine($"Two hosts with a bridge between them: {bridge.Left.Specification} <-> {bridge.Right.Specification}");

    /// <inheritdoc/>
    public void Note(JournalNote note)
    {
        switch (note)
        {
            case LogNote log:
                _log.Add($"  {log.Rule}: {log.Message}");
                break;

            case FaultNote { Fault: var fault }:
                _log.Add($"  FAULT {fault.Rule}{(fault.At is null ? "" : $" at {fault.At}")}: {fault.Message}");
                break;
        }
    }

    /// <inheritdoc/>
    public void Statistics(IBridge bridge)
    {
    }

    /// <inheritdoc/>
    public void End(IBridge bridge)
    {
        if (_log.Count > 0)
            output.WriteLine("What the rules logged:");
        foreach (string line in _log)
            output.WriteLine(line);
        output.WriteLine("The rules' hits:");
        foreach (RuleEntry rule in bridge.Chain.Entries)
            output.WriteLine($"  {rule.Name}: {rule.Counters.Hits:N0} of {rule.Counters.Seen:N0} frames");
        if (bridge.LastCapture is { } capture)
            output.WriteLine($"The {CaptureSummary.Line(capture)}");
    }
}
