using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Details;

/// <summary>A connection's ledger, offered and delivered side by side.</summary>
internal static class LedgerTable
{
    /// <summary>The table, what is called out, and what was seen since.</summary>
    public static IEnumerable<StyledLine> Lines(LedgerRecord ledger)
    {
        yield return new StyledLine($" {"",-15}{"SYN",-22}{"SYN-ACK",-22}", Ink.Dim);
        yield return new StyledLine($" {"",-15}{"offered",-11}{"delivered",-11}{"offered",-11}{"delivered",-11}in force", Ink.Dim);
        yield return Row("MSS", offer => offer.Mss == 0 ? "-" : $"{offer.Mss}", ledger,
            $"{ledger.InForce.ClientSendMss} → ← {ledger.InForce.ServerSendMss}");
        foreach (OptionName option in OptionName.All)
        {
            bool isScale = option.Json == "windowScale";
            string force = ledger.EndsDisagree.Contains(option.Json) ? "ENDS DISAGREE" : ledger.InForce.Has(option) ? "yes" : "no";
            if (isScale && force == "yes")
                force = $"client {ledger.InForce.ClientWindowShift}, server {ledger.InForce.ServerWindowShift}";
            yield return Row(option.Words, offer => !offer.Has(option) ? "-" : isScale ? $"{offer.WindowShift}" : "yes", ledger, force);
        }

        yield return Row("other kinds", offer => offer.OtherKinds.Count > 0 ? string.Join(' ', offer.OtherKinds) : "-", ledger, "");
        if (ledger.SynAck is { Offered: null, Delivered.ByRule: true })
            yield return new StyledLine(" A rule answered the SYN; the server did not.", Ink.Mark);
        foreach (OptionName option in OptionName.All)
        {
            if (ledger.DescribeOneSidedStrip(option) is { } text)
                yield return StyledLine.Prose($" {text}.", Ink.Warning);
        }

        if (!ledger.Complete)
            yield return new StyledLine(" The handshake is not complete.", Ink.Warning);
        yield return Evidence("client", ledger.ClientSent);
        yield return Evidence("server", ledger.ServerSent);
        if (ledger.ClientEdits is { } client)
            yield return Edits("client", client);
        if (ledger.ServerEdits is { } server)
            yield return Edits("server", server);
    }

    private static StyledLine Row(string name, Func<OfferRecord, string> read, LedgerRecord ledger, string force)
    {
        string syn = Read(ledger.Syn.Offered, read), synNow = Read(ledger.Syn.Delivered, read);
        string ack = Read(ledger.SynAck.Offered, read), ackNow = Read(ledger.SynAck.Delivered, read);
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

    private static string Read(OfferRecord? offer, Func<OfferRecord, string> read) => offer is null ? "" : read(offer);

    // An exclamation mark says without colour that it is not what was offered.
    private static Piece Delivered(string before, string now) =>
        before == now ? new Piece($"{now,-11}") : new Piece($"{$"{now} !",-11}", Ink.Warning);

    // No longer than a small screen is wide, whatever the figures are.
    private static StyledLine Evidence(string end, EvidenceRecord seen) => StyledLine.Prose(
        $" {end} since: data in {Count(seen.DataSegments)}, SACK in {Count(seen.SackSegments)}, timestamps in {Count(seen.TimestampSegments)}, "
        + $"over MSS {Count(seen.SegmentsOverMss)}");

    private static StyledLine Edits(string end, EditsRecord edits) => StyledLine.Prose(
        $" {end}'s bytes changed: {Count(edits.BytesReplaced)} replaced by {Count(edits.BytesReplacing)}, {Count(edits.BytesInserted)} inserted, {Count(edits.BytesDropped)} dropped; "
        + $"delta {edits.Delta:+0;-0;0}", Ink.Mark);

    private static string Count(long segments) => segments == 0 ? "none" : Figures.Short(segments);
}
