namespace Fluke6.Wire;

/// <summary>The fields of a hop-by-hop or destination options header: which one, the header before it says. RFC 8200 §4.3, §4.6.</summary>
/// <param name="Options">The options, at most 2,046 octets; padding after the last follows by itself.</param>
/// <param name="NextHeader">What follows; in a packet, the next header says it.</param>
public readonly record struct OptionsHeaderFields(FieldList<Ipv6OptionFields> Options, IpProtocol NextHeader = IpProtocol.NoNextHeader) : IIpv6Fields
{
    private const int Start = 2, MaxLength = 2048;    // Next Header and Hdr Ext Len come first

    /// <inheritdoc/>
    public int Length
    {
        get
        {
            int length = Start;
            foreach (Ipv6OptionFields option in Options)
                length += option.Length;
            return PaddedLength(length);
        }
    }

    /// <summary>What a header says; padding at its end is left out, and so are options from one that cannot be read on.</summary>
    /// <param name="header">A hop-by-hop or destination options header; another is read as one without options.</param>
    public static OptionsHeaderFields Read(Ipv6ExtensionHeader header)
    {
        var options = new List<Ipv6OptionFields>();
        if (header.TryGetOptions(out Ipv6Options list))
        {
            foreach (Ipv6Option option in list)
                options.Add(Ipv6OptionFields.Read(option));
        }

        while (options.Count > 0 && options[^1].Type <= Ipv6OptionType.PadN)
            options.RemoveAt(options.Count - 1);
        return new OptionsHeaderFields(options.ToArray(), header.NextHeader);
    }

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        int length = Length, at = Start;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength, nameof(Options));
        destination[0] = (byte)NextHeader;
        foreach (Ipv6OptionFields option in Options)
        {
            option.Write(destination[at..]);
            at += option.Length;
        }

        Complete(destination[..length], at);
    }

    /// <summary>Writes a header with one option, padded.</summary>
    /// <param name="header">As long as the header is to be.</param>
    /// <param name="next">What follows it.</param>
    /// <param name="type">The option's type.</param>
    /// <param name="data">The option's data.</param>
    internal static void Write(Span<byte> header, IpProtocol next, Ipv6OptionType type, ReadOnlySpan<byte> data)
    {
        header[0] = (byte)next;
        Complete(header, Start + Ipv6OptionFields.Write(header[Start..], type, data));
    }

    /// <summary>How long a header with so many octets is once it is padded. RFC 8200 §4.2.</summary>
    internal static int PaddedLength(int used) => (used + 7) & ~7;

    /// <summary>Writes the header's length, and the padding after what is used of it.</summary>
    internal static void Complete(Span<byte> header, int used)
    {
        header[1] = (byte)((header.Length / 8) - 1);
        Span<byte> padding = header[used..];
        padding.Clear();
        // Zero alone is Pad1; of PadN, type and length are not zero.
        if (padding.Length > 1)
            (padding[0], padding[1]) = ((byte)Ipv6OptionType.PadN, (byte)(padding.Length - 2));
    }
}
