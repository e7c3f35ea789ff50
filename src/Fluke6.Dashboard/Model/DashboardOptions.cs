namespace Fluke6.Dashboard.Model;

/// <summary>Facts that the dashboard shows and cannot read off the bridge.</summary>
internal sealed record DashboardOptions
{
    /// <summary>The first lines of the log, such as warnings from before the screen opened.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The first text on the screen, and the end of the help: how to use both hosts.</summary>
    public IReadOnlyList<string> Guide { get; init; } = [];

    /// <summary>The host at the left port; null if it is not one of this machine's network namespaces.</summary>
    public HostShell? LeftShell { get; init; }

    /// <summary>The host at the right port; null if it is not one of this machine's network namespaces.</summary>
    public HostShell? RightShell { get; init; }
}
