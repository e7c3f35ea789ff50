using Fluke6.Captures;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Bridging;

/// <summary>The captures of a bridge, one after the other. Any thread.</summary>
internal sealed class BridgeCapture(Bridge bridge)
{
    private CaptureFile? _last;

    /// <summary>Shows frames to the capture that is being written.</summary>
    public CaptureTap Tap { get; } = new();

    /// <summary>The capture that is being written or, where none is, the one that ended last; null if there never was one.</summary>
    public CaptureFile? Last => Volatile.Read(ref _last);

    /// <summary>Begins a capture: see <see cref="Bridge.StartCapture"/>.</summary>
    public CaptureFile Start(string path, bool overwrite, FileRingSize? files, Func<FrameBuffer, bool>? filter)
    {
        const string Another = "A capture is being written already.";
        if (Tap.Capture is not null)
            throw new InvalidOperationException(Another);

        // No lock: to open a pipe takes until somebody reads it, to close a slow file its time, and the bridge's thread waits for neither.
        var capture = CaptureFile.Create(path, bridge.Left, bridge.Right, bridge.RuleNames, OnFailed, overwrite, files, filter);
        bridge.FastPath.Capture(isRunning: true);
        if (!Tap.TryBegin(capture))
        {
            capture.Dispose();
            throw new InvalidOperationException(Another);
        }

        Volatile.Write(ref _last, capture);
        // It may have failed meanwhile, before it was there to be taken away; or the bridge ended.
        if (capture.Failure is not null)
            End(capture);
        if (bridge.Completion.IsCompleted)
            Stop();
        return capture;
    }

    /// <summary>Ends the capture: see <see cref="Bridge.StopCapture"/>.</summary>
    public CaptureFile? Stop()
    {
        CaptureFile? capture = Tap.Take();
        // Where there is none, another thread may still be at closing the last: whoever ends the program waits for that.
        (capture ?? Last)?.Dispose();
        bridge.FastPath.Capture(Tap.Capture is not null);
        return capture;
    }

    private void End(CaptureFile capture)
    {
        Tap.End(capture);
        bridge.FastPath.Capture(Tap.Capture is not null);
    }

    // The capture's thread, which Stop may be waiting for.
    private void OnFailed(CaptureFile capture)
    {
        End(capture);
        bridge.Journal.Add(new CaptureNote(capture.Path, capture.Failure!, capture.Written));
    }
}
