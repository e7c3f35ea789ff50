namespace Fluke6.Dashboard.Model;

/// <summary>How much arrives at a port: now, over the last second, and second by second for some minutes.</summary>
internal sealed class Traffic
{
    /// <summary>How many seconds are kept.</summary>
    public const int Seconds = 240;

    // Of a frame a second, by a clock that is not ours, no single second is sure to have one.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    private const string Blocks = " ▁▂▃▄▅▆▇█";
    private readonly double[] _history = new double[Seconds];
    private readonly Queue<(TimeSpan Time, long Frames, long Bytes)> _window = new();
    private TimeSpan _nextSecond = TimeSpan.FromSeconds(1);
    private TimeSpan _lastFrame = TimeSpan.MinValue;
    private long? _frames;

    /// <summary>Frames a second.</summary>
    public double FrameRate { get; private set; }

    /// <summary>Bits a second.</summary>
    public double BitRate { get; private set; }

    /// <summary>Whether anything arrived in the last few seconds.</summary>
    public bool IsFlowing { get; private set; }

    /// <summary>Takes the port's counters at a time.</summary>
    public void Add(TimeSpan now, long frames, long bytes)
    {
        while (_window.Count > 1 && now - _window.Peek().Time > TimeSpan.FromSeconds(1.01))
            _window.Dequeue();
        if (_window.TryPeek(out (TimeSpan Time, long Frames, long Bytes) first) && now > first.Time)
        {
            double seconds = (now - first.Time).TotalSeconds;
            FrameRate = (frames - first.Frames) / seconds;
            BitRate = (bytes - first.Bytes) * 8 / seconds;
        }

        if (frames > _frames)
            _lastFrame = now;
        _frames = frames;
        IsFlowing = _lastFrame > now - s_pause;
        _window.Enqueue((now, frames, bytes));
        for (; now >= _nextSecond; _nextSecond += TimeSpan.FromSeconds(1))
        {
            Array.Copy(_history, 1, _history, 0, Seconds - 1);
            _history[^1] = BitRate;
        }
    }

    /// <summary>The last seconds as bars, the latest at the right; the highest bar is the most that was there.</summary>
    public string Sparkline(int width)
    {
        if (width <= 0)
            return "";

        // Where there is less room than seconds, a bar is the most of several.
        int perBar = Math.Max(1, Seconds / width), bars = Math.Min(width, Seconds / perBar);
        double most = _history.Max();
        Span<char> line = stackalloc char[bars];
        for (int i = 0; i < bars; i++)
        {
            int end = Seconds - ((bars - 1 - i) * perBar);
            double value = _history[(end - perBar)..end].Max();
            int height = most <= 0 || value <= 0 ? 0 : Math.Clamp((int)Math.Ceiling(value / most * (Blocks.Length - 1)), 1, Blocks.Length - 1);
            line[i] = Blocks[height];
        }

        return new string(line).PadLeft(width);
    }
}
