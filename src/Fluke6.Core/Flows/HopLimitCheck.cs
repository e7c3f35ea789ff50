using System.Numerics;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Wire;

namespace Fluke6.Flows;

/// <summary>
/// Says which rules break neighbour discovery unawares: its messages are ignored unless they arrive with hop limit 255, which proves that
/// no router forwarded them. RFC 4861 §6.1, §7.1. Bridge's thread only.
/// </summary>
internal sealed class HopLimitCheck(BridgeJournal journal, RuleNames? names)
{
    private const byte Required = 255;

    // Of several rules that changed a message, which one it was shows once it changes one alone. If it never does, all of them are told.
    private const int Patience = 16;

    private ulong _told;
    private int _unclear;

    /// <summary>Looks at a message of neighbour discovery that leaves.</summary>
    /// <param name="arrived">The hop limit that it arrived with.</param>
    /// <param name="buffer">The frame as it leaves.</param>
    public void Look(byte arrived, FrameBuffer buffer)
    {
        ulong rules = buffer.RewritingRules;
        if (rules == 0 || (rules & _told) != 0 || arrived != Required || !new Frame(buffer).TryGetIpv6(out Ipv6Header ipv6) || ipv6.HopLimit == Required)
            return;

        bool clear = BitOperations.IsPow2(rules);
        if (!clear && ++_unclear < Patience)
            return;

        // Once for each rule, so what this allocates does not matter.
        _told |= rules;
        string[] all = [.. names?.In(rules) ?? []];
        string culprit = clear ? "this rule" : $"one of the rules {string.Join(", ", all)}";
        foreach (string rule in all)
        {
            journal.Add(new LogNote(
                rule,
                $"warning: {culprit} set the hop limit of a neighbour discovery message to {ipv6.HopLimit}; hosts ignore it unless it is 255 "
                + "(RFC 4861 §6.1, §7.1): leave ICMPv6 types 133 to 137 as they are"));
        }
    }
}
