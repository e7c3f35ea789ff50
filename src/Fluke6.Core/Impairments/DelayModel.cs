using System.Globalization;

namespace Fluke6.Impairments;

/// <summary>How long packets are under way. Made by <see cref="ImpairmentModels"/>: <c>Fixed(Ms(40))</c>, <c>Normal(Ms(40),
/// Ms(5))</c>.</summary>
public abstract class DelayModel
{
    private protected DelayModel()
    {
    }

    /// <summary>A packet's delay in nanoseconds, never below 0.</summary>
    /// <param name="packet">Its number, from 0 on.</param>
    /// <param name="draw">Its random numbers.</param>
    internal abstract long DelayOf(long packet, Draw draw);

    private static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds} ms");

    private static long Rounded(double nanoseconds) => nanoseconds >= long.MaxValue / 2 ? long.MaxValue / 2 : Math.Max(0, (long)Math.Round(nanoseconds));

    internal sealed class Fixed(TimeSpan delay) : DelayModel
    {
        private readonly long _delay = Moment.Nanoseconds(delay);

        public override string ToString() => $"Fixed({Text(delay)})";

        internal override long DelayOf(long packet, Draw draw) => _delay;
    }

    internal sealed class Uniform(TimeSpan least, TimeSpan most) : DelayModel
    {
        private readonly double _least = Moment.Nanoseconds(least), _span = Moment.Nanoseconds(most - least);

        public override string ToString() => $"Uniform({Text(least)}, {Text(most)})";

        internal override long DelayOf(long packet, Draw draw) => Rounded(_least + (_span * draw.NextDouble()));
    }

    internal sealed class Normal(TimeSpan mean, TimeSpan deviation) : DelayModel
    {
        private readonly double _mean = Moment.Nanoseconds(mean), _deviation = Moment.Nanoseconds(deviation);

        public override string ToString() => $"Normal({Text(mean)}, {Text(deviation)})";

        internal override long DelayOf(long packet, Draw draw) => Rounded(_mean + (_deviation * draw.NextNormal()));
    }

    internal sealed class Pareto(TimeSpan least, double shape, TimeSpan most) : DelayModel
    {
        private readonly double _least = Moment.Nanoseconds(least), _most = Moment.Nanoseconds(most);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Pareto({Text(least)}, {shape}, {Text(most)})");

        internal override long DelayOf(long packet, Draw draw) => Rounded(Math.Min(_most, _least / Math.Pow(draw.NextPositive(), 1 / shape)));
    }

    /// <summary>Delays that are listed: one at random, or one after the other.</summary>
    internal sealed class Listed(TimeSpan[] delays, bool inOrder) : DelayModel
    {
        private readonly long[] _delays = [.. delays.Select(Moment.Nanoseconds)];

        public override string ToString() => $"{(inOrder ? "DelayTrace" : "DelayTable")}({string.Join(", ", delays.Select(Text))})";

        internal override long DelayOf(long packet, Draw draw) => _delays[inOrder ? (int)(packet % _delays.Length) : draw.NextBelow(_delays.Length)];
    }
}
