using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Flows;

/// <summary>
/// Says which rules break neighbour discovery unawares: its messages are ignored unless they arrive with hop limit 255, which proves that
/// no router forwarded them. RFC 4861 §6.1, §7.1. Bridge's thread only.
/// </summary>
internal sealed class HopLimitCheck(BridgeJournal journal, RuleNames? names)
{
    private const byte Required = 255;
    private ulong _told;

    /// <summary>Looks at a message of neighbour discovery that leaves.</summary>
    /// <param name="arrived">The hop limit that it arrived with.</param>
    /// <param name="buffer">The frame as it leaves.</param>
    public void Look(byte arrived, FrameBuffer buffer)
    {
        ulong rules = buffer.RewritingRules & ~_told;
        if (rules == 0 || arrived != Required || !new Frame(buffer).TryGetIpv6(out Ipv6Header ipv6) || ipv6.HopLimit == Required)
            return;

        // Once for each rule, so what this allocates does not matter.
        _told |= rules;
        foreach (string rule in names?.In(rules) ?? [])
        {
            journal.Add(new LogNote(
                rule,
                $"warning: a neighbour discovery message that this rule changed left with hop limit {ipv6.HopLimit}; hosts ignore it unless it "
                + "is 255 (RFC 4861 §6.1, §7.1): leave ICMPv6 types 133 to 137 as they are"));
        }
    }
}
