using System.CommandLine;
using System.Text.Json;
using Fluke6.Command.Streams;
using Fluke6.Snapshots;

namespace Fluke6.Command.Control;

/// <summary>A command for a bridge that runs in another process. Its words may begin with the bridge's socket.</summary>
internal abstract class ControlCommand : System.CommandLine.Command
{
    private readonly Argument<string[]> _words;

    private readonly Option<bool> _json = new("--json") { Description = "Prints JSON objects, one a line, instead of text." };

    /// <summary>A command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="words">The words after the socket, as the help shows them; empty for none.</param>
    /// <param name="meaning">What those are.</param>
    protected ControlCommand(string name, string description, string words = "", string meaning = "")
        : base(name, description)
    {
        _words = new Argument<string[]>(words.Length == 0 ? "PATH" : $"PATH> <{words}")
        {
            Description = $"The bridge's control socket; none for the only bridge that runs.{(meaning.Length == 0 ? "" : $" {meaning}")}",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Arguments.Add(_words);
        Options.Add(_json);
        SetAction(Run);
    }

    /// <summary>Whether to print JSON.</summary>
    protected bool IsJson { get; private set; }

    /// <summary>Does it.</summary>
    /// <param name="client">The connection, whose first line has been read.</param>
    /// <param name="ready">That line.</param>
    /// <param name="words">The words after the socket.</param>
    /// <param name="parsed">The options.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    protected abstract int Run(ControlClient client, ReadyRecord ready, string[] words, ParseResult parsed);

    /// <summary>Looks at the words before anything is connected to.</summary>
    /// <exception cref="CommandFailure">They make no sense.</exception>
    protected virtual void Check(string[] words) => RefuseIf(words.Length > 0, $"'{words.FirstOrDefault()}' is no control socket");

    /// <summary>Ends the command where its words make no sense.</summary>
    protected void RefuseIf(bool wrong, string why)
    {
        if (wrong)
            throw new CommandFailure(ExitCode.Usage, $"{why}; try 'fluke6 {Name} --help'");
    }

    /// <summary>Asks the bridge to do something, and says what came of it.</summary>
    protected int Do(ControlClient client, ControlRequest request)
    {
        ControlReply reply = client.Ask(request);
        if (IsJson)
            StandardStreams.Output.WriteLine(JsonSerializer.Serialize(reply, ControlJson.Default.ControlReply));
        else if (reply.Ok)
            StandardStreams.Output.WriteLine(reply.Message);
        else
            throw new CommandFailure(ExitCode.Failed, reply.Message);
        return reply.Ok ? ExitCode.Done : ExitCode.Failed;
    }

    private int Run(ParseResult parsed)
    {
        IsJson = parsed.GetValue(_json);
        string[] words = parsed.GetValue(_words) ?? [];
        string? path = words is [var first, ..] && ControlTarget.IsPath(first) ? first : null;
        if (path is not null)
            words = words[1..];
        // Otherwise a mistyped option would be a file's name, or a rule's.
        string? unknown = Array.Find(words, word => word.StartsWith('-'));
        RefuseIf(unknown is not null, $"'{unknown}' is no option here");
        Check(words);
        using var client = new ControlClient(ControlTarget.Connect(path, out _));
        return Run(client, client.ReadReady(), words, parsed);
    }
}
