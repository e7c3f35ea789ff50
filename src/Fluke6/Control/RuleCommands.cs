using System.CommandLine;
using System.Globalization;
using Fluke6.Snapshots;

namespace Fluke6.Command.Control;

/// <summary><c>fluke6 reload</c>, <c>enable</c>, <c>disable</c>: something that is done to rules.</summary>
internal sealed class RuleNameCommand : ControlCommand
{
    private readonly bool _maySayNone;

    private RuleNameCommand(string name, string description, string words, string meaning, bool maySayNone)
        : base(name, description, words, meaning) => _maySayNone = maySayNone;

    /// <summary>Loads rules anew.</summary>
    public static RuleNameCommand Reload() => new(
        WatcherCommand.Reload, "Loads rules of a bridge anew, whether or not their files changed.", "RULE", "Then the rules' names; none for all.", maySayNone: true);

    /// <summary>Switches rules on.</summary>
    public static RuleNameCommand Enable() => new(
        WatcherCommand.Enable, "Switches rules of a bridge on.", "RULE", "Then the rules' names.", maySayNone: false);

    /// <summary>Switches rules off.</summary>
    public static RuleNameCommand Disable() => new(
        WatcherCommand.Disable, "Switches rules of a bridge off: frames pass them by.", "RULE", "Then the rules' names.", maySayNone: false);

    /// <inheritdoc/>
    protected override void Check(string[] words) => RefuseIf(words.Length == 0 && !_maySayNone, "name a rule");

    /// <inheritdoc/>
    protected override int Run(ControlClient client, ReadyRecord ready, string[] words, ParseResult parsed)
    {
        if (words.Length == 0)
            return Do(client, new ControlRequest { Command = Name });

        int worst = ExitCode.Done;
        foreach (string rule in words)
            worst = Math.Max(worst, Do(client, new ControlRequest { Command = Name, Rule = rule }));
        return worst;
    }
}

/// <summary><c>fluke6 move</c>: another place in the chain.</summary>
internal sealed class MoveCommand() : ControlCommand(
    WatcherCommand.Move, "Moves a rule of a bridge in the chain, until the bridge ends.", "RULE> <PLACES", "Then the rule's name, and by how many places: +1 is one further down, -1 one up.")
{
    /// <inheritdoc/>
    protected override void Check(string[] words) => RefuseIf(words is not [_, var places] || !TryRead(places, out _), "name a rule, and by how many places to move it, such as +1");

    /// <inheritdoc/>
    protected override int Run(ControlClient client, ReadyRecord ready, string[] words, ParseResult parsed)
    {
        TryRead(words[1], out int places);
        return Do(client, new ControlRequest { Command = Name, Rule = words[0], Places = places });
    }

    private static bool TryRead(string text, out int places) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out places);
}

/// <summary><c>fluke6 set</c>: another value for a parameter of a rule that runs.</summary>
internal sealed class SetCommand() : ControlCommand(
    WatcherCommand.Set, "Gives a parameter of a rule that runs another value, and loads the rule anew with it.", "RULE.NAME=VALUE",
    "Then what to set. Where the value does not do, the rule runs on as it was. It holds until the bridge ends.")
{
    /// <inheritdoc/>
    protected override void Check(string[] words) =>
        RefuseIf(words.Length == 0 || Array.Exists(words, word => !TryRead(word, out _, out _, out _)), $"'{string.Join(' ', words)}' is not RULE.NAME=VALUE");

    /// <inheritdoc/>
    protected override int Run(ControlClient client, ReadyRecord ready, string[] words, ParseResult parsed)
    {
        int worst = ExitCode.Done;
        foreach (string word in words)
        {
            TryRead(word, out string rule, out string name, out string value);
            worst = Math.Max(worst, Do(client, new ControlRequest { Command = Name, Rule = rule, Parameter = name, Value = value }));
        }

        return worst;
    }

    // A rule's name may have dots.
    private static bool TryRead(string text, out string rule, out string name, out string value)
    {
        int equals = text.IndexOf('='), dot = equals < 0 ? -1 : text.LastIndexOf('.', equals);
        bool isWhole = dot > 0 && equals > dot + 1;
        (rule, name, value) = isWhole ? (text[..dot], text[(dot + 1)..equals], text[(equals + 1)..]) : ("", "", "");
        return isWhole;
    }
}

/// <summary><c>fluke6 zero</c> and <c>fluke6 stop</c>: something that is done to the bridge.</summary>
internal sealed class BridgeOnlyCommand : ControlCommand
{
    private BridgeOnlyCommand(string name, string description)
        : base(name, description)
    {
    }

    /// <summary>Counts from zero.</summary>
    public static BridgeOnlyCommand Zero() => new(WatcherCommand.Zero, "Has those who look on at a bridge count from zero; its own counters and its summary go on.");

    /// <summary>Ends it.</summary>
    public static BridgeOnlyCommand Stop() => new(WatcherCommand.Stop, "Ends a bridge that runs, as Ctrl-C does.");

    /// <inheritdoc/>
    protected override int Run(ControlClient client, ReadyRecord ready, string[] words, ParseResult parsed) => Do(client, new ControlRequest { Command = Name });
}
