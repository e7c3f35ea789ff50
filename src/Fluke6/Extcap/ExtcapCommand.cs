using System.CommandLine;
using Fluke6.Command.Control;
using Fluke6.Command.Streams;
using Fluke6.Snapshots;

namespace Fluke6.Command.Extcap;

/// <summary>
/// <c>fluke6 extcap</c>: Wireshark's interface for programs that capture. It lists the bridges that run, and has one of them capture into
/// a pipe that
/// Wireshark reads. extcap(4).
/// </summary>
internal sealed class ExtcapCommand : System.CommandLine.Command
{
    private const int Ethernet = 1, RawIp = 101;    // LINKTYPE_…

    /// <summary>The command.</summary>
    public ExtcapCommand()
        : base("extcap", "For Wireshark and tshark, which start it by themselves: the bridges that run as interfaces to capture at.")
    {
        // Its options are those of extcap(4), and there may be more of them with the next Wireshark.
        TreatUnmatchedTokensAsErrors = false;
        SetAction(parsed => Run(ExtcapRequest.Read([.. parsed.Tokens.Select(token => token.Value).SkipWhile(word => word != Name)
            .Skip(1)])));
    }

    private static int Run(ExtcapRequest request)
    {
        if (request.ListsInterfaces)
            return ListInterfaces();

        if (request.Interface is not { } wanted)
            throw new CommandFailure(ExitCode.Usage, "Wireshark starts this by itself: docs/control.md says which file to make for that");
        if (Bridges().FirstOrDefault(bridge => bridge.Value == wanted) is not { Path: { } path })
            throw new CommandFailure(ExitCode.Failed, $"there is no bridge {wanted} any more");

        // Wireshark asks whether a filter is one by nothing else than it, and takes a line for the reason why not.
        if (!request.Captures && request.Filter is { Length: > 0 } filter)
        {
            if (CaptureFilter.Trouble(filter) is { } trouble)
                StandardStreams.Output.WriteLine(trouble);
            return ExitCode.Done;
        }

        if (request.ListsOptions)
            return ListOptions();
        if (!request.ListsLinkTypes && !request.Captures)
            return ExitCode.Done;

        using var client = new ControlClient(ControlTarget.Connect(path, out _));
        ReadyRecord ready = client.ReadReady();
        if (request.ListsLinkTypes)
        {
            StandardStreams.Output.WriteLine(ready.Ethernet
                ? $"dlt {{number={Ethernet}}}{{name=EN10MB}}{{display=Ethernet}}"
                    : $"dlt {{number={RawIp}}}{{name=RAW}}{{display=Raw IP}}");
            return ExitCode.Done;
        }

        return new ExtcapCapture(client, request.Show, request.Filter).Run(request.Pipe
            ?? throw new CommandFailure(ExitCode.Usage, "--capture needs --fifo PATH, a pipe that somebody reads"));
    }

    private static int ListInterfaces()
    {
        StandardStreams.Output.WriteLine($"extcap {{version={ProgramVersion.Text}}}{{display=Fluke6}}");
        foreach ((string value, string path) in Bridges())
        {
            try
            {
                using var client = new ControlClient(ControlTarget.Connect(path, out _));
                ReadyRecord ready = client.ReadReady();
                StandardStreams.Output.WriteLine($"interface {{value={value}}}{{display=Fluke6: {Plain(ready.Left)} and "
                    + $"{Plain(ready.Right)}}}");
            }
            // One that ended, or another user's: it is not to be captured at.
            catch (CommandFailure failure)
            {
                StandardStreams.Error.WriteLine($"fluke6: {failure.Lines[0]}");
            }
        }

        return ExitCode.Done;
    }

    private static int ListOptions()
    {
        StandardStreams.Output.WriteLine("arg {number=0}{call=--show}{display=Frames}{type=selector}{tooltip=Which of the frames to show}");
        StandardStreams.Output.WriteLine("value {arg=0}{value=all}{display=as they arrived, and what rules made of them}{default=true}");
        StandardStreams.Output.WriteLine("value {arg=0}{value=arrived}{display=as they arrived}");
        StandardStreams.Output.WriteLine("value {arg=0}{value=made}{display=what rules changed, answered and sent}");
        return ExitCode.Done;
    }

    /// <summary>What Wireshark calls the bridges, and their sockets.</summary>
    private static IEnumerable<(string Value, string Path)> Bridges() => ControlPath.All()
        .GroupBy(path => Plain(Path.GetFileNameWithoutExtension(path)))
        .SelectMany(same => same.Select((path, number) => ($"fluke6-{same.Key}{(number == 0 ? "" : $"-{number + 1}")}", path)));

    // Braces end a value; blanks and colons are awkward after -i.
    private static string Plain(string text) => string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter)
        || letter is '-' or '.' ? letter : '_'));
}
