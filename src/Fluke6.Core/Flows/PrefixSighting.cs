using Fluke6.Wire;

namespace Fluke6.Flows;

/// <summary>A prefix that a router advertised. RFC 4861 §4.6.2.</summary>
internal record struct PrefixSighting
{
    /// <summary>The source of the advertisement.</summary>
    public Ipv6Address Router { get; internal set; }

    /// <summary>The prefix.</summary>
    public Ipv6Prefix Prefix { get; internal set; }

    /// <summary>L: on this link.</summary>
    public bool OnLink { get; internal set; }

    /// <summary>A: hosts may make addresses of it.</summary>
    public bool Autonomous { get; internal set; }

    /// <summary>Seconds that it is valid; all ones for ever.</summary>
    public uint ValidLifetime { get; internal set; }

    /// <summary>Seconds that addresses of it are preferred; all ones for ever.</summary>
    public uint PreferredLifetime { get; internal set; }

    /// <summary>How often it arrived.</summary>
    public long Offered { get; internal set; }

    /// <summary>
    /// How often it left in an advertisement that arrived. A prefix that a rule replaced was offered and not delivered, the other one the reverse.
    /// </summary>
    public long Delivered { get; internal set; }

    /// <summary>How often it left in an advertisement that a rule made, such as the last one, which takes back what the rule did.</summary>
    public long SentByRule { get; internal set; }

    /// <summary>Whether a rule sent it while the bridge ran: one that delays advertisements, for instance.</summary>
    public bool IsSentOn { get; internal set; }

    /// <summary>Whether it arrived and never left: a rule took it out. If one gave it back only when the bridge stopped, it did.</summary>
    public readonly bool IsTakenOut => Offered > 0 && Delivered == 0 && !IsSentOn;

    /// <summary>Whether it left and never arrived: a rule put it in.</summary>
    public readonly bool IsPutIn => Offered == 0;

    /// <summary>When it was last seen, UTC.</summary>
    public DateTime LastSeen { get; internal set; }
}
