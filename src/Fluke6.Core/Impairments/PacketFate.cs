using Fluke6.Frames;

namespace Fluke6.Impairments;

/// <summary>The fate that the stages have in store for a packet.</summary>
internal struct PacketFate
{
    /// <summary>Nanoseconds that it is under way.</summary>
    public long Delay;

    /// <summary>Whether it is lost.</summary>
    public bool IsLost;

    /// <summary>Whether bits of it are changed.</summary>
    public bool IsCorrupted;

    /// <summary>Whether it goes on twice.</summary>
    public bool IsDuplicated;

    /// <summary>Whether it is held back until others have passed it.</summary>
    public bool IsHeldBack;

    /// <summary>The random numbers of its corruption.</summary>
    public Draw Corruption;

    /// <summary>The first bit that is changed.</summary>
    public double FirstBit;

    /// <summary>Whether nothing happens to it but a delay.</summary>
    public readonly bool IsPlain => !(IsLost | IsCorrupted | IsDuplicated | IsHeldBack);
}

/// <summary>The numbers drawn for each packet of one direction, or of a flow in it, in order, whatever becomes of it: no stage's numbers depend on
/// another's.</summary>
internal sealed class FateSource(ImpairmentSpecification asked, Side from, long flow)
{
    private readonly RandomStream _losses = new(asked.Seed, "loss", from, flow);
    private readonly RandomStream _delays = new(asked.Seed, "delay", from, flow);
    private readonly RandomStream _orders = new(asked.Seed, "reorder", from, flow);
    private readonly RandomStream _copies = new(asked.Seed, "duplicate", from, flow);
    private readonly RandomStream _errors = new(asked.Seed, "corrupt", from, flow);
    private readonly ILossState? _loss = asked.Loss?.Begin();
    private readonly Corruption? _corruption = asked is { Corrupted: 0, BitErrorRate: 0 } ? null : new(asked.Corrupted, asked.BitErrorRate, asked.HasRightChecksum);

    /// <summary>How many packets there were.</summary>
    public long Packets { get; private set; }

    /// <summary>Draws for the next packet.</summary>
    /// <param name="phase">What is done now.</param>
    /// <param name="octets">The packet's length.</param>
    public PacketFate Next(ImpairmentTimeline.Phase phase, int octets)
    {
        long packet = Packets++;
        PacketFate fate = default;
        bool isLost = _loss?.IsLost(packet, _losses.For(packet)) ?? false;
        if (phase.IsOff)
            return fate;

        fate.IsLost = phase.Loss is { } other ? other.IsLost(packet, _losses.For(packet)) : isLost;
        if ((phase.Delay ?? asked.Delay) is { } delay)
            fate.Delay = delay.DelayOf(packet, _delays.For(packet));
        if (asked.Reordered > 0)
            fate.IsHeldBack = _orders.For(packet).NextDouble() < asked.Reordered;
        if (asked.Duplicated > 0)
            fate.IsDuplicated = _copies.For(packet).NextDouble() < asked.Duplicated;
        if (_corruption is not null)
        {
            fate.Corruption = _errors.For(packet);
            fate.IsCorrupted = _corruption.Hits(octets * 8.0, ref fate.Corruption, out fate.FirstBit);
        }

        return fate;
    }

    /// <summary>Changes a packet that is to be.</summary>
    /// <returns>How many bits were changed.</returns>
    public int Corrupt(FrameBuffer frame, ref PacketFate fate) => _corruption!.Apply(frame, frame.Length * 8.0, fate.FirstBit, ref fate.Corruption);
}
