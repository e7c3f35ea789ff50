using System.Globalization;
using Fluke6.Command.Control;
using Fluke6.Command.Service;
using Fluke6.Linux;

namespace Fluke6.Command.Supervision;

/// <summary>What a process of this program leaves to the next one: in the environment, so that the command line stays the user's.</summary>
internal sealed record Handover
{
    private const char Separator = '&', Assignment = '=';

    /// <summary>Starts the next process.</summary>
    public static ProgramStart Start { get; } = new("FLUKE6_HANDOVER");

    /// <summary>What the process before left to this one; nothing in the first process. To be taken before any rule runs.</summary>
    public static Handover Received { get; } = Start.Take() is { } text ? Parse(text) : DescriptorStore.Take() ?? new Handover();

    /// <summary><see cref="PortPair.Handover"/>; null if the ports are yet to be opened.</summary>
    public string? Ports { get; init; }

    /// <summary><see cref="Command.Control.ControlListener.Handover"/>; null if there is no control socket.</summary>
    public string? Control { get; init; }

    /// <summary>The descriptor of the socket where metrics are asked for; null if there is none.</summary>
    public int? Metrics { get; init; }

    /// <summary>The text of the <see cref="DescriptorStore"/>, which keeps the ports when this process ends; null if nothing does.</summary>
    public int? Store { get; init; }

    /// <summary>The command that the <see cref="DescriptorStore"/> kept the ports for; null if they do not come from there.</summary>
    public string? KeptFor { get; init; }

    /// <summary>The descriptor of the <see cref="SharedPage"/>; null if this process outlives nobody and nobody outlives it.</summary>
    public int? Page { get; init; }

    /// <summary>The process that started this one and restarts it; null if there is none.</summary>
    public int? Parent { get; init; }

    /// <summary>Whether the process is to say how the one before ended, and nothing else.</summary>
    public bool IsWitness { get; init; }

    /// <summary>Whether the process is to make its group the terminal's reader.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>How many bridges were there before.</summary>
    public int Restarts { get; init; }

    /// <summary>How the one before ended, in a sentence; null if there was none.</summary>
    public string? Reason { get; init; }

    /// <summary>The rule that it ended in; null if it is not known.</summary>
    public string? Rule { get; init; }

    /// <summary>The line that the rule was at, such as <c>10-x.csx:4</c>; null if it is not known.</summary>
    public string? At { get; init; }

    /// <summary>When it ended, by <see cref="Environment.TickCount64"/>.</summary>
    public long EndedAt { get; init; }

    /// <summary>When to end, by <see cref="Environment.TickCount64"/>; null if the first bridge is to reckon it, or there is no such time.</summary>
    public long? Deadline { get; init; }

    /// <summary>What watchers changed about rules: <see cref="RuleChanges"/>.</summary>
    public string? Changes { get; init; }

    /// <summary>Rules that are not to be loaded before somebody saves them anew, and why.</summary>
    public IReadOnlyDictionary<string, string> HeldBack { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string ToString()
    {
        var parts = new List<string>();
        Add("ports", Ports);
        Add("metrics", Metrics);
        Add("control", Control);
        Add("store", Store);
        Add("kept", KeptFor);
        Add("page", Page);
        Add("parent", Parent);
        Add("witness", IsWitness ? "1" : null);
        Add("terminal", HasTerminal ? "1" : null);
        Add("restarts", Restarts);
        Add("reason", Reason);
        Add("rule", Rule);
        Add("at", At);
        Add("ended", EndedAt);
        Add("deadline", Deadline);
        Add("changes", Changes);
        foreach ((string rule, string why) in HeldBack)
            Add($"held:{rule}", why);
        return string.Join(Separator, parts);

        void Add<T>(string name, T? value)
        {
            if (value is not null)
                parts.Add($"{Uri.EscapeDataString(name)}{Assignment}{Uri.EscapeDataString(string.Create(CultureInfo.InvariantCulture, $"{value}"))}");
        }
    }

    /// <summary>The same where each descriptor has another number; null if one is missing.</summary>
    /// <param name="numbers">The numbers now, by those before.</param>
    public Handover? Renumbered(IReadOnlyDictionary<int, int> numbers)
    {
        try
        {
            return this with
            {
                Ports = Ports is null ? null : PortPair.Renumbered(Ports, numbers),
                Control = Control is null ? null : ControlListener.Renumbered(Control, numbers),
                Metrics = Metrics is { } metrics ? numbers[metrics] : null,
            };
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static Handover Parse(string text)
    {
        Dictionary<string, string> parts = text.Split(Separator, StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split(Assignment, 2))
            .ToDictionary(part => Uri.UnescapeDataString(part[0]), part => Uri.UnescapeDataString(part[^1]));
        const string Held = "held:";
        return new Handover
        {
            Ports = parts.GetValueOrDefault("ports"),
            Metrics = (int?)Number("metrics"),
            Control = parts.GetValueOrDefault("control"),
            Store = (int?)Number("store"),
            KeptFor = parts.GetValueOrDefault("kept"),
            Page = (int?)Number("page"),
            Parent = (int?)Number("parent"),
            IsWitness = Number("witness") is not null,
            HasTerminal = Number("terminal") is not null,
            Restarts = (int)(Number("restarts") ?? 0),
            Reason = parts.GetValueOrDefault("reason"),
            Rule = parts.GetValueOrDefault("rule"),
            At = parts.GetValueOrDefault("at"),
            EndedAt = Number("ended") ?? 0,
            Deadline = Number("deadline"),
            Changes = parts.GetValueOrDefault("changes"),
            HeldBack = parts.Where(part => part.Key.StartsWith(Held, StringComparison.Ordinal))
                .ToDictionary(part => part.Key[Held.Length..], part => part.Value),
        };

        long? Number(string name) => parts.TryGetValue(name, out string? value) ? long.Parse(value, CultureInfo.InvariantCulture) : null;
    }
}
