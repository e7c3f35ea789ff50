using System.Numerics;
using Fluke6.Wire;

namespace Fluke6.Rules;

/// <summary>Guards and flows, where the frames that they hold for take another way than the rest.</summary>
internal static class GuardFlows
{
    /// <summary>
    /// The segments that begin and end a TCP connection, all of ICMPv6, and ARP: ledgers are made of these. None can be overtaken by anything that matters.
    /// </summary>
    public static Guard OfLedgers { get; } = Guard.TcpFlags(TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst) | Guard.Protocol(IpProtocol.Icmpv6) | Guard.Arp;

    /// <summary>Of how many steps a guard is: each part with a name, and each instruction of a filter in text.</summary>
    public static int Steps(Guard guard) => guard switch
    {
        GuardComplement complement => Steps(complement.Guard),
        GuardPair pair => Steps(pair.Left) + Steps(pair.Right),
        TextGuard text => text.Ethernet.Length,
        _ => 1,
    };

    /// <summary>What a rule asks for that lets go of flows: of those that it did not.</summary>
    /// <param name="guard">Which frames it asks for otherwise.</param>
    /// <param name="rule">Its number, as a bit.</param>
    public static Guard NotReleased(Guard guard, ulong rule) =>
        !new NamedGuard(GuardKind.Released, $"Released({BitOperations.TrailingZeroCount(rule)})", rule) & guard;

    /// <summary>
    /// Whether a guard holds for some frames of a flow and not for others that may follow them at once: these would overtake the slower ones. What
    /// follows a SYN answers it, and after FIN and RST comes nothing.
    /// </summary>
    public static bool IsSplitBy(Guard guard, bool isWanted = true) => guard switch
    {
        GuardComplement complement => IsSplitBy(complement.Guard, !isWanted),
        GuardPair pair => IsSplitBy(pair.Left, isWanted) || IsSplitBy(pair.Right, isWanted),
        NamedGuard { Kind: GuardKind.TcpFlags } named => !isWanted || ((TcpFlags)named.Numbers[0] & ~(TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst)) != 0,
        NamedGuard named => named.Kind is GuardKind.ExtensionHeader,
        TextGuard text => FilterFlows.Splits(text.Ethernet),
        _ => true,
    };
}
