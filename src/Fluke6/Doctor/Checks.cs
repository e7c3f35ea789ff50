using Fluke6.Linux;
using Fluke6.Linux.Survey;

namespace Fluke6.Command.Doctor;

/// <summary>All checks, and what they find.</summary>
internal static class Checks
{
    /// <summary>In the order in which findings of equal weight are told.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        .. PortChecks.All, .. PairChecks.All, .. KernelChecks.All, .. NeighbourChecks.All, .. PathChecks.All, .. AddressChecks.All,
            .. CardChecks.All, .. MachineChecks.All,
    ];

    /// <summary>What all checks find, the serious things first.</summary>
    public static IReadOnlyList<(Check Check, Finding Finding)> Of(Examination about)
    {
        List<(Check, Finding)> found = [.. All.SelectMany(check => check.Look(about), (check, finding) => (check, finding))];
        string[] unseen = [.. about.Ports.SelectMany(port => port.Network.Unseen).Distinct()];
        if (unseen.Length > 0)
        {
            found.Add((All[0], new Finding(Severity.Note, $"this user may not look at {string.Join(", ", unseen)}",
                "what is there was not found",
                $"sudo fluke6 doctor {about.Left.Specification} {about.Right.Specification}")));
        }

        return [.. found.OrderByDescending(pair => pair.Item2.Severity)];
    }

    /// <summary>What a bridge that forwards warns of, a line each. It enters no namespace, for which it has no right any more.</summary>
    /// <param name="left">The left port, as on the command line.</param>
    /// <param name="right">The right port.</param>
    public static IEnumerable<string> AtStart(string left, string right)
    {
        PortSpecification first = PortSpecification.Parse(left), second = PortSpecification.Parse(right);
        if (first.InterfaceNamespace is not null || second.InterfaceNamespace is not null)
            return [];

        // A router may have a million routes, and addresses tell enough.
        var network = new NetworkFacts(null) { Routes = [] };
        var about = new Examination(new ExaminedPort(first, network), new ExaminedPort(second, network));
        try
        {
            return [.. All.Where(check => check.IsAtStart).SelectMany(check => check.Look(about)).Where(finding =>
                finding.Severity > Severity.Note).Select(finding => finding.Line)];
        }
        catch (PortException exception)
        {
            return [$"whether the kernel itself forwards between the ports could not be seen: {exception.Message}"];
        }
    }
}
