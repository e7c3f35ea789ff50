using Fluke6.Captures;
using Fluke6.Command.Streams;
using Fluke6.Command.Supervision;
using Fluke6.Frames;
using Tmds.Linux;

namespace Fluke6.Command;

// The capture that the user asked for with the bridge.
internal sealed partial class BridgeSession
{
    private static readonly TimeSpan s_openPatience = TimeSpan.FromSeconds(1);

    // After the rules are known to compile, so that a mistake in one does not cost an earlier capture; before the first frame.
    private void StartCapture()
    {
        if (CapturePath() is not { } path)
            return;

        Func<FrameBuffer, bool>? filter = _arguments.CaptureFilter is { } text ? CaptureFilter.Compile(text, _bridge.Left.LinkType) : null;
        // To open a pipe takes until somebody reads it. On a thread of its own: rules may keep those of the pool.
        Task<CaptureFile> opening = Task.Factory.StartNew(
            () => _bridge.StartCapture(path, files: _arguments.CaptureRing, filter: filter, limit: _arguments.CaptureLimit),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            if (Task.WaitAny([opening], s_openPatience) < 0)
                StandardStreams.Error.WriteLine($"fluke6: waiting for somebody to read {path}");
            _capture = opening.WaitAsync(_stop.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new CommandFailure(ExitCode.Failed, $"stopped before anybody read {path}: no frame was forwarded");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                exception is UnauthorizedAccessException ? ExitCode.NoPermission : ExitCode.Failed,
                $"cannot capture to {path}: {exception.Message.TrimEnd('.')}; name a file that can be written with --capture");
        }
    }

    // The capture of the bridge before is not to be overwritten, and a pipe has lost the reader who waited for its beginning.
    private string? CapturePath()
    {
        // A ring goes on in its next file.
        if (_arguments.Capture is not { } path || _arguments.CaptureRing is not null || Handover.Received.Restarts == 0 || !Path.Exists(path))
            return _arguments.Capture;

        if (KindOf(path) != LibC.S_IFREG)
        {
            Warn($"the bridge was restarted, and nobody may read {path} any more, so the capture does not go on");
            return null;
        }

        string stem = Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path));
        string next = Enumerable.Range(2, int.MaxValue - 2).Select(number => $"{stem}-{number}{Path.GetExtension(path)}").First(name => !Path.Exists(name));
        Warn($"the bridge was restarted, so the capture goes on in {next}");
        return next;
    }

    // Such as S_IFREG; 0 if there is nothing.
    private static unsafe mode_t KindOf(string path)
    {
        stat status;
        fixed (byte* octets = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
            return LibC.stat(octets, &status) == 0 ? status.st_mode & LibC.S_IFMT : default;
    }
}
