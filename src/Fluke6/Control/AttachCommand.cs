using System.CommandLine;
using Fluke6.Dashboard;
using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Command.Control;

/// <summary><c>fluke6 attach [PATH]</c>: the dashboard of a bridge that runs elsewhere.</summary>
internal sealed class AttachCommand : System.CommandLine.Command
{
    /// <summary>The end of its help.</summary>
    public const string Examples = """
          fluke6 attach                              the only bridge that runs
          fluke6 attach /run/fluke6/eth1-eth2.sock   one of several
          fluke6 attach --read-only                  looks on, and changes nothing
          fluke6 status --json                       the same figures for a script; also events, reload, enable,
                                                     disable, move, set, capture, zero, stop
        """;

    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "The bridge's control socket; none for the only bridge that runs.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _readOnly = new("--read-only") { Description = "Shows everything and changes nothing: keys that would are refused." };

    /// <summary>The command.</summary>
    public AttachCommand()
        : base("attach", "Shows the dashboard of a bridge that runs elsewhere. Any number at once; q leaves, and the bridge goes on.")
    {
        Arguments.Add(_path);
        Options.Add(_readOnly);
        SetAction(parsed => Run(parsed.GetValue(_path), parsed.GetValue(_readOnly)));
    }

    private static int Run(string? path, bool readOnly)
    {
        if (!DashboardScreen.IsPossible)
            throw new CommandFailure(ExitCode.Failed, "attach needs a terminal; 'fluke6 status' and 'fluke6 events' do without");

        using var stop = new StopRequest();
        var client = new ControlClient(ControlTarget.Connect(path, out string found));
        ReadyRecord ready = client.ReadReady();
        using var bridge = new AttachedBridge(found, client, ready, readOnly);
        var options = new DashboardOptions
        {
            Notices = [$"attached to {found}, process {ready.Process}{(readOnly ? ", to look on only" : "")}; q leaves, and the bridge goes on"],
            LeftShell = HostShells.At(ready.Left),
            RightShell = HostShells.At(ready.Right),
        };
        return DashboardScreen.Run(bridge, options, stop.Token) is { } fault
            ? throw new CommandFailure(ExitCode.Failed, $"the dashboard failed: {fault}; the bridge goes on")
            : ExitCode.Done;
    }
}
