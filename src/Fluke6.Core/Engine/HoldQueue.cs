namespace Fluke6.Engine;

/// <summary>The fate of a frame that was held, when it is due.</summary>
internal enum Departure : byte
{
    /// <summary>It goes on through the chain.</summary>
    GoesOn,

    /// <summary>It stays: it was given another time.</summary>
    Stays,

    /// <summary>It is dropped.</summary>
    Dropped,

    /// <summary>It was no frame, only a place in a queue (<see cref="HeldFrames.TryReserve"/>).</summary>
    Forgotten,
}

/// <summary>Decides about frames that it had held when each is due, such as the queue before a slow link. Worker's thread only.</summary>
internal abstract class HoldQueue
{
    /// <summary>A frame is due.</summary>
    /// <param name="slot">Where it is among the held frames.</param>
    /// <param name="due">The time that it was given, by <see cref="Moment.Monotonic"/>.</param>
    /// <param name="now">The time by now, never before that; at the end of a bridge, when all goes on at once, anything.</param>
    /// <param name="isEnd">Whether that is so.</param>
    public abstract Departure Leave(int slot, long due, long now, bool isEnd);
}
