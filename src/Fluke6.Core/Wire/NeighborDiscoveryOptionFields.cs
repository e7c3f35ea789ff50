namespace Fluke6.Wire;

/// <summary>An option of a neighbor discovery message by its number, for those that have no fields of their own. RFC 4861 §4.6.</summary>
/// <param name="Type">Which option.</param>
/// <param name="Data">
/// What follows type and length, at most 2,038 octets; with zeros at its end, up to 6 octets more than a multiple of 8.
/// </param>
public readonly record struct NeighborDiscoveryOptionFields(NeighborDiscoveryOptionType Type, FieldList<byte> Data) : INeighborDiscoveryOptionFields
{
    /// <summary>The longest option, in octets: its length is counted in units of 8 in one octet.</summary>
    public const int MaxLength = 255 * 8;

    /// <inheritdoc cref="NeighborDiscoveryOptionFields(NeighborDiscoveryOptionType, FieldList{byte})"/>
    public FieldList<byte> Data { get; init; } = Data.PaddedTo(LengthOf(2 + Data.Count) - 2);

    /// <inheritdoc/>
    public int Length => 2 + Data.Count;

    /// <summary>What an option says.</summary>
    public static NeighborDiscoveryOptionFields Read(NeighborDiscoveryOption option) => new(option.Type, option.Data.ToArray());

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Span<byte> option = Begin(destination, Type, Length);
        Data.Span.CopyTo(option[2..]);
    }

    /// <summary>How long an option with so many octets is once it is padded.</summary>
    internal static int LengthOf(int used) => (used + 7) & ~7;

    /// <summary>Writes type and length, and clears the rest.</summary>
    /// <returns>The option.</returns>
    internal static Span<byte> Begin(Span<byte> destination, NeighborDiscoveryOptionType type, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength, nameof(Length));
        Span<byte> option = destination[..length];
        option.Clear();
        (option[0], option[1]) = ((byte)type, (byte)(length / 8));
        return option;
    }
}
