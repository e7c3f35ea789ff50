namespace Fluke6.Watching;

/// <summary>
/// How much arrives at a port: now, over the last second, and second by second for some minutes. One thread adds; what it made is for all.
/// </summary>
internal sealed class TrafficMeter
{
    /// <summary>How many seconds are kept.</summary>
    public const int Seconds = 240;

    // Of a frame a second, by a clock that is not ours, no single second is sure to have one.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    private readonly Queue<(TimeSpan Time, long Frames, long Bytes)> _window = new();
    private TimeSpan _nextSecond = TimeSpan.FromSeconds(1);
    private TimeSpan _lastFrame = TimeSpan.MinValue;
    private long? _frames;
    private volatile TrafficRates _latest = new(0, 0, false, new double[Seconds]);

    /// <summary>The rates as of the last look. Any thread.</summary>
    public TrafficRates Latest => _latest;

    /// <summary>Takes the port's counters at a time.</summary>
    public void Add(TimeSpan now, long frames, long bytes)
    {
        TrafficRates before = _latest;
        double frameRate = before.FramesPerSecond, bitRate = before.BitsPerSecond;
        while (_window.Count > 1 && now - _window.Peek().Time > TimeSpan.FromSeconds(1.01))
            _window.Dequeue();
        if (_window.TryPeek(out (TimeSpan Time, long Frames, long Bytes) first) && now > first.Time)
        {
            double seconds = (now - first.Time).TotalSeconds;
            frameRate = (frames - first.Frames) / seconds;
            bitRate = (bytes - first.Bytes) * 8 / seconds;
        }

        if (frames > _frames)
            _lastFrame = now;
        _frames = frames;
        _window.Enqueue((now, frames, bytes));
        double[] history = before.History;
        // Others may be reading the one that there is.
        if (now >= _nextSecond)
            history = [.. history];
        for (; now >= _nextSecond; _nextSecond += TimeSpan.FromSeconds(1))
        {
            Array.Copy(history, 1, history, 0, Seconds - 1);
            history[^1] = bitRate;
        }

        _latest = new TrafficRates(frameRate, bitRate, _lastFrame > now - s_pause, history);
    }
}

/// <summary>What arrives at a port. Never changed.</summary>
/// <param name="FramesPerSecond">Over the last second.</param>
/// <param name="BitsPerSecond">Over the last second.</param>
/// <param name="IsFlowing">Whether anything arrived in the last few seconds.</param>
/// <param name="History">Bits of each of the last seconds, the last one last.</param>
internal sealed record TrafficRates(double FramesPerSecond, double BitsPerSecond, bool IsFlowing, double[] History);
