namespace Fluke6;

/// <summary>A rule's decision about a frame. Edits stay, whatever the verdict.</summary>
public enum Verdict : byte
{
    /// <summary>On to the next rule; after the last one, forward.</summary>
    Continue,

    /// <summary>Forward now; later rules are not asked.</summary>
    Accept,

    /// <summary>Discard.</summary>
    Drop,

    /// <summary>Send back out of the port it came from; later rules are not asked.</summary>
    Reflect,

    /// <summary>The frame leaves the chain now and goes on through the rules after this one later: what <c>frame.Hold(delay)</c> returns.</summary>
    Hold,
}
