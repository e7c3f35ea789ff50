namespace Fluke6.Engine;

/// <summary>
/// An exception and those within it, each before its own. A loop, since a rule may nest them deeper than a stack is, and bounded, since it may
/// nest them without end.
/// </summary>
internal static class NestedExceptions
{
    /// <summary>How many are looked at, at most.</summary>
    public const int Limit = 1000;

    /// <summary>The exceptions, at most <see cref="Limit"/> of them.</summary>
    public static IEnumerable<Exception> Of(Exception exception)
    {
        var rest = new Stack<Exception>([exception]);
        for (int i = 0; i < Limit && rest.TryPop(out Exception? next); i++)
        {
            yield return next;
            if (next is AggregateException several)
            {
                for (int inner = Math.Min(several.InnerExceptions.Count, Limit) - 1; inner >= 0; inner--)
                    rest.Push(several.InnerExceptions[inner]);
            }
            else if (next.InnerException is { } one)
            {
                rest.Push(one);
            }
        }
    }
}
