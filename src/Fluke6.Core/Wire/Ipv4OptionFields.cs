namespace Fluke6.Wire;

/// <summary>An <see cref="Ipv4Option"/> to be written. RFC 791 §3.1.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Data">What follows kind and length, 0 to 38 octets; nothing follows a NOP.</param>
public readonly record struct Ipv4OptionFields(Ipv4OptionKind Kind, FieldList<byte> Data = default) : IHeaderFields
{
    /// <summary>Every router is to look at the packet. RFC 2113 §2.1.</summary>
    public static Ipv4OptionFields RouterAlert => new(Ipv4OptionKind.RouterAlert, [0, 0]);

    /// <inheritdoc/>
    public int Length => Kind is Ipv4OptionKind.NoOperation or Ipv4OptionKind.EndOfList ? 1 : 2 + Data.Count;

    /// <summary>What an option says.</summary>
    public static Ipv4OptionFields Read(Ipv4Option option) => new(option.Kind, option.Data.ToArray());

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Kind;
        if (Length == 1)
            return;

        destination[1] = (byte)Length;
        Data.Span.CopyTo(destination[2..]);
    }
}
