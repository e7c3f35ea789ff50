using Fluke6.Command.Streams;
using Fluke6.Dashboard;
using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;
using Fluke6.Watching;

namespace Fluke6.Command;

// The watchers of the session's own: the dashboard, or the reports.
internal sealed partial class BridgeSession
{
    private string? ShowDashboard(IReadOnlyList<string> guide)
    {
        // Lines from before must not come upon the screen.
        StandardStreams.Flush();
        var options = new DashboardOptions
        {
            Notices = _capture is null ? _warnings : [.. _warnings, $"capturing to {_capture.Path}; c ends it"],
            Guide = guide,
            LeftShell = HostShells.At(_bridge.Left.Specification),
            RightShell = HostShells.At(_bridge.Right.Specification),
        };
        using var ended = new ManualResetEventSlim();
        var pump = new Thread(() =>
        {
            do
                _publisher.Pump();
            while (!ended.Wait(s_journalInterval));
        })
        { IsBackground = true, Name = "watch" };
        pump.Start();
        string? fault = DashboardScreen.Run(new PublishedBridge(_bridge, _publisher, _control), options, _stop.Token);
        ended.Set();
        pump.Join();
        return fault;
    }

    private void ReportUntilStopped()
    {
        long interval = (long)_arguments.StatisticsInterval.TotalMilliseconds, next = Environment.TickCount64 + interval;
        while (!_stop.Wait(s_journalInterval) && !_bridge.Completion.IsCompleted)
        {
            TellNotes();
            long now = Environment.TickCount64;
            if (now < next)
                continue;

            // After a stop (SIGSTOP, a laptop's lid) those that were missed are not made up for.
            next = now - next < interval ? next + interval : now + interval;
            _report.Statistics(_publisher.Take(_report.Wanted));
        }
    }

    private void Warn(string message)
    {
        _warnings.Add(message);
        StandardStreams.Error.WriteLine($"fluke6: warning: {message}");
    }

    private void TellNotes()
    {
        foreach (BridgeEvent note in _publisher.Pump())
            _report.Note(note);
    }
}
