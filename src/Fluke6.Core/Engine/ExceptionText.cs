namespace Fluke6.Engine;

/// <summary>
/// What an exception says, whatever a rule made of it: <see cref="Exception.Message"/> is the rule's own code where it is overridden.
/// </summary>
internal static class ExceptionText
{
    /// <summary>Its type and message. Runs the rule's code: as long as it does, the rule has the thread.</summary>
    public static string Of(Exception exception)
    {
        string type = exception.GetType().Name;
        try
        {
            return $"{type}: {exception.Message}";
        }
        catch (Exception another)
        {
            return $"{type}, whose message cannot be had: reading it threw {another.GetType().Name}";
        }
    }
}
