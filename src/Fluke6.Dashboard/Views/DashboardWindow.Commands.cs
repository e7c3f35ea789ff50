using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Views;

/// <summary>Asks the bridge to do something; it does not wait for that.</summary>
internal sealed partial class DashboardWindow
{
    // Answers are told in the order of what was asked for, so that the last one stays; a capture's may be long in coming, and holds up no other.
    private Task _told = Task.CompletedTask;

    private void Do(string command, string? rule = null, int places = 0) =>
        Do(new WatcherCommand { Name = command, Rule = rule, Places = places }, outcome => Say(outcome.Message));

    private void Do(WatcherCommand command, Action<CommandOutcome> tell)
    {
        if (_watch.Bridge.IsReadOnly)
        {
            Say("this view changes nothing: it was opened with --read-only");
            return;
        }

        bool isOfCapture = command.Name is WatcherCommand.StartCapture or WatcherCommand.StopCapture;
        Task<CommandOutcome> done = _watch.Bridge.Do(command);
        Task told = Task.WhenAll(isOfCapture ? done : _told, done).ContinueWith(
            _ => App?.Invoke(() => tell(
                done.IsCompletedSuccessfully ? done.Result
                    : new CommandOutcome(false, $"did not work: {done.Exception?.InnerException?.Message}"))),
            CancellationToken.None,
            // On the command's own thread: rules may keep those of the pool.
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        if (!isOfCapture)
            _told = told;
    }

    // A file may take its time to open and to close; the screen does not stand still for it.
    private void ToggleCapture()
    {
        if (_watch.Latest.Capture is { Running: true } running)
        {
            Say("ending the capture");
            // Another watcher's, such as Wireshark's, goes on.
            Do(new WatcherCommand { Name = WatcherCommand.StopCapture, File = running.File }, outcome => Tell(outcome, outcome.Message));
            return;
        }

        Do(new WatcherCommand { Name = WatcherCommand.StartCapture, File = CapturePath() }, outcome => Tell(outcome, $"{outcome.Message}; c ends it"));
    }

    // If a capture already took this second's name, number it instead of overwriting.
    private static string CapturePath()
    {
        string name = $"fluke6-{DateTime.Now:yyyyMMdd-HHmmss}";
        string path = Path.GetFullPath($"{name}.pcapng");
        for (int number = 2; new FileInfo(path) is { Exists: true } or { LinkTarget: not null }; number++)
            path = Path.GetFullPath($"{name}-{number}.pcapng");
        return path;
    }

    private void Tell(CommandOutcome outcome, string done)
    {
        if (outcome.Ok)
            _watch.Log.Add(done);
        Say(outcome.Ok ? done : outcome.Message);
    }
}
