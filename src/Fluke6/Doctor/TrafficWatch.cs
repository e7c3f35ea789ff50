using System.Globalization;
using Fluke6.Linux;
using Fluke6.Linux.Survey;

namespace Fluke6.Command.Doctor;

/// <summary>Looks twice at what the kernel counts, and says why frames that arrive on one side do not leave by the other.</summary>
internal sealed class TrafficWatch
{
    /// <summary>What it is called among the checks.</summary>
    public static readonly Check Check = new("traffic", "whether what arrives on one side leaves by the other", _ => []);

    private readonly Examination _about;
    private readonly Look _before;

    /// <summary>Takes the first look.</summary>
    public TrafficWatch(Examination about)
    {
        _about = about;
        _before = new Look(about);
    }

    /// <summary>Takes the second look.</summary>
    public IReadOnlyList<Finding> Compare()
    {
        var after = new Look(_about);
        var findings = new List<Finding>();
        if (_before.Backlog < after.Backlog)
        {
            findings.Add(new(Severity.Warning, $"processors threw {after.Backlog - _before.Backlog:N0} frames away meanwhile",
                "frames come faster than they are taken", "sysctl -w net.core.netdev_max_backlog=10000"));
        }

        foreach ((ExaminedPort port, LinkFacts link) in after.Links)
            findings.AddRange(Losses(port, link, after.Since(_before, port)));
        foreach ((ExaminedPort from, ExaminedPort to) in ((ExaminedPort, ExaminedPort)[])[(_about.Left, _about.Right), (_about.Right,
            _about.Left)])
        {
            if (after.LinkOf(from) is not null && after.LinkOf(to) is { } link)
                findings.AddRange(Passage(from, to, link, after));
        }

        return [.. findings.OrderByDescending(finding => finding.Severity)];
    }

    private static IEnumerable<Finding> Losses(ExaminedPort port, LinkFacts link, LinkCounters counted)
    {
        if (counted.Overruns > 0)
        {
            yield return new(Severity.Serious, $"{link.Name} had no room for {counted.Overruns:N0} frames meanwhile",
                "its ring is full: nobody sees those frames",
                CardChecks.RingCommand(port, link, port.Network.CardOf(link)));
        }

        if (counted.ReceiveErrors > 0)
        {
            yield return new(Severity.Warning, $"{link.Name} received {counted.ReceiveErrors:N0} damaged frames meanwhile",
                "they are thrown away before anybody sees them: a cable, a duplex mismatch",
                port.In($"ethtool -S {link.Name}"));
        }

        if (counted.SendDropped > 0)
        {
            yield return IsDevice(port)
                ? new(Severity.Warning, $"{counted.SendDropped:N0} frames of its host were dropped at {link.Name} meanwhile",
                    "the bridge does not take them fast enough, and the queue is full", $"{port.Ip} link set {link.Name} txqueuelen 10000")
                : new(Severity.Warning, $"{counted.SendDropped:N0} frames were dropped on their way out of {link.Name} meanwhile",
                    "its queue is full, or its queueing discipline drops them", $"{port.Tc} -s qdisc show dev {link.Name}");
        }
    }

    private IEnumerable<Finding> Passage(ExaminedPort from, ExaminedPort to, LinkFacts link, Look after)
    {
        LinkCounters came = after.Since(_before, from), went = after.Since(_before, to);
        long arrived = IsDevice(from) ? came.Sent + came.SendDropped : came.Received, left = IsDevice(to) ? went.Received : went.Sent;
        string figures = $"{arrived:N0} frames arrived at {from.Name} and {left:N0} left by {to.Name}";
        // Whoever is there does not answer, or what they answer is kept away.
        if (arrived == 0 && came.Sent > 0 && !IsDevice(from) && after.LinkOf(from) is { } silent)
        {
            (string harm, string command) = CardChecks.HostAdvice(from.Network.CardOf(silent).Driver)
                ?? ("its hosts are silent, or a hypervisor, an access point or a switch there keeps frames with other addresses than its card's away "
                    + "(MAC spoof protection, port security)", from.In($"tcpdump -c 1 -ni {from.Name} inbound"));
            yield return new(Severity.Warning, $"{came.Sent:N0} frames left by {from.Name}, and none arrived there meanwhile", harm, command);
            yield break;
        }

        if (arrived == 0)
        {
            yield return new(Severity.Note, $"no frame arrived at {from.Name} meanwhile",
                "its host is silent, or its frames do not get here",
                from.In($"tcpdump -c 1 -ni {from.Name}"));
            yield break;
        }

        if (left > 0)
        {
            yield return new(Severity.Note, figures, "frames pass", $"{to.Ip} -s link show {to.Name}");
            yield break;
        }

        yield return Cause(from, to, link, came, went, after.Bridge) with { Severity = Severity.Serious, Seen = figures };
    }

    /// <summary>Why frames that arrive on one side do not leave by the other: the likeliest first.</summary>
    private Finding Cause(ExaminedPort from, ExaminedPort to, LinkFacts link, LinkCounters came, LinkCounters went, BridgeProcess? bridge)
    {
        Finding Because(string harm, string command) => new(Severity.Serious, "", harm, command);
        if (bridge is null)
            return Because("no fluke6 bridges these ports", $"fluke6 bridge {_about.Left.Specification} {_about.Right.Specification}");
        if (bridge.IsStopped)
            return Because($"the fluke6 that bridges them (pid {bridge.Id}) is stopped", $"kill -CONT {bridge.Id}");
        if (!link.IsUp)
            return Because($"{to.Name} is down", $"{to.Ip} link set {to.Name} up");
        if (!link.HasCarrier)
            return Because($"{to.Name} has no signal", to.In($"ethtool {to.Name}"));
        if (went.SendDropped > 0)
            return Because($"{to.Name} dropped {went.SendDropped:N0} on their way out: its queue or its queueing discipline",
                $"{to.Tc} -s qdisc show dev {to.Name}");
        if (came.Overruns + came.ReceiveDropped >= came.Received)
            return Because($"{from.Name} dropped them before the bridge saw them", from.In($"ethtool -S {from.Name}"));
        if (bridge.Waiting > 0 && bridge.Worked == TimeSpan.Zero)
            return Because($"the fluke6 that bridges them (pid {bridge.Id}) does nothing, and {bridge.Waiting:N0} bytes of frames wait "
                + $"for it: a rule may hang", $"kill {bridge.Id}");
        return Because("the rules drop or answer them, or they are longer than the MTU there: the report's drop column, and `dropped` of "
            + "its port, tell which",
            $"kill -INT {bridge.Id}");
    }

    // As a host's interface it sends what arrives here; the kernel counts that when the bridge takes it.
    private static bool IsDevice(ExaminedPort port) => port.Specification.Kind is PortKind.Tap or PortKind.Tun;

    /// <summary>The Fluke6 that bridges the ports, as the kernel shows it.</summary>
    /// <param name="Id">Its process.</param>
    /// <param name="IsStopped">Whether a signal stopped it.</param>
    /// <param name="Worked">How long it has worked between both looks.</param>
    /// <param name="Waiting">How many bytes of memory the frames take that wait for it.</param>
    private sealed record BridgeProcess(int Id, bool IsStopped, TimeSpan Worked, long Waiting);

    private sealed class Look
    {
        private const int TicksPerSecond = 100;    // USER_HZ, proc_pid_stat(5)
        private readonly Dictionary<ExaminedPort, LinkFacts> _links = [];
        private TimeSpan _worked;

        public Look(Examination about)
        {
            foreach (ExaminedPort port in about.Ports.Where(port => port.Link is not null))
            {
                var network = new NetworkFacts(port.Network.Name);
                if (network.Links.FirstOrDefault(link => link.Index == port.Link!.Index) is not { } link)
                    continue;

                _links[port] = link;
                if (network.HolderOf(link) is > 0 and var holder)
                    Add(holder, [.. network.PacketSockets.Where(socket => socket.LinkIndex == link.Index && socket.Protocol != 0)]);
            }
        }

        public BridgeProcess? Bridge { get; private set; }

        public long Backlog { get; } = new MachineFacts().BacklogDropped;

        public IEnumerable<(ExaminedPort Port, LinkFacts Link)> Links => _links.Select(pair => (pair.Key, pair.Value));

        public LinkFacts? LinkOf(ExaminedPort port) => _links.GetValueOrDefault(port);

        public LinkCounters Since(Look before, ExaminedPort port)
        {
            if (Bridge is not null)
                Bridge = Bridge with { Worked = _worked - before._worked };
            return LinkOf(port) is { } now && before.LinkOf(port) is { } then && then.Index == now.Index ? now.Counters - then.Counters
                : default;
        }

        // A supervisor has the bridge's sockets, too, and does nothing; the one that works is among their owners.
        private void Add(int holder, IReadOnlyList<PacketSocketFacts> sockets)
        {
            foreach (PacketSocketFacts socket in sockets)
            {
                int[] owners = [.. socket.Owners().Select(owner => owner.Process)];
                (char State, long Ticks)[] states = [.. owners.Contains(holder) ? owners.Select(Stat).OfType<(char, long)>() : []];
                if (states.Length == 0)
                    continue;

                _worked = TimeSpan.FromSeconds((double)states.Sum(state => state.Ticks) / TicksPerSecond);
                Bridge = new BridgeProcess(holder, states.Any(state => state.State is 'T' or 't'), _worked, socket.Waiting
                    + (Bridge?.Waiting ?? 0));
            }
        }

        // The name may hold blanks and parentheses; the state follows the last of them, user and system time are the 14th and 15th fields.
        private static (char State, long Ticks)? Stat(int process)
        {
            try
            {
                string text = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
                string[] words = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                return (words[0][0], long.Parse(words[11], CultureInfo.InvariantCulture) + long.Parse(words[12],
                    CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
