using Fluke6.Dashboard.Model;
using Fluke6.Flows;
using Fluke6.Wire;

namespace Fluke6.Dashboard.Details;

/// <summary>Neighbour discovery's messages: routers, prefixes, addresses and who answered for them.</summary>
internal sealed class NeighborDetail(NeighborLedger ledger) : IDetail
{
    /// <inheritdoc/>
    public string Title => "IPv6 neighbours";

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines()
    {
        List<StyledLine> lines = [new(" Routers", Ink.Strong)];
        lines.AddRange(ledger.Routers.Select(router => StyledLine.Prose(
            $" {router.Router,-26} {(router.ByRule ? "made by a rule" : router.Side == Side.Left ? "on the left" : "on the right")}{(router.Mac == default ? "" : $", {router.Mac}")}; "
            + $"offered {Fields(router.Offered)}; delivered {Fields(router.Delivered)}")));
        lines.Add(new StyledLine(""));
        int width = Longest("Prefixes", ledger.Prefixes.Select(prefix => $"{prefix.Prefix}"));
        lines.Add(new StyledLine($" {"Prefixes".PadRight(width)} {"offered",9} {"delivered",9}", Ink.Strong));
        lines.AddRange(ledger.Prefixes.Select(prefix => StyledLine.Prose(
        [
            new Piece($" {$"{prefix.Prefix}".PadRight(width)} {prefix.Offered,9:N0} {prefix.Delivered,9:N0}"),
            new Piece(prefix.IsTakenOut ? "  taken out by a rule" : prefix.IsPutIn ? "  put in by a rule" : "", Ink.Mark),
        ])));
        lines.Add(new StyledLine(""));
        width = Longest("Addresses", ledger.Neighbors.Select(neighbor => $"{neighbor.Address}"));
        lines.Add(new StyledLine($" {"Addresses".PadRight(width)} {"asked",5} {"by host",7} {"passed",6} {"by rule",7}", Ink.Strong));
        lines.AddRange(ledger.Neighbors.OrderByDescending(neighbor => neighbor.LastSeen).Select(neighbor => StyledLine.Prose(
            $" {$"{neighbor.Address}".PadRight(width)} {Figures.Short(neighbor.Solicitations),5} {Figures.Short(neighbor.AnswersByHost),7} "
            + $"{Figures.Short(neighbor.AnswersDelivered),6} {Figures.Short(neighbor.AnswersByRule),7} {Links(neighbor)}")));
        return lines;
    }

    // As wide as what is there asks for: with addresses of usual length, who answered stands beside them on a small screen, too.
    private static int Longest(string heading, IEnumerable<string> cells) => cells.Append(heading).Max(cell => cell.Length);

    private static string Fields(RouterFields fields) => !fields.IsPresent ? "nothing"
        : $"lifetime {fields.RouterLifetime} s, hop limit {fields.HopLimit}{(fields.Managed ? ", M" : "")}{(fields.OtherConfiguration ? ", O" : "")}"
            + (fields.Mtu == 0 ? "" : $", MTU {fields.Mtu}");

    private static string Links(NeighborSighting neighbor) => string.Join(", ",
        new[] { neighbor.Mac, neighbor.MacByRule }.Where(mac => mac != default(MacAddress)).Distinct().Select(mac => $"{mac}"));
}
