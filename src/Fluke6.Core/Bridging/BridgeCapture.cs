using Fluke6.Captures;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Bridging;

/// <summary>The captures of a bridge: several at once, each of its own frames. Any thread.</summary>
internal sealed class BridgeCapture(Bridge bridge)
{
    private readonly Lock _lock = new();
    private readonly List<CaptureFile> _open = [];     // also those that another thread is at closing
    private CaptureFile? _last;

    /// <summary>Shows frames to the captures that are being written.</summary>
    public CaptureTap Tap { get; } = new();

    /// <summary>Of the captures that are being written, the one that began last; where none is, the one that ended last; null if there never was one.</summary>
    public CaptureFile? Last => Tap.Captures is [.., var running] ? running : Volatile.Read(ref _last);

    /// <summary>Begins a capture: see <see cref="Bridge.StartCapture"/>.</summary>
    public CaptureFile Start(string path, bool overwrite, FileRingSize? files, Func<FrameBuffer, bool>? filter, CaptureLimit? limit)
    {
        // The blocks of two would mix, in a pipe, too.
        if (Tap.Captures.Any(other => other.Path == path))
            throw new InvalidOperationException("Another capture is being written there.");

        // No lock: to open a pipe takes until somebody reads it, to close a slow file its time, and the bridge's thread waits for neither.
        var capture = CaptureFile.Create(path, bridge.Left, bridge.Right, bridge.RuleNames, OnEnded, overwrite, files, filter, limit);
        lock (_lock)
            _open.Add(capture);
        if (!Tap.TryBegin(capture))
        {
            Close(capture);
            throw new InvalidOperationException($"{CaptureTap.Most} captures are being written: end one of them first.");
        }

        Volatile.Write(ref _last, capture);
        TellFastPath();
        // It may have ended by itself meanwhile, before it was there to be taken away; or the bridge ended.
        if (capture.HasEnded)
            End(capture);
        if (bridge.Completion.IsCompleted)
            Stop(capture.Path);
        return capture;
    }

    /// <summary>Ends captures: see <see cref="Bridge.StopCapture"/>.</summary>
    public IReadOnlyList<CaptureFile> Stop(string? path)
    {
        CaptureFile[] open;
        lock (_lock)
            open = [.. _open.Where(capture => path is null || capture.Path == path)];
        CaptureFile[] ended = [.. open.Where(End)];
        // Whoever ends the program waits for those, too, that another thread is at closing.
        foreach (CaptureFile capture in open)
            Close(capture);
        return ended;
    }

    private bool End(CaptureFile capture)
    {
        bool ended = Tap.End(capture);
        if (ended)
            Volatile.Write(ref _last, capture);
        TellFastPath();
        return ended;
    }

    private void Close(CaptureFile capture)
    {
        capture.Dispose();
        Forget(capture);
    }

    private void Forget(CaptureFile capture)
    {
        lock (_lock)
            _open.Remove(capture);
    }

    // The capture's thread, which Stop may be waiting for. Its file is closed.
    private void OnEnded(CaptureFile capture)
    {
        End(capture);
        Forget(capture);
        bridge.Journal.Add(new CaptureNote(capture.Path, capture.Failure, capture.Written));
    }

    private void TellFastPath()
    {
        // One after the other: whoever says it last has seen what all before did.
        lock (_lock)
            bridge.FastPath.Capture(Tap.Captures.Count > 0);
    }
}
