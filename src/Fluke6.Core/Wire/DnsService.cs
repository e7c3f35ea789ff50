using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The data of an SVCB or HTTPS record, read and written in place. RFC 9460 §2.2.</summary>
public readonly ref struct DnsService : ISpanFormattable
{
    private readonly DnsRecord _record;
    private readonly int _parameters;

    private DnsService(DnsRecord record, DnsNameView target, int parameters)
    {
        _record = record;
        Target = target;
        _parameters = parameters;
    }

    /// <summary>Its place among several: a lower one is preferred; 0 for an alias, which has no parameters. RFC 9460 §2.4.1.</summary>
    public ushort Priority
    {
        get => ReadUInt16BigEndian(_record.Data);
        set => _record.Write(_record.DataOffset, value);
    }

    /// <summary>The host that serves; the root for the record's own name. RFC 9460 §2.5.</summary>
    public DnsNameView Target { get; }

    /// <summary>The parameters, such as port and address hints.</summary>
    public DnsServiceParameters Parameters => new(_record, _parameters);

    /// <summary>The addresses of IPv6 that a client may use before it has asked for any. RFC 9460 §7.3.</summary>
    public bool TryGetIpv6Hints(out DnsIpv6Hints hints)
    {
        foreach (DnsServiceParameter parameter in Parameters)
        {
            if (parameter.TryGetIpv6Hints(out hints))
                return true;
        }

        hints = default;
        return false;
    }

    /// <summary>The addresses of IPv4 that a client may use before it has asked for any. RFC 9460 §7.3.</summary>
    public bool TryGetIpv4Hints(out DnsIpv4Hints hints)
    {
        foreach (DnsServiceParameter parameter in Parameters)
        {
            if (parameter.TryGetIpv4Hints(out hints))
                return true;
        }

        hints = default;
        return false;
    }

    internal static bool TryRead(DnsRecord record, out DnsService service)
    {
        service = default;
        int end = record.DataOffset + record.Data.Length;
        if (record.Data.Length < sizeof(ushort)
            || !DnsNameView.TryRead(record.Message, record.DataOffset + sizeof(ushort), out DnsNameView target, out int parameters, record.Guard)
            || parameters > end || !DnsServiceParameters.AreWellFormed(record.Message[parameters..end]))
        {
            return false;
        }

        service = new DnsService(record, target, parameters);
        return true;
    }

    /// <summary>Priority, target and parameters, as dig would print them. RFC 9460 §2.1.</summary>
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
