using System.Net;
using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>Logs that a resolver cannot be asked: at once, and then once a period with how many queries it was. Any thread.</summary>
internal sealed class UpstreamFailures(RuleContext rule, IPEndPoint resolver)
{
    /// <summary>How long between two lines at least.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private string _why = "";
    private long _count;        // since the last line
    private bool _isQuiet;      // until the period is over

    /// <summary>A query had no answer.</summary>
    /// <param name="why">The reason, to follow a colon.</param>
    public void Failed(string why)
    {
        lock (_lock)
        {
            (_why, _count) = (why, _count + 1);
            if (_isQuiet)
                return;

            _isQuiet = true;
        }

        Log();
        _ = LogAfterPeriods();
    }

    private async Task LogAfterPeriods()
    {
        try
        {
            do
                await Task.Delay(Period, rule.Clock, rule.Stopped).ConfigureAwait(false);
            while (Log());
        }
        catch (OperationCanceledException)
        {
            // The rule was reloaded, or is gone: the last line may lack the failures of a few seconds.
        }
    }

    /// <summary>Logs the failures since the last line.</summary>
    /// <returns>Whether there were any.</returns>
    private bool Log()
    {
        string line;
        lock (_lock)
        {
            if (_count == 0)
            {
                _isQuiet = false;
                return false;
            }

            line = $"the resolver {resolver} cannot be asked: {_why}" + (_count > 1 ? $" ({_count} queries in {Period.TotalSeconds:0} s)" : "");
            _count = 0;
        }

        rule.Log(line);
        return true;
    }
}
