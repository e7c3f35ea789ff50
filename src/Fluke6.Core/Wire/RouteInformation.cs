using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Route information option: a prefix that this router has a route to. RFC 4191 §2.3.</summary>
public readonly ref struct RouteInformation : ISpanFormattable
{
    private readonly Span<byte> _octets;        // type and length included
    private readonly ChecksumField _checksum;

    internal RouteInformation(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>How many leading bits of the prefix count, 0 to 128.</summary>
    public byte PrefixLength => Octets[2];

    /// <summary>Whether hosts are to prefer this route to others.</summary>
    public RouterPreference Preference
    {
        get => (RouterPreference)((Octets[3] >> 3) & 3);
        set => _checksum.WriteByte(Octets, 3, (byte)((Octets[3] & ~0x18u) | (FieldRange.Of((uint)value, 2) << 3)));
    }

    /// <summary>How long the route holds, in seconds; all ones for ever.</summary>
    public uint RouteLifetime
    {
        get => ReadUInt32BigEndian(Octets[4..]);
        set => _checksum.Write(Octets, 4, value);
    }

    /// <summary>The prefix, of which the option holds 0, 8 or 16 octets.</summary>
    public Ipv6Prefix Prefix
    {
        get
        {
            Span<byte> address = stackalloc byte[Ipv6Address.Length];
            address.Clear();
            Octets[8..].CopyTo(address);
            return new Ipv6Prefix(Ipv6Address.Read(address), PrefixLength);
        }
    }

    /// <summary>Replaces prefix and length.</summary>
    /// <returns>Refused, and nothing written, if the option is too short for a prefix of this length.</returns>
    public EditResult SetPrefix(Ipv6Prefix prefix)
    {
        int room = Octets.Length - 8;
        if (prefix.Length > room * 8)
            return EditResult.Refused;
        if (Prefix == prefix)
            return EditResult.Unchanged;

        Span<byte> address = stackalloc byte[Ipv6Address.Length];
        prefix.Address.WriteTo(address);
        _checksum.WriteByte(Octets, 2, (byte)prefix.Length);
        _checksum.Write(Octets, 8, address[..room]);
        return EditResult.Changed;
    }

    /// <summary>Whether option and prefix length go together. RFC 4191 §2.3.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> octets) =>
        octets.Length is 8 or 16 or 24 && octets[2] <= (octets.Length - 8) * 8;

    /// <summary>In one line, as tcpdump would print it.</summary>
    public override string ToString() => HeaderText.Of(this);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        HeaderText.Write(ref line, this);
        charsWritten = line.Length;
        return line.Complete;
    }
}
