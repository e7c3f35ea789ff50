namespace Fluke6.Frames;

/// <summary>The outcome of an edit that changes the frame's layout.</summary>
public enum EditResult : byte
{
    /// <summary>Nothing to do: the frame has nothing of that kind, or is already as asked for.</summary>
    Unchanged,

    /// <summary>Done; views that were got before throw when they are used, unless the edit moved nothing (<see cref="Frame.WritePayload"/>).</summary>
    Changed,

    /// <summary>
    /// The frame is octet for octet as it was, because the result would not fit (40 octets of TCP options, the MTU, a packet of 65,535
    /// octets, the headroom) or could not be right (a fragment, whose lengths cover octets that travel elsewhere; a malformed list of
    /// options, whose end nobody can tell; the payload of many datagrams in one super-segment).
    /// </summary>
    Refused,
}
