using Fluke6.Flows;
using Fluke6.Snapshots;
using Fluke6.Wire;

namespace Fluke6.Watching;

/// <summary>Copies what neighbour discovery said.</summary>
internal static class RecordOfNeighbors
{
    /// <summary>So many of each kind, those seen last first. Any thread.</summary>
    public static NeighborsRecord Of(NeighborLedger ledger, int limit) => new()
    {
        Routers = [.. ledger.Routers.OrderByDescending(router => router.LastSeen).Take(limit).Select(Of)],
        Prefixes = [.. ledger.Prefixes.OrderByDescending(prefix => prefix.LastSeen).Take(limit).Select(Of)],
        Addresses = [.. ledger.Neighbors.OrderByDescending(neighbor => neighbor.LastSeen).Take(limit).Select(Of)],
    };

    private static RouterRecord Of(RouterSighting router) => new()
    {
        Address = $"{router.Router}",
        Mac = Of(router.Mac),
        Side = router.Side.InJson(),
        ByRule = router.ByRule,
        Offered = Of(router.Offered),
        Delivered = Of(router.Delivered),
    };

    private static RouterFieldsRecord? Of(RouterFields fields) => !fields.IsPresent ? null : new RouterFieldsRecord
    {
        HopLimit = fields.HopLimit,
        Managed = fields.Managed,
        OtherConfiguration = fields.OtherConfiguration,
        RouterLifetime = fields.RouterLifetime,
        Mtu = fields.Mtu,
    };

    private static PrefixRecord Of(PrefixSighting prefix) => new()
    {
        Prefix = $"{prefix.Prefix}",
        Router = $"{prefix.Router}",
        OnLink = prefix.OnLink,
        Autonomous = prefix.Autonomous,
        ValidLifetime = prefix.ValidLifetime,
        PreferredLifetime = prefix.PreferredLifetime,
        Offered = prefix.Offered,
        Delivered = prefix.Delivered,
        SentByRule = prefix.SentByRule,
        TakenOut = prefix.IsTakenOut,
    };

    private static AddressRecord Of(NeighborSighting neighbor) => new()
    {
        Address = $"{neighbor.Address}",
        Solicitations = neighbor.Solicitations,
        DuplicateProbes = neighbor.DuplicateProbes,
        Host = new HostAnswers { Answers = neighbor.AnswersByHost, Delivered = neighbor.AnswersDelivered, Mac = Of(neighbor.Mac) },
        Rule = new RuleAnswers { Answers = neighbor.AnswersByRule, Mac = Of(neighbor.MacByRule) },
    };

    private static string? Of(MacAddress mac) => mac == default ? null : $"{mac}";
}
