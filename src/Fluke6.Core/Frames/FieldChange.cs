namespace Fluke6.Frames;

/// <summary>A header field that differs between two frames.</summary>
/// <param name="Field">Its name, with the header's: <c>tcp window</c>, <c>tcp option mss</c>.</param>
/// <param name="Before">Its value in the first frame; null if it is not there.</param>
/// <param name="After">Its value in the second frame; null if it is not there.</param>
internal sealed record FieldChange(string Field, string? Before, string? After)
{
    /// <summary>Such as <c>tcp window 1 → 2</c> or <c>tcp option sack-permitted removed</c>.</summary>
    public override string ToString() => (Before, After) switch
    {
        (_, null) => $"{Field} removed",
        (null, "") => $"{Field} added",
        (null, _) => $"{Field} {After} added",
        _ => $"{Field} {Before} → {After}",
    };
}
