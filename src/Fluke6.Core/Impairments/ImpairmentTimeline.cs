using System.Globalization;

namespace Fluke6.Impairments;

/// <summary>
/// The times at which an impairment does one thing or another, counted from the first packet: <c>0s: on; 30s: loss 10%, delay 80ms; 60s: rate 5mbit; 90s: blackhole;
/// 100s: off</c>. From each time on the impairment does what the rule says, but for what stands there; with <c>off</c> nothing.
/// </summary>
internal sealed class ImpairmentTimeline
{
    private readonly List<Phase> _phases = [];
    private readonly string _text;

    private ImpairmentTimeline(string text) => _text = text;

    /// <summary>Reads a timeline.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ImpairmentTimeline Parse(string text)
    {
        var timeline = new ImpairmentTimeline(text);
        foreach (string entry in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = entry.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                throw new FormatException($"Timeline: '{entry}' lacks its time: write it as '30s: loss 10%'");

            long time = Nanoseconds(entry[..colon].Trim(), entry);
            if (timeline._phases.Count > 0 && time <= timeline._phases[^1].From)
                throw new FormatException($"Timeline: '{entry}' is not after the time before it");

            Phase phase = new() { From = time };
            foreach (string word in entry[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                phase = With(phase, word, entry);
            timeline._phases.Add(phase);
        }

        return timeline._phases.Count > 0 ? timeline : throw new FormatException("Timeline: there is nothing in it; write it as '0s: on; 30s: loss 10%; 60s: off'");
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    /// <summary>The phase at a time; before the first one, the rule's own stages.</summary>
    /// <param name="elapsed">Nanoseconds since the first packet.</param>
    /// <param name="hint">Where the last search ended.</param>
    public Phase At(long elapsed, ref int hint)
    {
        while (hint < _phases.Count && _phases[hint].From <= elapsed)
            hint++;
        return hint == 0 ? Phase.AsTheRuleSays : _phases[hint - 1];
    }

    private static Phase With(Phase phase, string text, string entry)
    {
        string[] words = text.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (words[0].ToLowerInvariant(), words.Length) switch
        {
            ("on", 1) => phase,
            ("off", 1) => phase with { IsOff = true },
            ("blackhole", 1) => phase with { Loss = new LossModel.Bernoulli(1) },
            ("loss", 2) => phase with { Loss = new LossModel.Bernoulli(ShareOf(words[1], entry)) },
            ("delay", 2) => phase with { Delay = new DelayModel.Fixed(DelayOf(words[1], entry)) },
            ("rate", 2) => phase with { Link = new LinkModel.Steady(RateOf(words[1], entry)) },
            _ => throw new FormatException($"Timeline: '{text}' in '{entry}' is none of on, off, blackhole, loss 10%, delay 80ms, rate 5mbit"),
        };
    }

    private static double ShareOf(string text, string entry) =>
        text.EndsWith('%') && TryNumber(text[..^1], out double percent) && percent is >= 0 and <= 100 ? percent / 100
        : TryNumber(text, out double share) && share is >= 0 and <= 1 ? share
        : throw new FormatException($"Timeline: '{text}' in '{entry}' is no share: write 10% or 0.1");

    private static long Nanoseconds(string text, string entry)
    {
        foreach ((string unit, double factor) in ((string, double)[])[("ms", 1e6), ("us", 1e3), ("min", 60e9), ("h", 3600e9), ("s", 1e9)])
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && TryNumber(text[..^unit.Length], out double number) && number * factor < 1e18)
                return (long)Math.Round(number * factor);
        }

        throw new FormatException($"Timeline: '{text}' in '{entry}' is no time: write 500ms, 30s, 2min or 1h");
    }

    private static TimeSpan DelayOf(string text, string entry) => Nanoseconds(text, entry) / TimeSpan.NanosecondsPerTick is var ticks and <= TimeSpan.TicksPerDay
        ? TimeSpan.FromTicks(ticks)
        : throw new FormatException($"Timeline: '{text}' in '{entry}' is no delay: none is longer than a day");

    private static BitRate RateOf(string text, string entry)
    {
        foreach ((string unit, double factor) in ((string, double)[])[("kbit", 1e3), ("mbit", 1e6), ("gbit", 1e9)])
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase) && TryNumber(text[..^unit.Length], out double number) && number * factor is >= 1 and <= 1e12)
                return new BitRate(number * factor);
        }

        throw new FormatException($"Timeline: '{text}' in '{entry}' is no rate: write 500kbit, 5mbit or 1gbit");
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number);

    /// <summary>The phase from a time on; null for the rule's own stages.</summary>
    internal sealed record Phase
    {
        public static readonly Phase AsTheRuleSays = new();

        /// <summary>Nanoseconds since the first packet.</summary>
        public long From { get; init; }

        public bool IsOff { get; init; }

        /// <summary>One that keeps no state: each direction uses it.</summary>
        public LossModel.Bernoulli? Loss { get; init; }

        public DelayModel? Delay { get; init; }

        public LinkModel.Steady? Link { get; init; }
    }
}
