namespace Fluke6.Rules;

/// <summary>A timer that a rule set with <c>Every</c> or <c>After</c>; dispose it to stop it.</summary>
public class RuleTimer : IDisposable
{
    private protected RuleTimer()
    {
    }

    /// <summary>Whether the timer will not fire any more.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Stops the timer.</summary>
    public void Dispose()
    {
        IsStopped = true;
        GC.SuppressFinalize(this);
    }
}
