namespace Fluke6.Wire;

/// <summary>
/// One name of a DNS search list, printed as in master files: octets that are no letters, digits or signs as \DDD. RFC 1035 §5.1.
/// </summary>
public readonly ref struct DnsSearchName : ISpanFormattable
{
    /// <summary>The longest name, in octets, the zero octet at its end included. RFC 1035 §2.3.4.</summary>
    public const int MaxLength = 255;

    // Every octet may take four characters.
    private const int MaxText = 4 * MaxLength;

    private readonly ReadOnlySpan<byte> _labels;
    private readonly ViewGuard _guard;

    internal DnsSearchName(ReadOnlySpan<byte> labels, ViewGuard guard)
    {
        _labels = labels;
        _guard = guard;
    }

    /// <summary>The labels, each after its length, without the zero octet at the end.</summary>
    public ReadOnlySpan<byte> Labels
    {
        get
        {
            _guard.Check();
            return _labels;
        }
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = new LineWriter(destination);
        for (int i = 0; i < Labels.Length; i += 1 + Labels[i])
        {
            if (i > 0)
                text.Write('.');
            foreach (byte octet in Labels.Slice(i + 1, Labels[i]))
                WriteOctet(ref text, octet);
        }

        charsWritten = text.Complete ? text.Length : 0;
        return text.Complete;
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>The labels with dots between them.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxText];
        TryFormat(text, out int length, default, null);
        return new string(text[..length]);
    }

    private static void WriteOctet(ref LineWriter text, byte octet)
    {
        if (octet is (byte)'.' or (byte)'\\')
            text.Write($"\\{(char)octet}");
        else if (octet is > 0x20 and < 0x7F)
            text.Write((char)octet);
        else
            text.Write($"\\{octet:D3}");
    }
}
