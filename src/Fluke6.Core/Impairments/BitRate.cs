using System.Globalization;

namespace Fluke6.Impairments;

/// <summary>How fast a link is. Made by <c>Mbit(20)</c> and its like. Counted in a frame's bytes, without preamble, check sequence and
/// gap.</summary>
/// <param name="BitsPerSecond">Above 0.</param>
public readonly record struct BitRate(double BitsPerSecond)
{
    /// <inheritdoc/>
    public override string ToString() => BitsPerSecond switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{BitsPerSecond / 1e9} Gbit/s"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{BitsPerSecond / 1e6} Mbit/s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{BitsPerSecond / 1e3} kbit/s"),
    };
}
