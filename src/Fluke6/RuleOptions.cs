using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Fluke6.Dashboard;
using Fluke6.Rules;

namespace Fluke6.Command;

/// <summary>The options about rules and reports, which <c>bridge</c> and <c>lab</c> share.</summary>
internal sealed class RuleOptions
{
    private readonly Option<string[]> _rules = new("--rules", "-r")
    {
        Description = "A rule (.csx) or a folder of rules, which run in the order of their names. Watched: save a file and it is live.",
        HelpName = "PATH",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Gives a rule's parameter another value: what Param(\"NAME\", ...) in it returns. A list is VALUE,VALUE.",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<string> _stats = new("--stats")
    {
        Description = "How to report once a second and at the end: lines to read, or a JSON object a line.",
        HelpName = "json|text",
        DefaultValueFactory = _ => "text",
    };

    private readonly Option<double?> _duration = new("--duration")
    {
        Description = "Ends after this time; without it, at Ctrl-C.",
        HelpName = "SECONDS",
        CustomParser = result => Number(result, 0, 1e9, "a number of seconds"),
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
        CustomParser = result => (int)(Number(result, 1, int.MaxValue, "a whole number from 1 on") ?? 1),
    };

    private readonly Option<bool> _noOffload = new("--no-offload")
    {
        Description = "Lets rules see frames as on a wire, instead of super-segments of up to 64 KiB. Slower.",
    };

    private readonly Option<bool> _headless = new("--headless")
    {
        Description = "At a terminal, shows no dashboard, only the report.",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withReport">Whether the user chooses how to report and for how long to run.</param>
    public RuleOptions(System.CommandLine.Command command, bool withReport = true)
    {
        _stats.AcceptOnlyFromAmong("json", "text");
        _onFault.AcceptOnlyFromAmong("pass", "drop");
        _set.Validators.Add(result =>
        {
            foreach (string wrong in result.Tokens.Select(token => token.Value).Where(text => text.IndexOf('=') < 1))
                result.AddError($"'--set {wrong}' is not NAME=VALUE");
        });
        _rules.Validators.Add(result =>
        {
            foreach (string missing in result.Tokens.Select(token => token.Value).Where(path => !Path.Exists(path)))
                result.AddError($"no file or folder '{missing}' to take rules from");
        });
        Option[] report = withReport ? [_stats, _duration] : [];
        foreach (Option option in (Option[])[_rules, _set, _headless, .. report, _onFault, _faultLimit, _noOffload])
            command.Options.Add(option);
    }

    /// <summary>What the user gave.</summary>
    public RuleArguments Read(ParseResult parsed) => new()
    {
        Paths = parsed.GetValue(_rules) ?? [],
        Parameters = ReadParameters(parsed.GetValue(_set) ?? []),
        JsonReport = parsed.GetValue(_stats) == "json",
        Dashboard = DashboardScreen.IsPossible && !parsed.GetValue(_headless) && parsed.GetValue(_stats) != "json",
        Duration = parsed.GetValue(_duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Offload = !parsed.GetValue(_noOffload),
        Bridge = new BridgeOptions
        {
            OnFault = parsed.GetValue(_onFault) == "drop" ? FaultPolicy.Drop : FaultPolicy.Pass,
            FaultLimit = parsed.GetValue(_faultLimit),
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

    private static double? Number(ArgumentResult result, double least, double most, string wanted)
    {
        string text = result.Tokens[0].Value;
        bool whole = least >= 1;
        if (double.TryParse(text, whole ? NumberStyles.None : NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number >= least && number <= most)
        {
            return number;
        }

        result.AddError($"'{((OptionResult)result.Parent!).IdentifierToken!.Value} {text}' is not {wanted}");
        return null;
    }
}
