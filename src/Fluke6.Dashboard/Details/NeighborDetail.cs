using Fluke6.Dashboard.Model;
using Fluke6.Flows;
using Fluke6.Ports;
using Fluke6.Wire;

namespace Fluke6.Dashboard.Details;

/// <summary>What neighbour discovery said: routers, prefixes, addresses and who answered for them.</summary>
internal sealed class NeighborDetail(NeighborLedger ledger) : IDetail
{
    /// <inheritdoc/>
    public string Title => "IPv6 neighbours";

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines()
    {
        List<StyledLine> lines = [new(" Routers", Ink.Strong)];
        lines.AddRange(ledger.Routers.Select(router => new StyledLine(
            $" {router.Router,-26} {(router.ByRule ? "made by a rule" : router.Side == Side.Left ? "on the left" : "on the right")}{(router.Mac == default ? "" : $", {router.Mac}")}; "
            + $"offered {Fields(router.Offered)}; delivered {Fields(router.Delivered)}")));
        lines.Add(new StyledLine(""));
        lines.Add(new StyledLine($" {"Prefixes",-26} {"offered",9} {"delivered",9}", Ink.Strong));
        lines.AddRange(ledger.Prefixes.Select(prefix => new StyledLine(
        [
            new Piece($" {prefix.Prefix,-26} {prefix.Offered,9:N0} {prefix.Delivered,9:N0}"),
            new Piece(prefix.IsTakenOut ? "  taken out by a rule" : prefix.IsPutIn ? "  put in by a rule" : "", Ink.Mark),
        ])));
        lines.Add(new StyledLine(""));
        lines.Add(new StyledLine($" {"Addresses",-40} {"asked for",9} {"by host",8} {"passed",7} {"by rule",8}", Ink.Strong));
        lines.AddRange(ledger.Neighbors.OrderByDescending(neighbor => neighbor.LastSeen).Select(neighbor => new StyledLine(
            $" {neighbor.Address,-40} {neighbor.Solicitations,9:N0} {neighbor.AnswersByHost,8:N0} {neighbor.AnswersDelivered,7:N0} {neighbor.AnswersByRule,8:N0}  "
            + Links(neighbor))));
        return lines;
    }

    private static string Fields(RouterFields fields) => !fields.IsPresent ? "nothing"
        : $"lifetime {fields.RouterLifetime} s, hop limit {fields.HopLimit}{(fields.Managed ? ", M" : "")}{(fields.OtherConfiguration ? ", O" : "")}"
            + (fields.Mtu == 0 ? "" : $", MTU {fields.Mtu}");

    private static string Links(NeighborSighting neighbor) => string.Join(", ",
        new[] { neighbor.Mac, neighbor.MacByRule }.Where(mac => mac != default(MacAddress)).Distinct().Select(mac => $"{mac}"));
}
