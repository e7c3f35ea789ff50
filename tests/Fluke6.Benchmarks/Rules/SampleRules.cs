using System.Runtime.CompilerServices;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Benchmarks.Rules;

/// <summary>
/// Rules as scripts have them: methods of an instance behind a delegate. Never inlined, as those of an unloadable script never are,
/// however often a profile sees them.
/// </summary>
internal sealed class SampleRules
{
    private int _asked;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Verdict StripSackPermitted(ref Frame frame)
    {
        if (frame.TryGetTcp(out TcpHeader tcp) && tcp.Syn)
            tcp.Options.Strip(TcpOptionKind.SackPermitted);
        return Verdict.Continue;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Verdict DropTelnet(ref Frame frame) =>
        frame.TryGetTcp(out TcpHeader tcp) && tcp.DestinationPort == 23 ? Verdict.Drop : Verdict.Continue;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Verdict DropChargen(ref Frame frame) =>
        frame.TryGetUdp(out UdpHeader udp) && udp.DestinationPort == 19 ? Verdict.Drop : Verdict.Continue;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Verdict CountArp(ref Frame frame)
    {
        if (frame.TryGetArp(out _))
            _asked++;
        return Verdict.Continue;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Verdict DropTimeToLiveZero(ref Frame frame) =>
        frame.TryGetIpv4(out Ipv4Header ipv4) && ipv4.TimeToLive == 0 ? Verdict.Drop : Verdict.Continue;

    /// <summary>A chain that goes through these in turn, none of which matches a bare ACK.</summary>
    public static RuleChain ChainOf(int length)
    {
        var rules = new SampleRules();
        Rule[] turns = [rules.StripSackPermitted, rules.DropTelnet, rules.DropChargen, rules.CountArp, rules.DropTimeToLiveZero];
        return new RuleChain(Enumerable.Range(0, length).Select(i => new RuleEntry($"{i:D3}", turns[i % turns.Length])));
    }
}
