namespace Fluke6.Command.Lab;

/// <summary>The first lines that somebody at a lab reads.</summary>
internal static class LabGuide
{
    /// <summary>How to enter the hosts, what to edit, what to try.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="rules">The files and folders that rules are taken from.</param>
    /// <param name="dashboard">Whether the user reads it at the dashboard, whose keys open shells.</param>
    public static IEnumerable<string> Lines(LabHosts hosts, IReadOnlyList<string> rules, bool dashboard)
    {
        yield return "Two hosts and the bridge between them are up. "
            + (dashboard ? "Press < for a shell in left, > for one in right; or in other terminals:" : "In other terminals:");
        yield return $"  left,  the router, {LabHosts.LeftAddress} and {LabHosts.Prefix.Address}1:";
        yield return $"    {EnterCommand(hosts.Left)}";
        yield return $"  right, {LabHosts.RightAddress}, IPv6 from the router's advertisements:";
        yield return $"    {EnterCommand(hosts.Right)}";
        yield return "";
        yield return $"The rules, live as soon as you save them: {string.Join(", ", rules.Select(Path.GetFullPath))}";
        yield return "";
        foreach (string line in rules is [var only] && only == LabRules.Folder ? ExamplesAtWork() : rules.SelectMany(SeeIt))
            yield return line;
        yield return "  both:  tcpdump -ni eth0        to compare what is sent with what arrives";
        yield return "";
        yield return "Ctrl-C ends the lab and deletes the hosts.";
    }

    private static IEnumerable<string> ExamplesAtWork()
    {
        yield return "Try:";
        yield return $"  right: nc -l 8080   left: nc {LabHosts.RightAddress} 8080   the log shows the SYNs' options";
        yield return "  left:  ss -tio                 shows no sack for that connection";
        yield return $"  left:  ping {LabHosts.ExtraAddress}  which exists nowhere";
        yield return $"  right: ip -6 address           is in {LabHosts.RewrittenPrefix}, not in {LabHosts.Prefix}";
    }

    /// <summary>The commands that a rule's first comment says to run, as each of the examples' does.</summary>
    private static IEnumerable<string> SeeIt(string rule)
    {
        if (!File.Exists(rule))
            return [];

        var lines = File.ReadLines(rule).TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal))
            .SkipWhile(line => !line.StartsWith("// See it:", StringComparison.Ordinal)).Select(line => $"  {line.TrimStart('/', ' ')}").ToList();
        return lines.Count == 0 ? [] : [$"Try, as {Path.GetFileName(rule)} says:", .. lines];
    }

    private static string EnterCommand(LabHost host) => LabPrivilege.IsOrdinaryUser
        ? $"nsenter --target {Environment.ProcessId} --user --mount --preserve-credentials nsenter --net=/run/netns/{host.Name} $SHELL"
        : $"ip netns exec {host.Name} $SHELL";
}
