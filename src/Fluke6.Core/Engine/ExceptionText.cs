namespace Fluke6.Engine;

/// <summary>
/// The text of an exception, whatever a rule made of it: <see cref="Exception.Message"/> is the rule's own code where it is overridden.
/// </summary>
internal static class ExceptionText
{
    /// <summary>The longest text, in characters; the rest is cut off.</summary>
    public const int MaxLength = 1024;

    /// <summary>Its type and message. Runs the rule's code: as long as it does, the rule has the thread.</summary>
    public static string Of(Exception exception)
    {
        string type = exception.GetType().Name;
        // .NET puts an aggregate's message together from those within it, by a recursion that ends the process where they are too many.
        if (exception is AggregateException && NestedExceptions.Of(exception).Count() == NestedExceptions.Limit)
            return $"{type} of {NestedExceptions.Limit} exceptions or more";

        try
        {
            string message = exception.Message;
            return $"{type}: {(message.Length > MaxLength ? message.AsSpan(0, MaxLength) : message)}";
        }
        catch (Exception another)
        {
            return $"{type}, whose message cannot be had: reading it threw {another.GetType().Name}";
        }
    }
}
