using System.Runtime.CompilerServices;

namespace Fluke6.Wire;

/// <summary>
/// Values that a header's field has room for. One that is too large is refused: cut to the field's bits, it would say something else than
/// what was asked for.
/// </summary>
internal static class FieldRange
{
    private const int OffsetUnit = 8, MaxOffset = 0x1FFF * OffsetUnit;

    /// <summary>The value, where a field of so many bits holds it.</summary>
    /// <param name="value">What is to be written.</param>
    /// <param name="bits">The field's width, up to 31.</param>
    /// <param name="field">Its name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The field is too small for it.</exception>
    public static uint Of(uint value, int bits, [CallerMemberName] string field = "")
    {
        if (value >> bits != 0)
            throw new ArgumentOutOfRangeException(field, $"{field} has {bits} bits, so it is 0 to {(1u << bits) - 1}, not {value}.");

        return value;
    }

    /// <summary>Where a fragment's data belongs, where that can be said. RFC 791 §3.1, RFC 8200 §4.5.</summary>
    /// <param name="octets">The offset in octets.</param>
    /// <param name="field">The field's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no multiple of 8 from 0 to 65,528.</exception>
    public static int FragmentOffset(int octets, [CallerMemberName] string field = "")
    {
        if ((uint)octets > MaxOffset || octets % OffsetUnit != 0)
            throw new ArgumentOutOfRangeException(field, $"{field} is a multiple of {OffsetUnit} from 0 to {MaxOffset}, not {octets}.");

        return octets;
    }
}
