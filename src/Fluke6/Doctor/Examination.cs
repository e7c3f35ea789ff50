using Fluke6.Linux;
using Fluke6.Linux.Survey;

namespace Fluke6.Command.Doctor;

/// <summary>All that checks look at.</summary>
/// <param name="Left">The left port.</param>
/// <param name="Right">The right port.</param>
internal sealed record Examination(ExaminedPort Left, ExaminedPort Right)
{
    /// <summary>The machine.</summary>
    public MachineFacts Machine { get => field ??= new MachineFacts(); init; }

    /// <summary>Rules and folders of rules.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Where programs that run tell what they do.</summary>
    public string RunFolder { get; init; } = "/run";

    /// <summary>Tells where compiled rules would be kept, and why they are not; null if they are, or are not to be.</summary>
    public Func<(string Folder, string Why)?> UnusableCache { get; init; } = Scripting.RuleCompiler.UnusableCache;

    /// <summary>The ports that are interfaces.</summary>
    public IEnumerable<ExaminedPort> Ports => ((ExaminedPort[])[Left, Right]).Where(port => port.Specification.Kind != PortKind.None);

    /// <summary>The interfaces that are there.</summary>
    public IEnumerable<(ExaminedPort Port, LinkFacts Link)> Links => Ports.Where(port => port.Link is not null).Select(port => (port,
        port.Link!));

    /// <summary>The interfaces that were there before, which the bridge uses by packet sockets.</summary>
    public IEnumerable<(ExaminedPort Port, LinkFacts Link)> Interfaces => Links.Where(found =>
        found.Port.Specification.Kind == PortKind.Packet);

    /// <summary>Both interfaces, where both are there and in one network namespace; otherwise null.</summary>
    public (LinkFacts Left, LinkFacts Right)? Pair => Left.Link is { } left && Right.Link is { } right
        && Left.Network.Identity == Right.Network.Identity ? (left, right) : null;

    /// <summary>Both ports, as on the command line.</summary>
    public string Names => $"{Left.Specification}, {Right.Specification}";

    /// <summary>Looks at two ports.</summary>
    public static Examination Of(PortSpecification left, PortSpecification right)
    {
        var first = new NetworkFacts(left.InterfaceNamespace);
        return new Examination(new ExaminedPort(left, first),
            new ExaminedPort(right, right.InterfaceNamespace == left.InterfaceNamespace ? first
                : new NetworkFacts(right.InterfaceNamespace)));
    }
}

/// <summary>A port, and the network namespace that it is in.</summary>
/// <param name="Specification">The port.</param>
/// <param name="Network">The namespace of its own interface.</param>
internal sealed record ExaminedPort(PortSpecification Specification, NetworkFacts Network)
{
    private bool _looked;

    /// <summary>The interface's name.</summary>
    public string Name => Specification.Interface;

    /// <summary>Its interface, if that is there.</summary>
    public LinkFacts? Link
    {
        get
        {
            Look();
            return field;
        }
        private set;
    }

    /// <summary>Why its namespace cannot be entered; null if it can.</summary>
    public PortException? Trouble
    {
        get
        {
            Look();
            return field;
        }
        private set;
    }

    /// <summary>ip(8) for its namespace.</summary>
    public string Ip => Of("ip");

    /// <summary>tc(8) for its namespace.</summary>
    public string Tc => Of("tc");

    /// <summary>The command that does another in its namespace.</summary>
    public string In(string command) => Network.Name switch
    {
        null => command,
        var path when path.Contains('/', StringComparison.Ordinal) => $"nsenter --net={path} {command}",
        var name => $"ip netns exec {name} {command}",
    };

    /// <summary>The command that gives settings of the kernel's other values.</summary>
    /// <param name="assignments">Such as <c>net/ipv4/ip_forward=0</c>.</param>
    public string Set(params IEnumerable<string> assignments) => In($"sysctl -w {string.Join(' ', assignments)}");

    private string Of(string program) => Network.Name is { } name && !name.Contains('/', StringComparison.Ordinal)
        ? $"{program} -n {name}" : In(program);

    private void Look()
    {
        if (_looked)
            return;

        _looked = true;
        try
        {
            Link = Specification.Kind == PortKind.None ? null : Network.Find(Name);
        }
        catch (PortException exception)
        {
            Trouble = exception;
        }
    }
}
