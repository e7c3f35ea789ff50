using Fluke6.Frames;

namespace Fluke6.Rules;

/// <summary>A rule: looks at a frame, may edit it, and decides. Runs on the bridge's thread.</summary>
internal delegate Verdict Rule(ref Frame frame);
