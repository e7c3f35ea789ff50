using Fluke6.Wire;

namespace Fluke6.Flows;

/// <summary>An IPv6 address that neighbour discovery named. RFC 4861 §4.3, §4.4.</summary>
internal record struct NeighborSighting
{
    /// <summary>The address.</summary>
    public Ipv6Address Address { get; internal set; }

    /// <summary>The link address that a host gave for it; zero if none did.</summary>
    public MacAddress Mac { get; internal set; }

    /// <summary>The link address that a rule gave for it; zero if none did.</summary>
    public MacAddress MacByRule { get; internal set; }

    /// <summary>Solicitations for it that arrived.</summary>
    public long Solicitations { get; internal set; }

    /// <summary>Of those, the ones sent to find out whether the address is taken (source ::). RFC 4862 §5.4.</summary>
    public long DuplicateProbes { get; internal set; }

    /// <summary>Advertisements of it that a host sent.</summary>
    public long AnswersByHost { get; internal set; }

    /// <summary>Advertisements of a host's that rules let pass.</summary>
    public long AnswersDelivered { get; internal set; }

    /// <summary>Advertisements of it that rules made.</summary>
    public long AnswersByRule { get; internal set; }

    /// <summary>Whether a rule answered for it at least once.</summary>
    public readonly bool IsAnsweredByRule => AnswersByRule > 0;

    /// <summary>When it was last seen, UTC.</summary>
    public DateTime LastSeen { get; internal set; }
}
