using System.Diagnostics;
using Fluke6.Command.Doctor;
using Fluke6.Linux;
using Fluke6.Linux.Survey;

namespace Fluke6.Command.Tests.Doctor;

/// <summary>
/// A network namespace in which nothing is wrong: the ports p0 and p1, whose other ends are h0 and h1. Tests break it, and mend it by the
/// command
/// that the finding says.
/// </summary>
internal sealed class DoctorLab : IDisposable
{
    private readonly Namespaces _namespaces = new();

    public DoctorLab()
    {
        Middle = _namespaces.Add("middle");
        Do("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 net.ipv4.conf.all.forwarding=0 "
            + "net.ipv4.conf.all.rp_filter=0 "
            + "net.ipv4.conf.default.rp_filter=0 && for i in 0 1; do ip link add p$i type veth peer name h$i && ip link set p$i up && ip "
                + "link set h$i up; done");
        Namespaces.Until(() => Examine().Links.All(found => found.Link is { HasCarrier: true, State: OperationalState.Up }),
            "p0 and p1 to be up");
    }

    public string Middle { get; }

    public static Check Check(string name) => Checks.All.Single(check => check.Name == name);

    /// <summary>What a check sees at some ports.</summary>
    public static IReadOnlyList<Finding> Look(string check, Examination about) => [.. Check(check).Look(about)];

    public Examination Examine(string left = "p0", string right = "p1") => Examination.Of(Parse(left), Parse(right));

    /// <summary>An examination where the left interface is another than it is, for cards and states that this kernel has none of.</summary>
    public Examination WithLink(Func<LinkFacts, LinkFacts> change)
    {
        Examination about = Examine();
        NetworkFacts network = about.Left.Network;
        network = network with { Links = [.. network.Links.Select(link => link.Name == "p0" ? change(link) : link)] };
        return about with { Left = new ExaminedPort(about.Left.Specification, network) };
    }

    /// <summary>An examination where the left interface has such a card.</summary>
    public Examination WithCard(CardFacts card)
    {
        Examination about = Examine();
        return about with { Left = new ExaminedPort(about.Left.Specification, about.Left.Network.WithCard(about.Left.Link!, card)) };
    }

    /// <summary>The one thing that a check sees at p0 and p1; before, it must see nothing.</summary>
    public Finding Breaks(string check, string command, string left = "p0", string right = "p1")
    {
        Assert.Empty(Look(check, Examine(left, right)));
        Do(command);
        Namespaces.Until(() => Look(check, Examine(left, right)).Count > 0, $"{check} to see something");
        return Look(check, Examine(left, right))[0];
    }

    /// <summary>Types what the finding says, and waits until the check sees nothing any more.</summary>
    public void Mends(string check, Finding finding)
    {
        Assert.NotEqual("", finding.Command);
        Shell(finding.Command);
        Namespaces.Until(() => Look(check, Examine()).Count == 0, $"'{finding.Command}' to mend {check}");
    }

    /// <summary>A shell's command within the namespace.</summary>
    public void Do(string command) => Shell($"ip netns exec {Middle} sh -c '{command}'");

    public string Add(string role) => _namespaces.Add(role);

    public T In<T>(Func<T> action) => NetworkNamespace.Run(Middle, "test", action);

    public void Dispose() => _namespaces.Dispose();

    private static void Shell(string command)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardError = true,
            RedirectStandardOutput = true })!;
        string output = shell.StandardOutput.ReadToEnd(), error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"{command}: {output} {error}");
    }

    private PortSpecification Parse(string port) => PortSpecification.Parse(port == "none" || port.Contains('@') ? port
        : $"{port}@{Middle}");
}
