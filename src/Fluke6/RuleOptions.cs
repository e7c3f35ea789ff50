using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Fluke6.Bridging;
using Fluke6.Command.Metrics;
using Fluke6.Dashboard;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Linux;
using Fluke6.Scripting.Files;

namespace Fluke6.Command;

/// <summary>The options about rules and reports, which commands share.</summary>
internal sealed class RuleOptions
{
    /// <summary>The option that takes rules of anybody.</summary>
    public const string TrustAny = "--trust-any";

    private const int MaxReportedFlows = 65_536;
    private const double MinStatsInterval = 0.1;

    private readonly Option<string[]> _rules = new("--rules", "-r")
    {
        Description = "A rule (.csx) or a folder of rules, which run in the order of their names. Watched: save a file and it is live.",
        HelpName = "PATH",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Gives a parameter another value: what Param(\"NAME\", ...) returns, in every rule whose kind of value it is, or with RULE.NAME=VALUE "
            + "in one. A list is VALUE,VALUE.",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<bool> _trustAny = new(TrustAny)
    {
        Description = "Also runs rules that others than root and you may write, or whose folders they may.",
    };

    private readonly Option<string> _stats = new("--stats")
    {
        Description = "How to report once a second and at the end: lines to read, or a JSON object a line. With none, lines to read about what "
            + "happens (warnings, faults, reloads, what rules log) and the summary at the end, and no line a second.",
        HelpName = "json|text|none",
        DefaultValueFactory = _ => "text",
    };

    private readonly Option<double?> _statsInterval = new("--stats-interval")
    {
        Description = "How often to report, instead of once a second.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 1,
        CustomParser = result => Number(result, NumberStyles.AllowDecimalPoint, MinStatsInterval, 1e6, $"a number of seconds from {MinStatsInterval} to 1,000,000"),
    };

    private readonly Option<int> _logLimit = new("--log-limit")
    {
        Description = "How many log lines a second to show of each rule (five times as many at once); those beyond are counted.",
        HelpName = "N",
        DefaultValueFactory = _ => BridgeJournal.DefaultLogLimit,
        CustomParser = result => Whole(result, 1, 1_000_000, "a whole number from 1 to 1,000,000"),
    };

    private readonly Option<double?> _duration = new("--duration")
    {
        Description = "Ends after this time; without it, at Ctrl-C.",
        HelpName = "SECONDS",
        CustomParser = result => Number(result, NumberStyles.AllowDecimalPoint, 0, 1e9, "a number of seconds"),
    };

    private readonly Option<string> _onFault = new("--on-fault")
    {
        Description = "What becomes of a frame that a rule throws on: pass it as the rule found it, or drop it.",
        HelpName = "pass|drop",
        DefaultValueFactory = _ => "pass",
    };

    private readonly Option<int> _faultLimit = new("--fault-limit")
    {
        Description = "After how many faults in a row a rule is taken out.",
        HelpName = "N",
        DefaultValueFactory = _ => new BridgeOptions().FaultLimit,
        CustomParser = result => Whole(result, 1, int.MaxValue, "a whole number from 1 on"),
    };

    private readonly Option<int> _loopLimit = new("--loop-limit")
    {
        Description = "Where the ports are connected outside of the bridge as well, frames circle: once so many that it sent came back within a second, "
            + "such frames are dropped. 0 lets them circle.",
        HelpName = "N",
        DefaultValueFactory = _ => new BridgeOptions().LoopLimit,
        CustomParser = result => Whole(result, 0, int.MaxValue, "a whole number from 0 on"),
    };

    private readonly CaptureOptions _capture = new();

    private readonly Option<int> _flows = new("--flows")
    {
        Description = "How many flows to keep figures of; new ones replace those unseen for the longest. 0 keeps none, nor what TCP ends and IPv6 "
            + "neighbours said, to compare speeds.",
        HelpName = "N",
        DefaultValueFactory = _ => new BridgeOptions().Flows,
        CustomParser = result => Whole(result, 0, FlowTable.MaxCapacity, $"a whole number from 0 to {FlowTable.MaxCapacity:N0}"),
    };

    private readonly Option<int?> _statsFlows = new("--stats-flows")
    {
        Description = "How many flows, the last seen ones, to report: in each JSON object (none unless said), or in the summary at the end (5 unless said).",
        HelpName = "N",
        CustomParser = result => Whole(result, 0, MaxReportedFlows, $"a whole number from 0 to {MaxReportedFlows:N0}"),
    };

    private readonly Option<bool> _noOffload = new("--no-offload")
    {
        Description = "Lets rules see frames as on a wire, instead of super-segments of up to 64 KiB. Slower.",
    };

    private readonly Option<string> _fastPath = new("--fast-path")
    {
        Description = "Whether the kernel forwards, between two interfaces that exist, the frames that no rule's guard asks for: where it can, never, or else "
            + "nothing is bridged. Ports and flows count them.",
        HelpName = "auto|off|require",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string> _onExit = new("--on-exit")
    {
        Description = "What becomes of frames when the bridge's process has gone, however it ended: with open the kernel forwards all of them, between two interfaces "
            + "that exist, until a bridge begins there again; with closed none, or, where systemd keeps the ports, they wait.",
        HelpName = "open|closed",
        DefaultValueFactory = _ => "closed",
    };

    private readonly Option<bool> _headless = new("--headless")
    {
        Description = "At a terminal, shows no dashboard, only the report.",
    };

    private readonly Option<bool> _supervise = new("--supervise")
    {
        Description = "Starts the bridge again when a rule ends its process (a stack overflow, Environment.Exit) or somebody kills it. Interfaces stay as they "
            + "are meanwhile. A rule that did it twice stays out until its file is saved anew.",
    };

    private readonly Option<bool> _keepPrivileges = new("--keep-privileges")
    {
        Description = "Lets rules do all that the command may. Without it, the bridge gives up every right that it does not need once its ports are open.",
    };

    private readonly Option<IPEndPoint?> _metrics = new("--metrics")
    {
        Description = "Answers Prometheus at http://ADDRESS:PORT/metrics; without an address, on this machine's loopback. Nothing listens without it.",
        HelpName = "ADDRESS:PORT",
        CustomParser = result =>
        {
            if (!MetricsSocket.TryParse(result.Tokens[0].Value, out IPEndPoint? address, out string? error))
                result.AddError(error);
            return address;
        },
    };

    private readonly RuleOptionChoice _choice;

    private readonly Option<int?> _seed = new("--seed")
    {
        Description = "What the rules' random numbers begin with: the same seed, the same numbers. Without it, a bridge's are different each time, and a replay's seed is 0.",
        HelpName = "N",
        CustomParser = result => Whole(result, 0, int.MaxValue, "a whole number from 0 on"),
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="choice">Which of them.</param>
    public RuleOptions(System.CommandLine.Command command, RuleOptionChoice choice)
    {
        _choice = choice;
        _stats.AcceptOnlyFromAmong("json", "text", "none");
        _onFault.AcceptOnlyFromAmong("pass", "drop");
        _fastPath.AcceptOnlyFromAmong("auto", "off", "require");
        _onExit.AcceptOnlyFromAmong("open", "closed");
        _onExit.Validators.Add(result =>
        {
            if (result.Tokens is not [.., { Value: "open" }])
                return;
            if (result.GetResult(_supervise) is { Implicit: false })
                result.AddError("--on-exit open and --supervise exclude each other: with --supervise, frames wait while the bridge is restarted");
            if (result.GetResult(_noOffload) is { Implicit: false })
                result.AddError("--on-exit open and --no-offload exclude each other: the kernel forwards frames as they come");
            if (result.GetResult(_fastPath) is { Implicit: false, Tokens: [.., { Value: "off" }] })
                result.AddError("--on-exit open needs the kernel's path, which --fast-path off leaves out");
        });
        _set.Validators.Add(result =>
        {
            foreach (string wrong in result.Tokens.Select(token => token.Value).Where(text => text.IndexOf('=') < 1))
                result.AddError($"'--set {wrong}' is not NAME=VALUE or RULE.NAME=VALUE");
        });
        _rules.Validators.Add(RulePathArguments.Validate);
        Option[] rules = [_rules, _set, _trustAny], faults = [_onFault, _faultLimit], engine = [_capture.File, _flows, _logLimit, .. faults, _loopLimit, _noOffload];
        Option[] chosen = choice switch
        {
            RuleOptionChoice.Bridge => 
            [
                .. rules, _headless, _stats, _statsInterval, _statsFlows, _duration, .. engine, .. _capture.Others, _fastPath, _onExit, _metrics, _seed,
                _supervise, _keepPrivileges,
            ],
            RuleOptionChoice.Lab => [.. rules, _headless, .. engine, _seed],
            _ => [.. rules, _seed, _stats, _statsFlows, _flows, .. faults],
        };
        foreach (Option option in chosen)
            command.Options.Add(option);
    }

    /// <summary>The arguments with -r before each rule: of <c>-r rules/*.csx</c> the shell makes one -r and many files.</summary>
    public static string[] WithEachRule(string[] args)
    {
        var each = new List<string>(args.Length);
        bool follows = false;
        for (int i = 0; i < args.Length; i++)
        {
            bool isRule = args[i].EndsWith(RuleFault.ScriptExtension, StringComparison.Ordinal);
            bool isValue = i > 0 && args[i - 1] is "-r" or "--rules";
            if (follows && isRule && !isValue)
                each.Add("-r");
            follows = isRule && (isValue || follows);
            each.Add(args[i]);
        }

        return [.. each];
    }

    /// <summary>Reads the user's options.</summary>
    public RuleArguments Read(ParseResult parsed) => new()
    {
        Paths = parsed.GetValue(_rules) ?? [],
        Parameters = ReadParameters(parsed.GetValue(_set) ?? []),
        Trust = parsed.GetValue(_trustAny) ? FileTrust.Any : FileTrust.OfCaller,
        JsonReport = parsed.GetValue(_stats) == "json",
        Statistics = parsed.GetValue(_stats) != "none",
        StatisticsInterval = TimeSpan.FromSeconds(parsed.GetValue(_statsInterval) ?? 1),
        Dashboard = DashboardScreen.IsPossible && !parsed.GetValue(_headless) && parsed.GetValue(_stats) != "json",
        Duration = parsed.GetValue(_duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Offload = !parsed.GetValue(_noOffload),
        FastPath = Enum.Parse<FastPathChoice>(parsed.GetValue(_fastPath) ?? "off", ignoreCase: true),
        OpensOnExit = parsed.GetValue(_onExit) == "open",
        Capture = parsed.GetValue(_capture.File),
        CaptureFilter = parsed.GetValue(_capture.Filter),
        CaptureRing = parsed.GetValue(_capture.Ring),
        CaptureLimit = _capture.LimitOf(parsed),
        Metrics = parsed.GetValue(_metrics),
        ReportedFlows = parsed.GetValue(_statsFlows),
        Supervise = parsed.GetValue(_supervise),
        KeepPrivileges = parsed.GetValue(_keepPrivileges),
        Bridge = new BridgeOptions
        {
            Flows = parsed.GetValue(_flows),
            LogLimit = parsed.GetValue(_logLimit),
            OnFault = parsed.GetValue(_onFault) == "drop" ? FaultPolicy.Drop : FaultPolicy.Pass,
            FaultLimit = parsed.GetValue(_faultLimit),
            LoopLimit = parsed.GetValue(_loopLimit),
            Threads = new LinuxThreads(),
            Random = parsed.GetValue(_seed) is { } seed ? new Random(seed) : _choice == RuleOptionChoice.Replay ? new Random(0) : new Random(),
        },
    };

    private static Dictionary<string, string> ReadParameters(string[] settings)
    {
        var parameters = new Dictionary<string, string>();
        foreach (string setting in settings)
        {
            int equals = setting.IndexOf('=');
            parameters[setting[..equals]] = setting[(equals + 1)..];
        }

        return parameters;
    }

    /// <summary>Reads a whole number, or says what is wanted.</summary>
    internal static int Whole(ArgumentResult result, int least, int most, string wanted) =>
        (int)(Number(result, NumberStyles.None, least, most, wanted) ?? least);

    /// <summary>Reads a number, or says what is wanted.</summary>
    internal static double? Number(ArgumentResult result, NumberStyles styles, double least, double most, string wanted)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, styles, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most)
            return number;

        result.AddError($"'{((OptionResult)result.Parent!).IdentifierToken!.Value} {text}' is not {wanted}");
        return null;
    }
}
