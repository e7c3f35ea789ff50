using System.Runtime.InteropServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>Prints any octets in one line, tcpdump-like. Whatever they are, it does not throw.</summary>
internal static partial class FramePrinter
{
    /// <summary>The longest line that <see cref="Print"/> makes, in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>One line about these octets; one longer than <see cref="MaxLength"/> is cut and ends in an ellipsis.</summary>
    public static string Print(ReadOnlySpan<byte> octets, LinkType linkType)
    {
        Span<char> line = stackalloc char[MaxLength];
        if (!TryFormat(octets, linkType, line, out int length))
            line[length - 1] = '…';

        return new string(line[..length]);
    }

    /// <summary>Writes one line about these octets without allocating, as much of it as there is room for.</summary>
    /// <param name="octets">A frame, or anything else.</param>
    /// <param name="linkType">What it would begin with.</param>
    /// <param name="destination">Room for the line; <see cref="MaxLength"/> suffices for nearly any.</param>
    /// <param name="charsWritten">How many characters were written, also where the line was cut.</param>
    /// <returns>Whether the whole line fitted.</returns>
    public static bool TryFormat(ReadOnlySpan<byte> octets, LinkType linkType, Span<char> destination, out int charsWritten)
    {
        // Views are made over writable octets; nothing here writes.
        Span<byte> frame = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(octets), octets.Length);
        var line = new LineWriter(destination);
        Write(ref line, frame, linkType, depth: 0);
        charsWritten = line.Length;
        return line.Complete;
    }

    private static void Write(ref LineWriter line, scoped Span<byte> frame, LinkType linkType, int depth)
    {
        LayerWalk.Walk(frame, linkType, out Layers layers);
        if (linkType == LinkType.Ethernet)
            WriteEthernet(ref line, frame, layers);

        switch (layers.Network)
        {
            case EtherType.Arp when ArpPacket.TryRead(frame[layers.NetworkOffset..], out ArpPacket arp):
                HeaderText.WriteArp(ref line, arp);
                break;
            case EtherType.Ipv4 when Ipv4Header.TryRead(frame[layers.NetworkOffset..], out Ipv4Header ipv4):
                WriteIpv4(ref line, ipv4, frame, layers);
                break;
            case EtherType.Ipv6 when Ipv6Header.TryRead(frame[layers.NetworkOffset..], out Ipv6Header ipv6):
                WriteIpv6(ref line, ipv6, frame, layers);
                break;
        }

        if (layers.StoppedAt == LayerStop.Tunnel)
            WriteTunnel(ref line, frame[layers.NetworkOffset..], layers.EtherType);
        if (layers.HasTransport)
            WriteTransport(ref line, frame[layers.TransportOffset..layers.PayloadEnd], layers);
        else if (layers.Network is EtherType.Ipv4 or EtherType.Ipv6)
            WriteUnreadTransport(ref line, layers);

        // Of the packet that an ICMP error quotes, the message has told already.
        if (depth < FrameRegion.MaxInnerFrames && Encapsulation.TryFind(frame, layers, out Encapsulation inner) && !inner.IsQuoted)
        {
            line.Write(" | ");
            Write(ref line, frame[inner.Offset..inner.End], inner.LinkType, depth + 1);
        }
        else
        {
            WriteStop(ref line, layers.StoppedAt, frame.Length);
        }
    }

    private static void WriteUnreadTransport(ref LineWriter line, in Layers layers)
    {
        HeaderText.WriteProtocol(ref line, layers.NextProtocol);
        line.Write($", length {layers.NetworkEnd - layers.TransportOffset}");
    }

    private static void WriteStop(ref LineWriter line, LayerStop stop, int length)
    {
        switch (stop)
        {
            case LayerStop.Complete or LayerStop.Tunnel:
                break;
            case LayerStop.Runt:
                line.Write($"[runt, length {length}]");
                break;
            case LayerStop.VlanTag:
                line.Write("[VLAN tag cut short or stacked too deep]");
                break;
            case LayerStop.UnknownEtherType:
                line.Write("[unknown EtherType]");
                break;
            case LayerStop.NetworkHeader:
                line.Write("[network header cut short or contradictory]");
                break;
            case LayerStop.ExtensionHeader:
                line.Write(" [extension header cut short]");
                break;
            case LayerStop.LaterFragment:
                line.Write(" [later fragment]");
                break;
            case LayerStop.UnknownProtocol:
                line.Write(" [unknown protocol]");
                break;
            case LayerStop.TransportHeader:
                line.Write(" [transport header cut short or contradictory]");
                break;
        }
    }
}
