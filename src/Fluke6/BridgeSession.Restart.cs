using Fluke6.Command.Streams;
using Fluke6.Command.Supervision;
using Fluke6.Journal;

namespace Fluke6.Command;

// The process before this one, and the one after it.
internal sealed partial class BridgeSession
{
    private static readonly TimeSpan s_reliefInterval = TimeSpan.FromSeconds(1);
    private volatile Relief? _relief;

    // Before the first frame: that may end this process, too, and nobody would know of this restart.
    private void TellRestart(string reason)
    {
        Handover received = Handover.Received;
        TimeSpan outage = TimeSpan.FromMilliseconds(Environment.TickCount64 - received.EndedAt);
        _bridge.Tell(new RestartNote(reason, received.Rule, outage, received.Restarts) { At = received.At });
        if (_arguments.Dashboard)
        {
            Begin();
            return;
        }

        _report.Ready(_publisher.Ready());
        TellNotes();
        StandardStreams.Flush();
        _bridge.Start();
        _lifeline.Ready();
        _notifier.Ready(_bridge);
    }

    // A thread of its own, as the dashboard has this session's.
    private void WaitForRelief()
    {
        bool told = false;
        var pool = new PoolThreads();
        while (!_stop.Wait(s_reliefInterval))
        {
            if (pool.Look() is { } blocked)
                _bridge.Tell(new LogNote("rules", blocked));
            if (told || Relief.NeededBy(_bridge) is not { } relief)
                continue;

            told = true;
            if (!_arguments.Supervise)
            {
                _bridge.Tell(new LogNote("rules", $"{relief.Why}; restart the bridge, or let it do so itself with --supervise"));
                continue;
            }

            _relief = relief;
            _stop.Request();
        }
    }
}
