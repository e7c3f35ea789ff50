namespace Fluke6.Command;

/// <summary>Which of the <see cref="RuleOptions"/> a command has.</summary>
internal enum RuleOptionChoice
{
    /// <summary>All.</summary>
    Bridge,

    /// <summary>Those of a bridge whose report and duration are not the user's to choose.</summary>
    Lab,

    /// <summary>Those of a chain that runs over captures.</summary>
    Replay,
}
