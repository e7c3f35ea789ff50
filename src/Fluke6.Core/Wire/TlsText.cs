namespace Fluke6.Wire;

/// <summary>A name in a handshake message, such as a server's or a protocol's, in place.</summary>
public readonly ref struct TlsText : ISpanFormattable
{
    private readonly TlsOctets _octets;

    internal TlsText(TlsOctets octets) => _octets = octets;

    /// <summary>The name's octets; writing others of the same number renames it.</summary>
    public TlsOctets Octets => _octets.Slice(0, _octets.Length);

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _octets.Length == 0;

    /// <summary>Whether it is this name; of letters of ASCII, large and small ones are the same. RFC 4343 §3.</summary>
    public bool Equals(ReadOnlySpan<char> name)
    {
        if (name.Length != _octets.Length)
            return false;

        for (int i = 0; i < name.Length; i++)
        {
            if (char.ToLowerInvariant((char)_octets[i]) != char.ToLowerInvariant(name[i]))
                return false;
        }

        return true;
    }

    /// <summary>In one line: its letters, digits and signs; other octets as \x and two digits.</summary>
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
