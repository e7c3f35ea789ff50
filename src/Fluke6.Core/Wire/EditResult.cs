namespace Fluke6.Wire;

/// <summary>The outcome of an edit.</summary>
public enum EditResult : byte
{
    /// <summary>Nothing to do: the frame has nothing of that kind, or is already as asked for.</summary>
    Unchanged,

    /// <summary>
    /// Done. After edits of the frame, which move octets, views that were got before throw when they are used; edits of a view, and those that say
    /// so, move nothing.
    /// </summary>
    Changed,

    /// <summary>
    /// The frame is octet for octet as it was, because the result would not fit (40 octets of TCP options, the field, the MTU, a packet of
    /// 65,535 octets, the headroom) or could not be right (a fragment, whose lengths cover octets that travel elsewhere; a malformed list of
    /// options, whose end nobody can tell; the payload of many datagrams in one super-segment).
    /// </summary>
    Refused,
}
