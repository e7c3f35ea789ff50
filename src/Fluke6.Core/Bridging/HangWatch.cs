using System.Diagnostics;

namespace Fluke6.Bridging;

/// <summary>For how long a thread has been in the same call of a rule, from looks at it now and then.</summary>
internal struct HangWatch
{
    private long _since;

    /// <summary>The call that was seen last; 0 for none.</summary>
    internal long Token { get; private set; }

    /// <summary>Takes note of what the thread is in now.</summary>
    /// <param name="token">The call; 0 for none.</param>
    /// <param name="limit">How long one may last.</param>
    /// <returns>Whether this one has lasted longer.</returns>
    internal bool HasLasted(long token, TimeSpan limit)
    {
        if (token == 0 || token != Token)
            (Token, _since) = (token, Stopwatch.GetTimestamp());
        return token != 0 && Stopwatch.GetElapsedTime(_since) > limit;
    }
}
