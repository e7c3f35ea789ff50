using System.Globalization;

namespace Fluke6.Rules;

/// <summary>Which values a parameter may have.</summary>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The most.</param>
internal readonly record struct ParameterRange<T>(T Minimum, T Maximum)
{
    /// <summary>Whether a value is one of them.</summary>
    public bool Contains(T value) => Comparer<T>.Default.Compare(value, Minimum) >= 0 && Comparer<T>.Default.Compare(value, Maximum) <= 0;

    /// <summary>As messages name it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Minimum} to {Maximum}");
}
