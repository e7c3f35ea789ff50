using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Fluke6.Command.Streams;
using Fluke6.Linux;

namespace Fluke6.Command.Doctor;

/// <summary><c>fluke6 doctor LEFT RIGHT</c>: what at two ports would get in a bridge's way, and what to type.</summary>
internal sealed class DoctorCommand : System.CommandLine.Command
{
    /// <summary>The end of its help.</summary>
    public const string Examples = """
          fluke6 doctor eth1 eth2                what would get in the way of a bridge between them
          fluke6 doctor eth1 eth2 -r rules/      and whether the rules may be trusted
          fluke6 doctor eth1 eth2 --watch 5      and where frames of the next five seconds stay, with a bridge that runs or without
          fluke6 doctor eth1 eth2 --json         a JSON object for each finding, and one that counts them

        Exit status: 0 nothing serious, 1 something to mend, 2 usage. It changes nothing.
        """;

    private readonly Argument<string> _left = new("LEFT") { Description = "A port, as for 'fluke6 bridge'." };

    private readonly Argument<string> _right = new("RIGHT") { Description = "The other port." };

    private readonly Option<string[]> _rules = new("--rules", "-r")
    {
        Description = "A rule (.csx) or a folder of rules, to say whether they may be trusted.",
        HelpName = "PATH",
    };

    private readonly Option<bool> _json = new("--json") { Description = "One JSON object a line." };

    private readonly Option<double?> _watch = new("--watch")
    {
        Description = "Also looks at what the kernel counts, twice with so long between, and says why frames that arrive do not leave.",
        HelpName = "SECONDS",
        CustomParser = result => RuleOptions.Number(result, NumberStyles.AllowDecimalPoint, 0.1, 3600,
            "a number of seconds from 0.1 to 3,600"),
    };

    /// <summary>The command.</summary>
    public DoctorCommand()
        : base("doctor", "Says what at two ports would get in a bridge's way, why that hurts, and what to type.")
    {
        _rules.Validators.Add(RulePathArguments.Validate);
        Arguments.Add(_left);
        Arguments.Add(_right);
        Options.Add(_rules);
        Options.Add(_json);
        Options.Add(_watch);
        SetAction(parsed => Run(parsed.GetRequiredValue(_left), parsed.GetRequiredValue(_right), parsed.GetValue(_rules) ?? [],
            parsed.GetValue(_json), parsed.GetValue(_watch) is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
    }

    private static int Run(string left, string right, string[] rules, bool json, TimeSpan? watched)
    {
        Examination about;
        try
        {
            about = Examination.Of(PortSpecification.Parse(left), PortSpecification.Parse(right)) with { Rules = rules };
        }
        catch (FormatException exception)
        {
            throw new CommandFailure(ExitCode.Usage, exception.Message);
        }

        if (!about.Ports.Any())
            throw new CommandFailure(ExitCode.Usage, "none, none: there is no port to look at; name an interface for one of them");

        var watch = watched is null ? null : new TrafficWatch(about);
        IReadOnlyList<(Check Check, Finding Finding)> found = Checks.Of(about);
        if (watch is not null)
        {
            using var stop = new StopRequest();
            stop.Wait(watched!.Value);
            found = [.. found, .. watch.Compare().Select(finding => (TrafficWatch.Check, finding))];
        }

        found = [.. found.OrderByDescending(pair => pair.Finding.Severity)];
        Tell(found, json, Checks.All.Count + (watch is null ? 0 : 1));
        return found.Any(pair => pair.Finding.Severity == Severity.Serious) ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Tell(IReadOnlyList<(Check Check, Finding Finding)> found, bool json, int checks)
    {
        int Count(Severity severity) => found.Count(pair => pair.Finding.Severity == severity);
        int clean = checks - found.Select(pair => pair.Check.Name).Distinct().Count();
        foreach ((Check check, Finding finding) in found)
        {
            if (json)
                Write(writer => Describe(writer, check, finding));
            else
                Write(check, finding);
        }

        if (json)
        {
            Write(writer =>
            {
                writer.WriteString("type", "doctor");
                writer.WriteNumber("checks", checks);
                writer.WriteNumber("clean", clean);
                writer.WriteNumber("serious", Count(Severity.Serious));
                writer.WriteNumber("warnings", Count(Severity.Warning));
                writer.WriteNumber("notes", Count(Severity.Note));
            });
            return;
        }

        StandardStreams.Output.WriteLine($"{checks} checks, {clean} of them found nothing: {Count(Severity.Serious)} serious, "
            + $"{Count(Severity.Warning)} warnings, {Count(Severity.Note)} notes");
    }

    private static void Write(Check check, Finding finding)
    {
        const string Indent = "         ";
        StandardStreams.Output.WriteLine($"{finding.Severity.ToString().ToLowerInvariant(),-9}{check.Name}: {finding.Seen}");
        StandardStreams.Output.WriteLine($"{Indent}{finding.Harm}");
        if (finding.Command.Length > 0)
            StandardStreams.Output.WriteLine($"{Indent}$ {finding.Command}");
    }

    private static void Describe(Utf8JsonWriter writer, Check check, Finding finding)
    {
        writer.WriteString("type", "finding");
        writer.WriteString("check", check.Name);
        writer.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
        writer.WriteString("seen", finding.Seen);
        writer.WriteString("harm", finding.Harm);
        writer.WriteString("command", finding.Command.Length > 0 ? finding.Command : null);
    }

    private static void Write(Action<Utf8JsonWriter> body)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }

        StandardStreams.Output.WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }
}
