using System.Runtime.InteropServices;

namespace Fluke6.Engine;

/// <summary>
/// The memory into which one version of a script stores which statement it is at: a pointer, and where that points to, the number of the last
/// statement of all and those of each method's last one. Whoever holds the script's code must hold this.
/// </summary>
internal sealed unsafe class ScriptCell
{
    private const int NumbersAt = 2;    // behind the pointer
    private readonly int[] _memory;
    private readonly SharedPositions? _shared;
    private readonly int* _numbers;
    private readonly int _count;

    /// <summary>A cell.</summary>
    /// <param name="points">What the numbers from 1 on stand for.</param>
    /// <param name="methods">How many methods have statements.</param>
    /// <param name="shared">Where another process sees the numbers; null if none is to, and as well where there is no room.</param>
    public ScriptCell(IReadOnlyList<ScriptPoint> points, int methods, SharedPositions? shared)
    {
        _count = 1 + methods;
        Block = shared?.Take(points, methods);
        _shared = Block is null ? null : shared;
        _memory = GC.AllocateArray<int>(NumbersAt + (_shared is null ? _count : 0), pinned: true);
        _numbers = _shared is null ? (int*)Address + NumbersAt : _shared.NumbersOf(Block!.Value);
        *(int**)Address = _numbers;
    }

    ~ScriptCell() => _shared?.Free(Block!.Value);

    /// <summary>The pointer's address.</summary>
    public nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);

    /// <summary>By which another process finds the numbers; null if none does.</summary>
    public int? Block { get; }

    /// <summary>The statement's number that lies at an index: 0 for the last of all, then each method's; 0 if none ran yet.</summary>
    public int this[int index] => index < _count ? Volatile.Read(ref _numbers[index]) : 0;

    /// <summary>Clears the pointer.</summary>
    public void Clear() => Volatile.Write(ref *(nint*)Address, 0);
}
