namespace Fluke6.Engine;

/// <summary>A clock that shows the time which a worker was told last: a replay's rules see the capture's time. Any thread.</summary>
internal sealed class WorkerClock(RuleServices services) : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => Moment.Frequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => services.Now.UtcTime;

    /// <inheritdoc/>
    public override long GetTimestamp() => services.Now.Monotonic;
}
