using System.Globalization;

namespace Fluke6.Impairments;

/// <summary>Which packets are lost. Made by <see cref="ImpairmentModels"/>: <c>Bernoulli(0.05)</c>, <c>GilbertElliott(mean: 0.02, burst:
/// 3)</c>.</summary>
public abstract class LossModel
{
    private protected LossModel()
    {
    }

    /// <summary>The part that decides for one direction, from its first packet on.</summary>
    internal abstract ILossState Begin();

    /// <summary>Each packet by itself.</summary>
    internal sealed class Bernoulli(double probability) : LossModel, ILossState
    {
        public bool IsLost(long packet, Draw draw) => draw.NextDouble() < probability;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Bernoulli({probability})");

        internal override ILossState Begin() => this;
    }

    /// <summary>A chain of two states, in one of which all is lost. Gilbert, "Capacity of a burst-noise channel", 1960.</summary>
    internal sealed class GilbertElliott(double mean, double burst) : LossModel
    {
        // The chain is in its bad state for burst packets on average, and for the share mean of all packets.
        private readonly double _toGood = 1 / burst, _toBad = mean >= 1 ? 1 : mean / (burst * (1 - mean));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"GilbertElliott({mean}, {burst})");

        internal override ILossState Begin() => new State(mean, _toGood, _toBad);

        private sealed class State(double mean, double toGood, double toBad) : ILossState
        {
            private bool _began;
            private bool _isBad;

            public bool IsLost(long packet, Draw draw)
            {
                double number = draw.NextDouble();
                _isBad = !_began ? number < mean : _isBad ? number >= toGood : number < toBad;
                _began = true;
                return _isBad;
            }
        }
    }

    /// <summary>Every n-th packet.</summary>
    internal sealed class Every(int packets) : LossModel, ILossState
    {
        public bool IsLost(long packet, Draw draw) => (packet + 1) % packets == 0;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Every({packets})");

        internal override ILossState Begin() => this;
    }

    /// <summary>Those whose numbers are listed.</summary>
    internal sealed class At(long[] numbers) : LossModel, ILossState
    {
        private readonly HashSet<long> _numbers = [.. numbers];

        public bool IsLost(long packet, Draw draw) => _numbers.Contains(packet + 1);

        public override string ToString() => $"At({string.Join(", ", numbers)})";

        internal override ILossState Begin() => this;
    }

    /// <summary>As a text says, again and again.</summary>
    internal sealed class Pattern(string pattern) : LossModel, ILossState
    {
        public bool IsLost(long packet, Draw draw) => pattern[(int)(packet % pattern.Length)] == 'x';

        public override string ToString() => $"Pattern(\"{pattern}\")";

        internal override ILossState Begin() => this;
    }
}

/// <summary>Which packets of one direction are lost.</summary>
internal interface ILossState
{
    /// <summary>Whether a packet is lost; to be asked of each, in order.</summary>
    /// <param name="packet">Its number, from 0 on.</param>
    /// <param name="draw">Its random numbers.</param>
    bool IsLost(long packet, Draw draw);
}
