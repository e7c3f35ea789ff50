namespace Fluke6.Captures;

/// <summary>Where a capture ends by itself.</summary>
/// <param name="Packets">How many packets it may hold, at least 1.</param>
/// <param name="Bytes">How long its file may become, at least <see cref="LeastBytes"/>.</param>
internal readonly record struct CaptureLimit(long Packets, long Bytes)
{
    /// <summary>No limit.</summary>
    public static readonly CaptureLimit None = new(long.MaxValue, long.MaxValue);

    /// <summary>The largest frame, and what a file has besides.</summary>
    public const long LeastBytes = 128 * 1024;

    /// <inheritdoc/>
    public override string ToString() => (Packets, Bytes) switch
    {
        (long.MaxValue, long.MaxValue) => "no limit",
        (1, long.MaxValue) => "1 packet",
        (_, long.MaxValue) => $"{Packets:N0} packets",
        (long.MaxValue, _) => $"{Bytes:N0} bytes",
        (1, _) => $"1 packet or {Bytes:N0} bytes",
        _ => $"{Packets:N0} packets or {Bytes:N0} bytes",
    };
}
