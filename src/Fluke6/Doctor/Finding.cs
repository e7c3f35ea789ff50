namespace Fluke6.Command.Doctor;

/// <summary>How much a finding matters.</summary>
internal enum Severity
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>It may hurt, or is slow.</summary>
    Warning,

    /// <summary>A bridge does not start, or frames are lost, doubled or changed: to be mended.</summary>
    Serious,
}

/// <summary>One thing that a check saw.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Harm">Why that hurts.</param>
/// <param name="Command">What to type; empty if no command mends it.</param>
internal sealed record Finding(Severity Severity, string Seen, string Harm, string Command)
{
    /// <summary>What also a bridge says when it starts.</summary>
    public static Finding Of(Severity severity, Linux.PortTrouble trouble) =>
        new(severity, trouble.Seen, trouble.Command.Length > 0 ? trouble.Harm : $"{trouble.Harm}; {trouble.Purpose}", trouble.Command);

    /// <summary>All of it, in one line.</summary>
    public string Line => $"{Seen}: {Harm}{(Command.Length == 0 ? "" : $"; `{Command}`")}";
}

/// <summary>Looks for one kind of trouble.</summary>
/// <param name="Name">A word or two, such as <c>one-pair</c>.</param>
/// <param name="Question">What it looks for, in one line.</param>
/// <param name="Look">What it sees; nothing if all is well, or the question makes no sense for these ports.</param>
internal sealed record Check(string Name, string Question, Func<Examination, IEnumerable<Finding>> Look)
{
    /// <summary>Whether a bridge looks, too, when it starts.</summary>
    public bool IsAtStart { get; init; }
}
