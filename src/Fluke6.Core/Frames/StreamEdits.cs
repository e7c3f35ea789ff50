namespace Fluke6.Frames;

/// <summary>How many bytes of a TCP stream a rule changed, and how.</summary>
/// <param name="Passed">Bytes that passed unchanged.</param>
/// <param name="Replaced">Bytes of the sender's in whose place others went out.</param>
/// <param name="Replacing">Bytes that went out in their place.</param>
/// <param name="Inserted">Bytes that went out besides.</param>
/// <param name="Dropped">Bytes of the sender's that did not go out.</param>
public record struct StreamEdits(long Passed, long Replaced, long Replacing, long Inserted, long Dropped)
{
    /// <summary>Whether anything was changed.</summary>
    public readonly bool HasChanges => Changes != 0;

    /// <summary>How many bytes of either end's are others than the other end's, in all.</summary>
    internal readonly long Changes => Replaced + Replacing + Inserted + Dropped;

    /// <summary>Both together.</summary>
    public static StreamEdits operator +(in StreamEdits left, in StreamEdits right) => new(
        left.Passed + right.Passed, left.Replaced + right.Replaced, left.Replacing + right.Replacing,
        left.Inserted + right.Inserted, left.Dropped + right.Dropped);

    /// <summary>By how much one is more than the other.</summary>
    public static StreamEdits operator -(in StreamEdits left, in StreamEdits right) => new(
        left.Passed - right.Passed, left.Replaced - right.Replaced, left.Replacing - right.Replacing,
        left.Inserted - right.Inserted, left.Dropped - right.Dropped);

    /// <summary>How many bytes more went out than came in; negative for fewer.</summary>
    public readonly long Delta => Replacing - Replaced + Inserted - Dropped;
}
