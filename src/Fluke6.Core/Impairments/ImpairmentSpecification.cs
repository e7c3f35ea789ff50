namespace Fluke6.Impairments;

/// <summary>The stages that a rule asked of an impairment.</summary>
internal sealed record ImpairmentSpecification(long Seed, Side? From)
{
    public bool IsPerFlow { get; init; }

    public int CrossConnections { get; init; }

    public TimeSpan CrossRoundTrip { get; init; }

    public LossModel? Loss { get; init; }

    public DelayModel? Delay { get; init; }

    public bool KeepsOrder { get; init; } = true;

    public double Reordered { get; init; }

    public int Gap { get; init; }

    public TimeSpan LongestGap { get; init; }

    public double Duplicated { get; init; }

    public double Corrupted { get; init; }

    public double BitErrorRate { get; init; }

    public bool HasRightChecksum { get; init; }

    public BitRate? Rate { get; init; }

    public DeliveryTrace? Trace { get; init; }

    public QueueModel? Queue { get; init; }

    public ImpairmentTimeline? Timeline { get; init; }
}
