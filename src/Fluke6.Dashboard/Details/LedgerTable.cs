using Fluke6.Dashboard.Model;
using Fluke6.Flows;
using Fluke6.Frames;

namespace Fluke6.Dashboard.Details;

/// <summary>A connection's ledger, offered and delivered side by side.</summary>
internal static class LedgerTable
{
    /// <summary>The table, what is called out, and what was seen since.</summary>
    public static IEnumerable<StyledLine> Lines(TcpLedger ledger)
    {
        yield return new StyledLine($" {"",-15}{"SYN",-22}{"SYN-ACK",-22}", Ink.Dim);
        yield return new StyledLine($" {"",-15}{"offered",-11}{"delivered",-11}{"offered",-11}{"delivered",-11}in force", Ink.Dim);
        yield return Row("MSS", offer => offer.MaximumSegmentSize == 0 ? "-" : $"{offer.MaximumSegmentSize}", ledger,
            $"{ledger.ClientSendLimit} → ← {ledger.ServerSendLimit}");
        foreach (TcpFeature feature in TcpFeatures.All)
        {
            string force = ledger.EndsDisagree(feature) ? "ENDS DISAGREE" : ledger.InForce(feature) ? "yes" : "no";
            if (feature == TcpFeature.WindowScale && force == "yes")
                force = $"client {ledger.ClientWindowShift}, server {ledger.ServerWindowShift}";
            yield return Row(feature.Name(), offer => !offer.Has(feature) ? "-" : feature == TcpFeature.WindowScale ? $"{offer.WindowShift}" : "yes", ledger, force);
        }

        yield return Row("other kinds", offer => offer.OtherKinds.Any() ? string.Join(' ', offer.OtherKinds) : "-", ledger, "");
        if (!ledger.SynAckOffered.IsPresent && ledger.SynAckDelivered.ByRule)
            yield return new StyledLine(" A rule answered the SYN; the server did not.", Ink.Mark);
        foreach (TcpFeature feature in TcpFeatures.All)
        {
            if (ledger.DescribeOneSidedStrip(feature) is { } text)
                yield return StyledLine.Prose($" {text}.", Ink.Warning);
        }

        if (!ledger.IsComplete)
            yield return new StyledLine(" The handshake is not complete.", Ink.Warning);
        yield return Evidence("client", ledger.Client);
        yield return Evidence("server", ledger.Server);
        if (ledger.ClientEdits.HasChanges)
            yield return Edits("client", ledger.ClientEdits);
        if (ledger.ServerEdits.HasChanges)
            yield return Edits("server", ledger.ServerEdits);
    }

    private static StyledLine Row(string name, Func<TcpOffer, string> read, TcpLedger ledger, string force)
    {
        string syn = Read(ledger.SynOffered, read), synNow = Read(ledger.SynDelivered, read);
        string ack = Read(ledger.SynAckOffered, read), ackNow = Read(ledger.SynAckDelivered, read);
        return new StyledLine(
        [
            new Piece($" {name,-15}", Ink.Strong),
            new Piece($"{syn,-11}"),
            Delivered(syn, synNow),
            new Piece($"{ack,-11}"),
            Delivered(ack, ackNow),
            new Piece(force, force == "ENDS DISAGREE" ? Ink.Bad : Ink.Normal),
        ]);
    }

    private static string Read(TcpOffer offer, Func<TcpOffer, string> read) => offer.IsPresent ? read(offer) : "";

    // An exclamation mark says without colour that it is not what was offered.
    private static Piece Delivered(string before, string now) =>
        before == now ? new Piece($"{now,-11}") : new Piece($"{$"{now} !",-11}", Ink.Warning);

    // No longer than a small screen is wide, whatever the figures are.
    private static StyledLine Evidence(string end, TcpEvidence seen) => StyledLine.Prose(
        $" {end} since: data in {Count(seen.DataSegments)}, SACK in {Count(seen.SackSegments)}, timestamps in {Count(seen.TimestampSegments)}, "
        + $"over MSS {Count(seen.SegmentsOverLimit)}");

    private static StyledLine Edits(string end, in StreamEdits edits) => StyledLine.Prose(
        $" {end}'s bytes changed: {Count(edits.Replaced)} replaced by {Count(edits.Replacing)}, {Count(edits.Inserted)} inserted, {Count(edits.Dropped)} dropped; "
        + $"delta {edits.Delta:+0;-0;0}", Ink.Mark);

    private static string Count(long segments) => segments == 0 ? "none" : Figures.Short(segments);
}
