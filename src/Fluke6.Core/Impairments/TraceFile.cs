using System.Globalization;

namespace Fluke6.Impairments;

/// <summary>Files of numbers, a line each.</summary>
internal static class TraceFile
{
    /// <summary>The numbers of a file, none below 0.</summary>
    /// <exception cref="FormatException">A line is no such number.</exception>
    public static IEnumerable<double> Read(string path)
    {
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            line++;
            int comment = text.IndexOf('#', StringComparison.Ordinal);
            string word = (comment < 0 ? text : text[..comment]).Trim();
            if (word.Length == 0)
                continue;
            if (!double.TryParse(word, CultureInfo.InvariantCulture, out double number) || !(number >= 0) || double.IsInfinity(number))
                throw new FormatException($"{path}({line}): '{word}' is no number of milliseconds");

            yield return number;
        }
    }

    /// <summary>The milliseconds of a file of mahimahi.</summary>
    /// <exception cref="FormatException">A line is no whole number, or less than the one before; or all are 0.</exception>
    public static IReadOnlyList<long> ReadOpportunities(string path)
    {
        var times = new List<long>();
        foreach (double number in Read(path))
        {
            if (number != Math.Floor(number) || number > 1e12)
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{path}: {number} is no whole number of milliseconds"));
            times.Add((long)number);
        }

        return Checked(times, path);
    }

    /// <summary>Milliseconds that are in order and end.</summary>
    /// <exception cref="FormatException">They are not.</exception>
    public static IReadOnlyList<long> Checked(IReadOnlyList<long> times, string where)
    {
        if (times.Count == 0 || times[^1] <= 0 || times[0] < 0)
            throw new FormatException($"{where}: a trace has at least one time, and its last one, after which it begins anew, is above 0 ms");
        for (int i = 1; i < times.Count; i++)
        {
            if (times[i] < times[i - 1])
                throw new FormatException($"{where}: {times[i]} ms comes after {times[i - 1]} ms: the times of a trace are in order");
        }

        return times;
    }
}
