using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Views;

/// <summary>Begins and ends a capture.</summary>
internal sealed partial class DashboardWindow
{
    // A file may take its time to open and to close; the screen does not stand still for it.
    private void ToggleCapture()
    {
        if (_watch.Bridge.Capture is not null)
        {
            Say("ending the capture");
            Task.Run(() =>
            {
                if (_watch.Bridge.StopCapture() is { } ended)
                    App?.Invoke(() => Tell($"capture ended: {CaptureFigures.Of(ended)} in {ended.Path}"));
            });
            return;
        }

        Task.Run(() =>
        {
            string path = CapturePath();
            try
            {
                _watch.Bridge.StartCapture(path, overwrite: false);
                App?.Invoke(() => Tell($"capturing to {path}; c ends it"));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                App?.Invoke(() => Say($"cannot capture to {path}: {exception.Message}"));
            }
        });
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

    private void Tell(string message)
    {
        _watch.Log.Add(message);
        Say(message);
    }
}
