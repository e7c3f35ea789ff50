using System.CommandLine;
using Fluke6.Snapshots;

namespace Fluke6.Command.Control;

/// <summary><c>fluke6 capture</c>: begins or ends captures.</summary>
internal sealed class CaptureCommand : ControlCommand
{
    private const string Stop = "stop";

    private readonly Option<long?> _count = CaptureOptions.Count("--count");
    private readonly Option<long?> _size = CaptureOptions.Size("--size");

    /// <summary>The command.</summary>
    public CaptureCommand()
        : base(
            "capture", "Begins a capture of a bridge that runs, to a file that is not there yet, or ends captures. There may be several at once.",
            "FILE|stop> <FILTER|FILE",
            "Then the file, or stop; after a file, a filter of libpcap's for those frames alone: tcp port 80; after stop, the file of the capture to end, and none for all.")
    {
        Options.Add(_count);
        Options.Add(_size);
    }

    /// <inheritdoc/>
    protected override void Check(string[] words) => RefuseIf(words.Length == 0 || (words[0] == Stop && words.Length > 2), "name a file to capture to, or say stop");

    /// <inheritdoc/>
    protected override int Run(ControlClient client, ReadyRecord ready, string[] words, ParseResult parsed) => Do(client, words[0] == Stop
        ? new ControlRequest { Command = WatcherCommand.StopCapture, File = words.Length > 1 ? Path.GetFullPath(words[1]) : null }
        : new ControlRequest
        {
            Command = WatcherCommand.StartCapture, File = Path.GetFullPath(words[0]), Filter = string.Join(' ', words[1..]),
            Packets = parsed.GetValue(_count), Bytes = parsed.GetValue(_size),
        });
}
