namespace Fluke6.Wire;

/// <summary>
/// A name where it stands in a message, compressed or not. RFC 1035 §4.1.4. Compares and prints without taking a copy; to keep it, use
/// <see cref="ToName"/>.
/// </summary>
public readonly ref struct DnsNameView : ISpanFormattable
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _offset;
    private readonly ViewGuard _guard;

    private DnsNameView(ReadOnlySpan<byte> message, int offset, ViewGuard guard)
    {
        _message = message;
        _offset = offset;
        _guard = guard;
    }

    /// <summary>The labels from the first to the last before the root. A default view has none and is malformed.</summary>
    public DnsLabels Labels => new(_message, _offset, _guard);

    /// <summary>Whether this is the root, the empty name.</summary>
    public bool IsRoot
    {
        get
        {
            DnsLabels labels = Labels;
            return !labels.MoveNext() && !labels.IsMalformed;
        }
    }

    /// <summary>The name at an offset of a message; false if it is malformed (<see cref="DnsLabels.IsMalformed"/>).</summary>
    /// <param name="message">The whole message, from its header on.</param>
    /// <param name="offset">Where the name begins.</param>
    /// <param name="name">The name.</param>
    /// <param name="end">Where what follows the name begins.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, int offset, out DnsNameView name, out int end) =>
        TryRead(message, offset, out name, out end, default);

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, int, out DnsNameView, out int)"/>
    /// <param name="guard">Who guards the message.</param>
    internal static bool TryRead(ReadOnlySpan<byte> message, int offset, out DnsNameView name, out int end, ViewGuard guard)
    {
        var labels = new DnsLabels(message, offset, guard);
        while (labels.MoveNext())
        {
        }

        end = labels.End;
        name = labels.IsMalformed ? default : new DnsNameView(message, offset, guard);
        return !labels.IsMalformed;
    }

    /// <summary>Whether this is the same name, upper and lower case being the same. RFC 4343.</summary>
    public bool Equals(DnsName other) => EndsWith(other, out int before) && before == 0;

    /// <inheritdoc cref="Equals(DnsName)"/>
    public bool Equals(DnsNameView other)
    {
        Span<byte> octets = stackalloc byte[DnsName.MaxLength], others = stackalloc byte[DnsName.MaxLength];
        int length = CopyTo(octets), otherLength = other.CopyTo(others);
        return length > 0 && DnsName.EqualOctets(octets[..length], others[..otherLength]);
    }

    /// <summary>Whether this is the name of a zone or one below it.</summary>
    public bool IsAtOrBelow(DnsName zone) => EndsWith(zone, out _);

    /// <summary>Whether this is the name, or of a zone above it: where one exists, so do those, with or without records. RFC 8020 §2.</summary>
    public bool IsAtOrAbove(DnsName other)
    {
        Span<byte> octets = stackalloc byte[DnsName.MaxLength];
        int length = CopyTo(octets);
        return length > 0 && DnsName.EndsWith(other.Octets, octets[..length], out _);
    }

    /// <summary>The name as a value of its own.</summary>
    public DnsName ToName()
    {
        Span<byte> octets = stackalloc byte[DnsName.MaxLength];
        int length = CopyTo(octets);
        return length <= 1 ? DnsName.Root : DnsName.FromWire(octets[..length]);
    }

    /// <summary>Writes the name without compression, the root's zero octet last.</summary>
    /// <param name="destination">At least <see cref="DnsName.MaxLength"/> octets.</param>
    /// <returns>How many were written; 0 for a malformed name.</returns>
    public int CopyTo(Span<byte> destination)
    {
        int length = 0;
        DnsLabels labels = Labels;
        while (labels.MoveNext())
        {
            destination[length] = (byte)labels.Current.Length;
            labels.Current.CopyTo(destination[(length + 1)..]);
            length += 1 + labels.Current.Length;
        }

        if (labels.IsMalformed)
            return 0;

        destination[length] = 0;
        return length + 1;
    }

    /// <summary>The address that a name under ip6.arpa stands for. RFC 3596 §2.5.</summary>
    public bool TryGetIpv6Address(out Ipv6Address address)
    {
        Span<byte> octets = stackalloc byte[DnsName.MaxLength];
        return DnsReverseName.TryRead(octets[..CopyTo(octets)], out address);
    }

    /// <summary>The address that a name under in-addr.arpa stands for. RFC 1035 §3.5.</summary>
    public bool TryGetIpv4Address(out Ipv4Address address)
    {
        Span<byte> octets = stackalloc byte[DnsName.MaxLength];
        return DnsReverseName.TryRead(octets[..CopyTo(octets)], out address);
    }

    /// <summary>Writes the name as text, as <see cref="DnsName.ToString()"/> does.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        Span<byte> octets = stackalloc byte[DnsName.MaxLength];
        return DnsNameText.TryFormat(octets[..CopyTo(octets)], destination, out charsWritten);
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>The name as text, as <see cref="DnsName.ToString()"/> has it; empty for a malformed one.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[DnsNameText.MaxLength];
        TryFormat(text, out int length);
        return new string(text[..length]);
    }

    private bool EndsWith(DnsName other, out int labelsBefore)
    {
        Span<byte> octets = stackalloc byte[DnsName.MaxLength];
        int length = CopyTo(octets);
        labelsBefore = 0;
        return length > 0 && DnsName.EndsWith(octets[..length], other.Octets, out labelsBefore);
    }
}
