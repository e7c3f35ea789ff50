using Fluke6.Frames;

namespace Fluke6.Rules;

/// <summary>
/// Notes which of a rule's several <c>When</c> have held for a frame. Only those that never did cost a look, and only at frames for which another did.
/// Written by the worker's thread.
/// </summary>
internal sealed class GuardParts(IReadOnlyList<Guard> guards)
{
    private readonly GuardCheck[] _checks = [.. guards.Select(GuardCode.Compile)];
    private readonly bool[] _hasHeld = new bool[guards.Count];
    private int _left = guards.Count;

    /// <summary>Those that held for no frame yet. Any thread.</summary>
    public IEnumerable<Guard> NeverHeld => guards.Where((_, i) => !Volatile.Read(ref _hasHeld[i]));

    /// <summary>A frame that the rule is called for.</summary>
    public void Look(FrameBuffer frame)
    {
        for (int i = 0; _left > 0 && i < _checks.Length; i++)
        {
            if (_hasHeld[i] || !_checks[i](frame))
                continue;

            Volatile.Write(ref _hasHeld[i], true);
            _left--;
        }
    }
}
