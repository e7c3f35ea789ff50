namespace Fluke6.Wire;

/// <summary>One extension of a ClientHello. RFC 8446 §4.2. Setters adjust the TCP checksum.</summary>
public readonly ref struct TlsExtension : ISpanFormattable, INumberedOption<TlsExtensionType>
{
    internal const int HeaderLength = 4;
    private const byte HostName = 0;

    private readonly TlsOctets _octets;    // type and length included

    internal TlsExtension(TlsOctets octets) => _octets = octets;

    /// <summary>What the extension is; a number without a name is one that <see cref="TlsExtensionType"/> does not list.</summary>
    public TlsExtensionType Type { get => (TlsExtensionType)_octets.UInt16(0); set => _octets.Set(0, (ushort)value); }

    /// <summary>What follows type and length.</summary>
    public TlsOctets Data => _octets.Slice(HeaderLength, _octets.Length);

    /// <summary>The first host name of an SNI. RFC 6066 §3.</summary>
    public bool TryGetServerName(out TlsText name)
    {
        name = default;
        if (Type != TlsExtensionType.ServerName || !TryGetList(out TlsOctets list))
            return false;

        while (list.Length >= 3 && list.UInt16(1) <= list.Length - 3)
        {
            int length = list.UInt16(1);
            if (list.Byte(0) == HostName)
            {
                name = new TlsText(list.Slice(3, length));
                return true;
            }

            list = list.Slice(3 + length, list.Length);
        }

        return false;
    }

    /// <summary>The protocols of ALPN. RFC 7301 §3.1.</summary>
    public bool TryGetApplicationProtocols(out TlsTexts protocols)
    {
        protocols = default;
        if (Type != TlsExtensionType.ApplicationProtocols || !TryGetList(out TlsOctets list))
            return false;

        protocols = new TlsTexts(list);
        return true;
    }

    /// <summary>The versions that the client speaks, the preferred one first. RFC 8446 §4.2.1.</summary>
    public bool TryGetSupportedVersions(out TlsNumbers versions)
    {
        bool found = Type == TlsExtensionType.SupportedVersions && _octets.Length > HeaderLength
            && _octets.Byte(HeaderLength) == _octets.Length - HeaderLength - 1;
        versions = found ? new TlsNumbers(_octets.Slice(HeaderLength + 1, _octets.Length)) : default;
        return found;
    }

    /// <summary>A list that is all of the data, after two octets of length.</summary>
    private bool TryGetList(out TlsOctets list)
    {
        bool found = _octets.Length >= HeaderLength + sizeof(ushort)
            && _octets.UInt16(HeaderLength) == _octets.Length - HeaderLength - sizeof(ushort);
        list = found ? _octets.Slice(HeaderLength + sizeof(ushort), _octets.Length) : default;
        return found;
    }

    bool INumberedOption<TlsExtensionType>.Is(TlsExtensionType number) => Type == number;

    /// <summary>In one line: its name, and its data as that is read.</summary>
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
