namespace Fluke6.Dashboard.Model;

/// <summary>How to run programs as a host: in its network namespace.</summary>
/// <param name="Name">The host, as users know it.</param>
/// <param name="Enter">A command and its arguments, to which those of the program are added; such as <c>ip netns exec NAME</c>.</param>
internal sealed record HostShell(string Name, IReadOnlyList<string> Enter);
