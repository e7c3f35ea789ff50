namespace Fluke6.Frames;

/// <summary>Prints any octets in one line, tcpdump-like.</summary>
public static class FramePrinter
{
    /// <summary>One line about these octets; whatever they are, it does not throw.</summary>
    public static string Print(ReadOnlySpan<byte> octets, LinkType linkType) => $"{linkType} {octets.Length} octets";
}
