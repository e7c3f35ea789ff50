using System.Text.Json.Serialization;

namespace Fluke6.Snapshots;

/// <summary>Routers, prefixes and addresses that neighbour discovery told of, those seen last first.</summary>
internal sealed record NeighborsRecord
{
    /// <summary>The routers.</summary>
    public IReadOnlyList<RouterRecord> Routers { get => field ?? []; init; }

    /// <summary>The prefixes.</summary>
    public IReadOnlyList<PrefixRecord> Prefixes { get => field ?? []; init; }

    /// <summary>The addresses.</summary>
    public IReadOnlyList<AddressRecord> Addresses { get => field ?? []; init; }
}

/// <summary>A router that was advertised.</summary>
internal sealed record RouterRecord
{
    /// <summary>The source of its advertisements.</summary>
    public string Address { get => field ?? ""; init; }

    /// <summary>Its link address; null if it gave none.</summary>
    public string? Mac { get; init; }

    /// <summary>The side that it is at.</summary>
    public string Side { get => field ?? ""; init; }

    /// <summary>Whether rules alone advertise it.</summary>
    public bool ByRule { get; init; }

    /// <summary>Its last advertisement as it arrived; null if none did.</summary>
    public RouterFieldsRecord? Offered { get; init; }

    /// <summary>Its last advertisement as it left; null if none did.</summary>
    public RouterFieldsRecord? Delivered { get; init; }
}

/// <summary>What a router says of itself and of the link. RFC 4861 §4.2.</summary>
internal sealed record RouterFieldsRecord
{
    /// <summary>The hop limit that hosts are to use.</summary>
    public int HopLimit { get; init; }

    /// <summary>M: addresses by DHCPv6.</summary>
    public bool Managed { get; init; }

    /// <summary>O: other configuration by DHCPv6.</summary>
    public bool OtherConfiguration { get; init; }

    /// <summary>For how many seconds it is a default router.</summary>
    public int RouterLifetime { get; init; }

    /// <summary>The MTU option's octets; 0 without one.</summary>
    public long Mtu { get; init; }
}

/// <summary>A prefix that a router advertised. RFC 4861 §4.6.2.</summary>
internal sealed record PrefixRecord
{
    /// <summary>The prefix.</summary>
    public string Prefix { get => field ?? ""; init; }

    /// <summary>The source of the advertisement.</summary>
    public string Router { get => field ?? ""; init; }

    /// <summary>L: on this link.</summary>
    public bool OnLink { get; init; }

    /// <summary>A: hosts may make addresses of it.</summary>
    public bool Autonomous { get; init; }

    /// <summary>Seconds that it is valid.</summary>
    public long ValidLifetime { get; init; }

    /// <summary>Seconds that addresses of it are preferred.</summary>
    public long PreferredLifetime { get; init; }

    /// <summary>How often it arrived.</summary>
    public long Offered { get; init; }

    /// <summary>How often it left in an advertisement that arrived.</summary>
    public long Delivered { get; init; }

    /// <summary>How often it left in an advertisement that a rule made.</summary>
    public long SentByRule { get; init; }

    /// <summary>Whether a rule took it out.</summary>
    public bool TakenOut { get; init; }

    /// <summary>Whether a rule put it in.</summary>
    [JsonIgnore]
    public bool PutIn => Offered == 0;
}

/// <summary>An IPv6 address that neighbour discovery named.</summary>
internal sealed record AddressRecord
{
    /// <summary>The address.</summary>
    public string Address { get => field ?? ""; init; }

    /// <summary>Solicitations for it.</summary>
    public long Solicitations { get; init; }

    /// <summary>Of those, the ones sent to find out whether the address is taken.</summary>
    public long DuplicateProbes { get; init; }

    /// <summary>What a host answered.</summary>
    public HostAnswers Host { get => field ?? new HostAnswers(); init; }

    /// <summary>What a rule answered.</summary>
    public RuleAnswers Rule { get => field ?? new RuleAnswers(); init; }
}

/// <summary>A host's advertisements of an address.</summary>
internal sealed record HostAnswers
{
    /// <summary>How many arrived.</summary>
    public long Answers { get; init; }

    /// <summary>How many left.</summary>
    public long Delivered { get; init; }

    /// <summary>The link address in them; null if there was none.</summary>
    public string? Mac { get; init; }
}

/// <summary>A rule's advertisements of an address.</summary>
internal sealed record RuleAnswers
{
    /// <summary>How many left.</summary>
    public long Answers { get; init; }

    /// <summary>The link address in them; null if there was none.</summary>
    public string? Mac { get; init; }
}
