using System.Runtime.InteropServices;
using Fluke6.Linux.Native;

namespace Fluke6.Linux.Survey;

/// <summary>A queueing discipline, or the place for filters of tc(8) that is made like one.</summary>
/// <param name="LinkIndex">The interface's number.</param>
/// <param name="Kind">Such as <c>fq_codel</c> or <c>clsact</c>.</param>
/// <param name="Parent">What it hangs on: TC_H_….</param>
internal sealed record Qdisc(int LinkIndex, string Kind, uint Parent)
{
    // They send all that they are given as soon as the interface takes it, and drop only what comes too fast.
    private static readonly string[] s_plain = ["noqueue", "noop", "pfifo_fast", "pfifo", "bfifo", "fq", "fq_codel", "mq", "mqprio",
        "multiq", "sfq"];

    /// <summary>Whether it is the place for filters of what arrives (and, of a clsact, of what leaves).</summary>
    public bool IsIngress => Kind is "clsact" or "ingress";

    /// <summary>Whether all that leaves the interface goes through it.</summary>
    public bool IsRoot => Parent == RtNetlink.TC_H_ROOT;

    /// <summary>Whether it delays, drops or reorders frames on purpose, or may.</summary>
    public bool ActsOnFrames => IsRoot && !s_plain.Contains(Kind);

    /// <summary>Those of the calling thread's network namespace.</summary>
    public static IReadOnlyList<Qdisc> All()
    {
        using var kernel = new NetlinkSocket("queueing disciplines");
        return All(kernel);
    }

    /// <summary>Those of the network namespace that a socket is of.</summary>
    public static unsafe IReadOnlyList<Qdisc> All(NetlinkSocket kernel)
    {
        var all = new List<Qdisc>();
        foreach (byte[] entry in kernel.List(RtNetlink.RTM_GETQDISC, default(tcmsg)))
        {
            tcmsg header = MemoryMarshal.Read<tcmsg>(entry);
            all.Add(new Qdisc(header.tcm_ifindex, NetlinkAttributes.Text(entry.AsSpan(sizeof(tcmsg)), RtNetlink.TCA_KIND),
                header.tcm_parent));
        }

        return all;
    }

    /// <summary>How many filters of tc(8) an interface has.</summary>
    /// <param name="linkIndex">An interface in the calling thread's network namespace, with a clsact or an ingress qdisc.</param>
    /// <param name="arriving">Whether for what arrives; otherwise, for what leaves.</param>
    public static int CountFilters(int linkIndex, bool arriving)
    {
        using var kernel = new NetlinkSocket("filters");
        return kernel.List(RtNetlink.RTM_GETTFILTER,
            new tcmsg { tcm_ifindex = linkIndex, tcm_parent = arriving ? RtNetlink.TC_H_MIN_INGRESS : RtNetlink.TC_H_MIN_EGRESS }).Count;
    }
}
