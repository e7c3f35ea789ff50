using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>One end of a flow: an address and, where the protocol has such, a port.</summary>
public readonly record struct FlowEndpoint : ISpanFormattable
{
    private readonly ulong _high;
    private readonly ulong _low;

    internal FlowEndpoint(FlowFamily family, ulong high, ulong low, ushort port)
    {
        Family = family;
        _high = high;
        _low = low;
        Port = port;
    }

    /// <summary>Which of the addresses below is meant.</summary>
    public FlowFamily Family { get; }

    /// <summary>The TCP or UDP port; the identifier of an ICMP echo; 0 for all else.</summary>
    public ushort Port { get; }

    /// <summary>The link address; zero in the other families.</summary>
    public MacAddress Mac => Family == FlowFamily.Link ? MacAddress.FromUInt64(_low) : default;

    /// <summary>The IPv4 address; zero in the other families.</summary>
    public Ipv4Address Ipv4 => Family == FlowFamily.Ipv4 ? new Ipv4Address((uint)_low) : default;

    /// <summary>The IPv6 address; :: in the other families.</summary>
    public Ipv6Address Ipv6 => Family == FlowFamily.Ipv6 ? new Ipv6Address(_high, _low) : default;

    /// <summary>The address alone, as text.</summary>
    public string Address => Family switch
    {
        FlowFamily.Ipv4 => Ipv4.ToString(),
        FlowFamily.Ipv6 => Ipv6.ToString(),
        _ => Mac.ToString(),
    };

    /// <summary>The address and, if it is not 0, the port: <c>192.0.2.1:80</c>, <c>[2001:db8::1]:80</c>.</summary>
    public override string ToString() =>
        Port == 0 ? Address : Family == FlowFamily.Ipv6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        if (Family == FlowFamily.Ipv6 && Port != 0)
            line.Write($"[{Ipv6}]");
        else if (Family == FlowFamily.Ipv6)
            line.Write(Ipv6);
        else if (Family == FlowFamily.Ipv4)
            line.Write(Ipv4);
        else
            line.Write(Mac);
        if (Port != 0)
            line.Write($":{Port}");
        charsWritten = line.Length;
        return line.Complete;
    }
}
