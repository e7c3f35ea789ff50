using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Details;

/// <summary>Neighbour discovery's messages: routers, prefixes, addresses and who answered for them.</summary>
internal sealed class NeighborDetail : IDetail
{
    /// <inheritdoc/>
    public string Title => "IPv6 neighbours";

    /// <inheritdoc/>
    public SnapshotRequest Wants(BridgeSnapshot snapshot) => new() { Neighbors = int.MaxValue };

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines(BridgeSnapshot snapshot)
    {
        if (snapshot.Neighbors is not { } seen)
            return [new StyledLine(" asking the bridge", Ink.Dim)];

        List<StyledLine> lines = [new(" Routers", Ink.Strong)];
        // In an order of their own: those seen last first would dance.
        lines.AddRange(seen.Routers.OrderBy(router => router.Address, StringComparer.Ordinal).Select(router => StyledLine.Prose(
            $" {router.Address,-26} {(router.ByRule ? "made by a rule" : $"on the {router.Side}")}{(router.Mac is null ? "" : $", {router.Mac}")}; "
            + $"offered {Fields(router.Offered)}; delivered {Fields(router.Delivered)}")));
        lines.Add(new StyledLine(""));
        int width = Longest("Prefixes", seen.Prefixes.Select(prefix => prefix.Prefix));
        lines.Add(new StyledLine($" {"Prefixes".PadRight(width)} {"offered",9} {"delivered",9}", Ink.Strong));
        lines.AddRange(seen.Prefixes.OrderBy(prefix => prefix.Prefix, StringComparer.Ordinal).Select(prefix => StyledLine.Prose(
        [
            new Piece($" {prefix.Prefix.PadRight(width)} {prefix.Offered,9:N0} {prefix.Delivered,9:N0}"),
            new Piece(prefix.TakenOut ? "  taken out by a rule" : prefix.PutIn ? "  put in by a rule" : "", Ink.Mark),
        ])));
        lines.Add(new StyledLine(""));
        width = Longest("Addresses", seen.Addresses.Select(address => address.Address));
        lines.Add(new StyledLine($" {"Addresses".PadRight(width)} {"asked",5} {"by host",7} {"passed",6} {"by rule",7}", Ink.Strong));
        lines.AddRange(seen.Addresses.Select(address => StyledLine.Prose(
            $" {address.Address.PadRight(width)} {Figures.Short(address.Solicitations),5} {Figures.Short(address.Host.Answers),7} "
            + $"{Figures.Short(address.Host.Delivered),6} {Figures.Short(address.Rule.Answers),7} {Links(address)}")));
        return lines;
    }

    // As wide as what is there asks for: with addresses of usual length, who answered stands beside them on a small screen, too.
    private static int Longest(string heading, IEnumerable<string> cells) => cells.Append(heading).Max(cell => cell.Length);

    private static string Fields(RouterFieldsRecord? fields) => fields is null ? "nothing"
        : $"lifetime {fields.RouterLifetime} s, hop limit {fields.HopLimit}{(fields.Managed ? ", M" : "")}{(fields.OtherConfiguration ? ", O" : "")}"
            + (fields.Mtu == 0 ? "" : $", MTU {fields.Mtu}");

    private static string Links(AddressRecord address) =>
        string.Join(", ", new[] { address.Host.Mac, address.Rule.Mac }.Where(mac => mac is not null).Distinct());
}
