using System.Globalization;

namespace Fluke6.Impairments;

/// <summary>
/// The words by which a rule says what a bad network does: <c>GilbertElliott(mean: 0.02, burst: 3)</c>, <c>Normal(Ms(40), Ms(5))</c>,
/// <c>Mbit(20)</c>, <c>DropTail(packets: 100)</c>. Scripts use them without the name of this class.
/// </summary>
public static class ImpairmentModels
{
    private const int DefaultQueue = 1000;

    /// <summary>Some milliseconds.</summary>
    /// <exception cref="ArgumentException">It is no number.</exception>
    public static TimeSpan Ms(double milliseconds) => double.IsFinite(milliseconds)
        ? TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond))
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Ms({milliseconds}): how many milliseconds is that?"));

    /// <summary>Thousands of bits in a second.</summary>
    public static BitRate Kbit(double rate) => RateOf(new BitRate(rate * 1e3));

    /// <summary>Millions of bits in a second.</summary>
    public static BitRate Mbit(double rate) => RateOf(new BitRate(rate * 1e6));

    /// <summary>Thousand millions of bits in a second.</summary>
    public static BitRate Gbit(double rate) => RateOf(new BitRate(rate * 1e9));

    /// <summary>Each packet is lost with this probability, whatever became of others. 0.05 is 5 %.</summary>
    /// <exception cref="ArgumentException">It is not from 0 to 1.</exception>
    public static LossModel Bernoulli(double probability) => new LossModel.Bernoulli(Share(probability, "the probability of a loss"));

    /// <summary>Losses in bursts: so many on average, and so many in a row on average. Gilbert's chain of two states.</summary>
    /// <param name="mean">The share of packets that is lost, from 0 to 1 (excluded).</param>
    /// <param name="burst">How many are lost in a row, on average; at least 1 and, so that there is time for them, mean / (1 −
    /// mean).</param>
    /// <exception cref="ArgumentException">One of them is out of its range.</exception>
    public static LossModel GilbertElliott(double mean, double burst)
    {
        Share(mean, "the mean of losses");
        if (!(burst >= 1) || mean >= 1 || mean / (burst * (1 - mean)) > 1)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"GilbertElliott: with a mean of {mean} a burst is at least {Math.Max(1, mean < 1 ? mean / (1 - mean) : 1):0.###} packets and the mean below 1, not a burst of {burst}"));
        }

        return new LossModel.GilbertElliott(mean, burst);
    }

    /// <summary>Exactly these packets are lost, by their numbers in the direction, the first one 1.</summary>
    /// <exception cref="ArgumentException">A number is below 1, or there is none.</exception>
    public static LossModel At(params long[] numbers)
    {
        if (numbers.Length == 0 || numbers.Any(number => number < 1))
            throw new ArgumentException("At: packets are numbered from 1 on, such as At(3, 7, 8)");

        return new LossModel.At(numbers);
    }

    /// <summary>Packets are lost as a text says, which begins anew at its end: <c>Pattern("..x.x")</c> loses the third and fifth of
    /// five.</summary>
    /// <exception cref="ArgumentException">There is something else in it than points and x.</exception>
    public static LossModel Pattern(string pattern)
    {
        if (pattern.Length == 0 || pattern.AsSpan().ContainsAnyExcept('.', 'x'))
            throw new ArgumentException($"Pattern(\"{pattern}\"): a point for a packet that passes, an x for one that is lost, such as \"..x.x\"");

        return new LossModel.Pattern(pattern);
    }

    /// <summary>Every n-th packet is lost.</summary>
    /// <exception cref="ArgumentException">It is below 1.</exception>
    internal static LossModel EveryNth(int packets) =>
        packets >= 1 ? new LossModel.Every(packets) : throw new ArgumentException($"Every({packets}): every first packet or later, at least 1");

    /// <summary>All packets are delayed alike.</summary>
    public static DelayModel Fixed(TimeSpan delay) => new DelayModel.Fixed(DelayOf(delay));

    /// <summary>Delays between two bounds, each as likely.</summary>
    public static DelayModel Uniform(TimeSpan least, TimeSpan most)
    {
        if (most < DelayOf(least))
            throw new ArgumentException("Uniform: the greatest delay is less than the least one: write Uniform(Ms(10), Ms(20))");

        return new DelayModel.Uniform(least, DelayOf(most));
    }

    /// <summary>Delays of the normal distribution; what would be below 0 is 0.</summary>
    public static DelayModel Normal(TimeSpan mean, TimeSpan deviation) => new DelayModel.Normal(DelayOf(mean), DelayOf(deviation));

    /// <summary>Delays of the Pareto distribution: most little above the least one, a few far above. Their mean is least × shape / (shape
    /// − 1).</summary>
    /// <param name="least">The least delay.</param>
    /// <param name="shape">How seldom long ones are: 3, say; above 0.</param>
    /// <param name="most">What longer ones are cut to; without it, ten seconds.</param>
    public static DelayModel Pareto(TimeSpan least, double shape = 3, TimeSpan? most = null)
    {
        if (!(shape > 0))
            throw new ArgumentException("Pareto: the shape is above 0, such as 3");

        return new DelayModel.Pareto(DelayOf(least), shape, DelayOf(most ?? TimeSpan.FromSeconds(10)));
    }

    /// <summary>One of these delays, each as likely: a measured distribution.</summary>
    public static DelayModel DelayTable(params TimeSpan[] delays) => new DelayModel.Listed(NotEmpty(delays), inOrder: false);

    /// <summary>These delays one after the other, a packet each, and again from the first on.</summary>
    public static DelayModel DelayTrace(params TimeSpan[] delays) => new DelayModel.Listed(NotEmpty(delays), inOrder: true);

    /// <summary>The delays of a file one after the other, in milliseconds, a line each; <c>#</c> begins a comment.</summary>
    /// <exception cref="FormatException">A line is no number.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DelayModel DelayTrace(string path) => DelayTrace([.. TraceFile.Read(path).Select(Ms)]);

    /// <summary>When a link can send, from a file of mahimahi: in each line a millisecond at which 1,500 bytes can leave.</summary>
    /// <exception cref="FormatException">A line is no whole number, or less than the one before; or all are 0.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DeliveryTrace LinkTrace(string path) => new(TraceFile.ReadOpportunities(path));

    /// <summary>When a link can send: milliseconds at which 1,500 bytes can leave, in order. The last one is also when all begins
    /// anew.</summary>
    public static DeliveryTrace LinkTrace(params long[] milliseconds) => new(TraceFile.Checked(milliseconds, "LinkTrace"));

    /// <summary>A queue that takes no more when it is full. Without a bound it has room for 1,000 packets.</summary>
    /// <param name="packets">How many packets may wait.</param>
    /// <param name="bytes">How many bytes of frames may wait.</param>
    public static QueueModel DropTail(int? packets = null, long? bytes = null) => Queue(QueueKind.DropTail, packets, bytes);

    /// <summary>A queue that, when it is full, drops the packet that has waited longest.</summary>
    /// <inheritdoc cref="DropTail"/>
    public static QueueModel DropHead(int? packets = null, long? bytes = null) => Queue(QueueKind.DropHead, packets, bytes);

    /// <summary>A queue that drops a packet, and then more and more often, while packets wait too long. RFC 8289.</summary>
    /// <param name="target">For how long packets may wait always; 5 ms.</param>
    /// <param name="interval">For how long they may wait longer than that; 100 ms.</param>
    /// <param name="packets">How many packets may wait; 1,000.</param>
    /// <param name="bytes">How many bytes of frames may wait.</param>
    public static QueueModel CoDel(TimeSpan? target = null, TimeSpan? interval = null, int? packets = null, long? bytes = null) =>
        Queue(QueueKind.CoDel, packets, bytes, DelayOf(target ?? Ms(5)), interval is not { } asked || asked > TimeSpan.Zero
            ? DelayOf(interval ?? Ms(100)) : throw new ArgumentException("CoDel: the interval is above 0, such as Ms(100)"));

    /// <summary>A share, such as a probability.</summary>
    /// <exception cref="ArgumentException">It is not from 0 to 1.</exception>
    internal static double Share(double share, string what) => share is >= 0 and <= 1 ? share
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{what} is from 0 to 1, not {share}: 5 % is 0.05"));

    /// <summary>A delay. A packet that is longer under way than a day is lost, and due times of centuries would overflow.</summary>
    /// <exception cref="ArgumentException">It is negative, or longer than a day.</exception>
    internal static TimeSpan DelayOf(TimeSpan span) => span >= TimeSpan.Zero && span <= TimeSpan.FromDays(1) ? span
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"a delay of {span.TotalMilliseconds} ms: it is from 0 to a day"));

    /// <summary>A rate.</summary>
    /// <exception cref="ArgumentException">It is less than a bit a second, or more than 1000 Gbit/s.</exception>
    internal static BitRate RateOf(BitRate rate) => rate.BitsPerSecond is >= 1 and <= 1e12 ? rate
        : throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture, $"a rate of {rate.BitsPerSecond} bit/s: it is from 1 bit/s to 1000 Gbit/s, such as Mbit(20)"));

    private static TimeSpan[] NotEmpty(TimeSpan[] delays)
    {
        if (delays.Length == 0)
            throw new ArgumentException("there is no delay in the list");

        return [.. delays.Select(DelayOf)];
    }

    private static QueueModel Queue(QueueKind kind, int? packets, long? bytes, TimeSpan target = default, TimeSpan interval = default)
    {
        if (packets < 1 || bytes < 1)
            throw new ArgumentException($"{kind}: a queue has room for 1 packet or byte at least");

        return new QueueModel(kind, packets ?? (bytes is null || kind == QueueKind.CoDel ? DefaultQueue : int.MaxValue), bytes ?? long.MaxValue, target, interval);
    }
}
