namespace Fluke6.Dashboard.Model;

/// <summary>Figures as a line of bars.</summary>
internal static class Sparkline
{
    private const string Blocks = " ▁▂▃▄▅▆▇█";

    /// <summary>The last of some seconds as bars, the latest at the right; the highest bar is the most that was there.</summary>
    public static string Of(IReadOnlyList<double> history, int width)
    {
        if (width <= 0 || history.Count == 0)
            return new string(' ', Math.Max(0, width));

        // Where there is less room than seconds, a bar is the most of several.
        int seconds = history.Count, perBar = Math.Max(1, seconds / width), bars = Math.Min(width, seconds / perBar);
        double most = history.Max();
        Span<char> line = stackalloc char[bars];
        for (int i = 0; i < bars; i++)
        {
            int end = seconds - ((bars - 1 - i) * perBar);
            double value = 0;
            for (int at = end - perBar; at < end; at++)
                value = Math.Max(value, history[at]);
            int height = most <= 0 || value <= 0 ? 0 : Math.Clamp((int)Math.Ceiling(value / most * (Blocks.Length - 1)), 1, Blocks.Length - 1);
            line[i] = Blocks[height];
        }

        return new string(line).PadLeft(width);
    }
}
