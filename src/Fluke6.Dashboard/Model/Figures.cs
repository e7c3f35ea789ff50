namespace Fluke6.Dashboard.Model;

/// <summary>Numbers in a few characters.</summary>
internal static class Figures
{
    /// <summary>In five characters at the most: <c>999</c>, <c>12.3k</c>, <c>4.56G</c>.</summary>
    public static string Short(double value) => value switch
    {
        >= 99.95e9 => $"{value / 1e9:0}G",
        >= 9.995e9 => $"{value / 1e9:0.0}G",
        >= 1e9 => $"{value / 1e9:0.00}G",
        >= 99.95e6 => $"{value / 1e6:0}M",
        >= 1e6 => $"{value / 1e6:0.0}M",
        >= 99.95e3 => $"{value / 1e3:0}k",
        >= 10e3 => $"{value / 1e3:0.0}k",
        _ => $"{value:0}",
    };

    /// <summary>A mean of nanoseconds in five characters at the most. What was measured is never nothing.</summary>
    public static string Nanoseconds(double mean) => mean < 1 ? "<1" : Short(mean);

    /// <summary>The same in full.</summary>
    public static string NanosecondsInWords(double mean) => mean < 1 ? "less than 1 ns" : $"{mean:N0} ns";

    /// <summary>Such as <c>0.4 s</c>, <c>12 s</c>, <c>3 min</c>, <c>2 h</c>.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 10 } => $"{Math.Max(0, age.TotalSeconds):0.0} s",
        { TotalSeconds: < 100 } => $"{age.TotalSeconds:0} s",
        { TotalMinutes: < 100 } => $"{age.TotalMinutes:0} min",
        _ => $"{age.TotalHours:0} h",
    };

    /// <summary>Hours, minutes and seconds.</summary>
    public static string Clock(TimeSpan time) => $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}";
}
