namespace Fluke6.Engine;

/// <summary>What becomes of a frame that a rule threw on, after the frame is put back as the rule found it.</summary>
internal enum FaultPolicy : byte
{
    /// <summary>The next rule is asked, as if this one had said Continue.</summary>
    Pass,

    /// <summary>The frame is dropped.</summary>
    Drop,
}
