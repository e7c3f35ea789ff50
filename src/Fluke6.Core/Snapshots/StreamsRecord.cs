using System.Globalization;

namespace Fluke6.Snapshots;

/// <summary>What became of the TCP connections that a rule rewrites, all its versions together.</summary>
internal sealed record StreamsRecord
{
    /// <summary>Connections that are followed now.</summary>
    public int Open { get; init; }

    /// <summary>Connections that were followed so far.</summary>
    public long Followed { get; init; }

    /// <summary>Connections that were not, for want of room or since they number or sign their bytes themselves.</summary>
    public long NotFollowed { get; init; }

    /// <summary>Connections that were forgotten while their numbers differed, to make room.</summary>
    public long Forgotten { get; init; }

    /// <summary>Octets that passed unchanged since they had waited for too long.</summary>
    public long PassedForTime { get; init; }

    /// <summary>Octets that passed unchanged since too many waited, or memory was full.</summary>
    public long PassedForRoom { get; init; }

    /// <summary>Segments that were dropped, to come again, for want of room.</summary>
    public long Refused { get; init; }

    /// <summary>Frames that were sent besides those that arrived, or in their place.</summary>
    public long OwnFrames { get; init; }

    /// <summary>Segments that had a wrong checksum and passed unread.</summary>
    public long WrongChecksums { get; init; }

    /// <summary>The figures in lines that a person reads: the summary's and the dashboard's.</summary>
    public IEnumerable<string> Lines()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"streams: {Followed:N0} connections followed, {Open:N0} of them now; {OwnFrames:N0} frames sent for them")
            + Unless(NotFollowed, "connections not followed") + Unless(Forgotten, "forgotten before their end") + Unless(WrongChecksums, "segments with a wrong checksum");
        if (PassedForTime + PassedForRoom + Refused > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"streams: {PassedForTime:N0} bytes passed unchanged for want of time, {PassedForRoom:N0} for want of room")
                + Unless(Refused, "segments dropped for want of room");
        }
    }

    private static string Unless(long count, string what) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {count:N0} {what}");
}
