using Fluke6.Linux;
using Fluke6.Linux.Survey;

namespace Fluke6.Command.Doctor;

/// <summary>Whether the two ports fit each other.</summary>
internal static class PairChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("same-interface", "whether both ports are one interface", SameInterface),
        new("one-pair", "whether both are the two ends of one veth pair", OnePair),
        new("mtu", "whether one takes longer packets than the other", Mtus),
        new("mac", "whether both have the same hardware address", Macs),
        new("two-namespaces", "whether they are in two network namespaces", TwoNamespaces),
        new("another-fluke6", "whether a Fluke6 has one of them", AnotherFluke6),
    ];

    private static IEnumerable<Finding> SameInterface(Examination about)
    {
        if (about.Pair is { } pair && pair.Left.Index == pair.Right.Index
            || about.Left.Specification == about.Right.Specification && about.Left.Specification.Kind != PortKind.None)
        {
            yield return Finding.Of(Severity.Serious, PortTrouble.Same(about.Names));
        }
    }

    private static IEnumerable<Finding> OnePair(Examination about)
    {
        if (about.Pair is ({ Kind: "veth" } left, var right) && left.Parent == right.Index)
        {
            yield return new(Severity.Serious, $"{left.Name} and {right.Name} are the two ends of one veth pair",
                "a frame that leaves by one arrives at the other, and circles; each port needs a pair of its own, whose other end is a "
                    + "host's",
                $"{about.Left.Ip} link add {left.Name}-port type veth peer name {left.Name}-host");
        }
    }

    private static IEnumerable<Finding> Mtus(Examination about)
    {
        if (about.Left.Link is { } left && about.Right.Link is { } right
            && PortTrouble.Mtus((left.Name, left.Mtu), (right.Name, right.Mtu), name => (name == right.Name ? about.Right : about.Left)
                .Ip) is { } trouble)
        {
            yield return Finding.Of(Severity.Warning, trouble);
        }
    }

    private static IEnumerable<Finding> Macs(Examination about)
    {
        if (about.Left.Link is not { Mac.Length: > 0 } left || about.Right.Link is not { } right || left.Mac != right.Mac
            || about.Pair is { } pair && pair.Left.Index == pair.Right.Index)
        {
            yield break;
        }

        string last = $"{(Convert.ToInt32(right.Mac[^2..], 16) + 1) & 0xFF:x2}";
        yield return new(Severity.Warning, $"{left.Name} and {right.Name} have the same hardware address, {left.Mac}",
            "switches on both sides see it move, and this host's own answers may go to the wrong side",
            $"{about.Right.Ip} link set {right.Name} address {right.Mac[..^2]}{last}");
    }

    private static IEnumerable<Finding> TwoNamespaces(Examination about)
    {
        if (about.Interfaces.Count() == 2 && about.Pair is null)
        {
            yield return new(Severity.Note, $"{about.Names} are in two network namespaces",
                "the kernel cannot forward between them by itself: there is no fast path",
                $"{about.Right.Ip} link set {about.Right.Name} netns {about.Left.Network.Name ?? "1"}");
        }
    }

    private static IEnumerable<Finding> AnotherFluke6(Examination about)
    {
        var held = about.Links.Select(found => (found.Port, Process: found.Port.Network.HolderOf(found.Link))).Where(found =>
            found.Process is not null).ToList();
        if (held.Count == 2 && held[0].Process == held[1].Process)
        {
            yield return new(Severity.Note, $"a fluke6 (pid {held[0].Process}) bridges {about.Names}",
                "this is what it sees; a second one is refused", $"kill {held[0].Process}");
            yield break;
        }

        foreach ((ExaminedPort port, int? process) in held)
            yield return Finding.Of(Severity.Serious, PortTrouble.Taken($"{port.Specification}", process!.Value));
    }
}
