using System.CommandLine;
using System.Text;
using Fluke6.Command.Reports;
using Fluke6.Command.Streams;
using Fluke6.Snapshots;

namespace Fluke6.Command.Control;

/// <summary><c>fluke6 events</c>: what happens on a bridge, as it happens.</summary>
internal sealed class EventsCommand : ControlCommand
{
    private readonly Option<bool> _handshakes = new("--handshakes") { Description = "Also TCP handshakes, in JSON." };

    private readonly Option<bool> _all = new("--all") { Description = "Begins with the events before, as far as the bridge still has them: the last 4,096." };

    /// <summary>The command.</summary>
    public EventsCommand()
        : base("events", "Prints what happens on a bridge that runs, as it happens, until Ctrl-C or the bridge's end.")
    {
        Options.Add(_handshakes);
        Options.Add(_all);
    }

    /// <inheritdoc/>
    protected override int Run(ControlClient client, ReadyRecord ready, string[] words, ParseResult parsed)
    {
        using var stop = new StopRequest();
        using CancellationTokenRegistration closes = stop.Token.Register(client.Dispose);
        client.TrySend(new ControlRequest
        {
            Command = ControlRequest.Watch, Events = true, Handshakes = IsJson && parsed.GetValue(_handshakes), After = parsed.GetValue(_all) ? 0 : null,
        });
        while (client.ReadLine() is { } line)
        {
            string type = ControlClient.TypeOf(line);
            if (type == "end")
                return ExitCode.Done;
            if (type is "reply" or "ready" or "stats" or "")
                continue;

            if (IsJson)
                StandardStreams.Output.WriteLine(Encoding.UTF8.GetString(line.Span));
            else if (ControlClient.TryRead(line, ControlJson.Default.ControlLoss) is { Events: > 0 } loss && type == "lost")
                StandardStreams.Output.WriteLine($"{loss.Events:N0} events before this one were lost: this program was too slow");
            else if (ControlClient.TryRead(line, SnapshotJson.Default.BridgeEvent) is { } happened)
                Tell(happened);
        }

        if (!stop.IsRequested)
            throw new CommandFailure(ExitCode.Failed, "the connection to the bridge was lost");

        return ExitCode.Done;
    }

    private static void Tell(BridgeEvent happened)
    {
        foreach (string text in EventText.Lines(happened))
            StandardStreams.Output.WriteLine(text);
    }
}
