using System.Runtime.CompilerServices;

namespace Fluke6.Wire;

/// <summary>
/// The guard of the octets that a view stands over, and how often they had moved when the view was made. A view asks it before it reads or
/// writes, so that one which is used after an edit that moved octets throws, and never reads or writes another field.
/// </summary>
internal readonly struct ViewGuard
{
    private readonly EditGuard? _guard;
    private readonly int _moves;

    /// <summary>For a view that is made now.</summary>
    /// <param name="guard">The guard; null for bare octets, outside any frame.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ViewGuard(EditGuard? guard)
    {
        _guard = guard;
        _moves = guard is null ? 0 : guard.Moves;
    }

    /// <summary>For a view that is made from another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ViewGuard(EditGuard? guard, int moves)
    {
        _guard = guard;
        _moves = moves;
    }

    /// <summary>The guard itself.</summary>
    public EditGuard? Guard => _guard;

    /// <summary>How often the octets had moved.</summary>
    public int Moves => _moves;

    /// <summary>These octets, if they are still what the view was made over.</summary>
    /// <exception cref="InvalidOperationException">Octets have moved since.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Checked(Span<byte> octets)
    {
        Check();
        return octets;
    }

    /// <summary>Asks whether the octets are still where they were.</summary>
    /// <exception cref="InvalidOperationException">They have moved since.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Check()
    {
        if (_guard is not null && _guard.Moves != _moves)
            _guard.ThrowMoved();
    }

    /// <inheritdoc cref="EditGuard.BeforeHeaderEdit"/>
    public void BeforeHeaderEdit() => _guard?.BeforeHeaderEdit();

    /// <inheritdoc cref="EditGuard.BeforeWholeEdit"/>
    public void BeforeWholeEdit() => _guard?.BeforeWholeEdit();

    /// <inheritdoc cref="EditGuard.AfterLayoutEdit"/>
    public void AfterLayoutEdit() => _guard?.AfterLayoutEdit();
}
