using System.Globalization;
using Fluke6.Frames;

namespace Fluke6.Captures;

/// <summary>Words a packet's comment: which rule did what.</summary>
internal static class CaptureComment
{
    /// <summary>The comment; empty if there is nothing to say.</summary>
    /// <param name="record">What happened.</param>
    /// <param name="octets">The frame.</param>
    /// <param name="before">The frame as it arrived, where the record is paired with that.</param>
    /// <param name="segmentSize">Of a super-segment; 0 for others.</param>
    /// <param name="linkType">What the frame begins with.</param>
    /// <param name="names">The rules' names.</param>
    public static string For(
        in CaptureRecord record, ReadOnlySpan<byte> octets, ReadOnlySpan<byte> before, int segmentSize, LinkType linkType, RuleNames names)
    {
        string did = record.Kind switch
        {
            CaptureKind.Arrived when record.Dropped => $"{Decider(record, names)}: dropped",
            CaptureKind.Changed when record.Holders == 0 => Changed(record, octets, before, linkType, names),
            CaptureKind.Changed when record.Rules == 0 => Held(record, names),
            CaptureKind.Changed => $"{Held(record, names)}; {Changed(record, octets, before, linkType, names)}",
            CaptureKind.Answered => $"{Decider(record, names)}: answered",
            CaptureKind.Sent => $"{Decider(record, names)}: sent",
            _ => "",
        };
        if (segmentSize == 0)
            return did;

        int payload = FrameDiff.PayloadLength(octets, linkType);
        string super = $"super-segment of {(payload + segmentSize - 1) / segmentSize} × {segmentSize}";
        return did.Length == 0 ? super : $"{did}; {super}";
    }

    private static string Held(in CaptureRecord record, RuleNames names) => string.Create(
        CultureInfo.InvariantCulture, $"{names.Listed(record.Holders)}: held for {record.HeldFor / 1e6:0.######} ms");

    private static string Changed(
        in CaptureRecord record, ReadOnlySpan<byte> octets, ReadOnlySpan<byte> before, LinkType linkType, RuleNames names) =>
        $"{names.Listed(record.Rules)}: {Changes(record, octets, before, linkType)}";

    private static string Changes(in CaptureRecord record, ReadOnlySpan<byte> octets, ReadOnlySpan<byte> before, LinkType linkType)
    {
        // The ring had no room for the frame as it arrived.
        if (!record.Paired || before.IsEmpty)
            return "changed";

        IReadOnlyList<FieldChange> changes = FrameDiff.Compare(before, octets, linkType);
        return changes switch
        {
            [] => "changed nothing",
            [var only] => only.ToString(),
            _ => string.Join(", ", changes),
        };
    }

    private static string Decider(in CaptureRecord record, RuleNames names) =>
        record.Decider < 0 ? "a rule" : names[record.Decider] ?? "a rule";
}
