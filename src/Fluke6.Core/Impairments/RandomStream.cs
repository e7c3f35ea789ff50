namespace Fluke6.Impairments;

/// <summary>
/// The random numbers of one stage in one direction. Those for a packet follow from the packet's number alone, so that no stage's draws
/// depend on what other stages drew or did. SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
/// </summary>
internal readonly struct RandomStream
{
    private readonly ulong _key;

    /// <summary>The numbers of a stage.</summary>
    /// <param name="seed">The impairment's seed.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="from">The side that the packets come from.</param>
    /// <param name="flow">The number of their flow, from 1; 0 where flows are not told apart.</param>
    public RandomStream(long seed, string stage, Side from, long flow = 0)
    {
        const ulong FnvOffset = 14695981039346656037, FnvPrime = 1099511628211;
        ulong hash = FnvOffset;
        foreach (char character in stage)
            hash = (hash ^ character) * FnvPrime;
        _key = Draw.Mix(Draw.Mix((ulong)seed) ^ hash ^ ((ulong)from << 63) ^ Draw.Mix((ulong)flow * Draw.Step));
    }

    /// <summary>The numbers for a packet.</summary>
    /// <param name="packet">Its number among those of the direction.</param>
    public Draw For(long packet) => new(Draw.Mix(_key + ((ulong)packet * Draw.Step)));
}

/// <summary>The random numbers of one stage for one packet.</summary>
internal struct Draw(ulong state)
{
    /// <summary>The state advances by this: the golden ratio's odd integer.</summary>
    internal const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = state;

    /// <summary>A number from 0 to 1, the latter excluded.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number above 0, up to 1.</summary>
    public double NextPositive() => 1 - NextDouble();

    /// <summary>A whole number from 0 on.</summary>
    /// <param name="bound">What it is below; above 0.</param>
    public int NextBelow(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>A number of the standard normal distribution. Box and Muller, 1958.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(NextPositive())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>How many trials fail before the first that succeeds.</summary>
    /// <param name="probability">Of success; above 0, at most 1.</param>
    public double NextGeometric(double probability) => probability >= 1 ? 0 : Math.Floor(Math.Log(NextPositive()) / Math.Log(1 - probability));

    /// <summary>SplitMix64's finalizer.</summary>
    internal static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private ulong Next() => Mix(_state += Step);
}
