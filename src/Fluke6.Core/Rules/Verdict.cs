using Fluke6.Frames;

namespace Fluke6.Rules;

/// <summary>What a rule decides about a frame. Edits stay, whatever the verdict.</summary>
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
}

/// <summary>A rule: looks at a frame, may edit it, and decides. Runs on the bridge's thread.</summary>
public delegate Verdict Rule(ref Frame frame);
