using Fluke6.Bridging;
using Fluke6.Captures;
using Fluke6.Command.Reports;
using Fluke6.Command.Streams;
using Fluke6.Engine;
using Fluke6.Scripting;
using Fluke6.Watching;
using Microsoft.Win32.SafeHandles;

namespace Fluke6.Command.Replaying;

/// <summary>One run of captures through rules, from opening the captures to the summary.</summary>
internal sealed class ReplaySession : IDisposable
{
    /// <summary>What stands for standard input or standard output.</summary>
    public const string StandardStream = "-";

    private const int Input = 0, Output = 1;
    // A second is enough for a rule that forwards; here nobody waits, and a slow machine must give what a quick one does.
    private static readonly TimeSpan s_overrunLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(100);

    private readonly string[] _paths;
    private readonly string _output;
    private readonly RuleArguments _arguments;
    private readonly StandardStream _stream;
    private readonly IReport _report;
    private readonly StopRequest _stop = new();
    private Replay? _replay;

    /// <summary>A run that is yet to begin.</summary>
    /// <param name="paths">The captures.</param>
    /// <param name="output">What to write.</param>
    /// <param name="arguments">What the user asked for.</param>
    public ReplaySession(string[] paths, string output, RuleArguments arguments)
    {
        _paths = paths;
        _output = output;
        // No line of a log is left out: the replay waits for its reader.
        _arguments = arguments with { Bridge = arguments.Bridge with { LogLimit = int.MaxValue, OverrunLimit = s_overrunLimit } };
        _stream = output == StandardStream ? StandardStreams.Error : StandardStreams.Output;
        _report = arguments.JsonReport
            ? new JsonReport(_stream, arguments.ReportedFlows ?? 0)
            : new TextReport(_stream) { SummaryFlows = arguments.ReportedFlows ?? TextReport.DefaultSummaryFlows };
    }

    private string OutputName => _output == StandardStream ? "standard output" : _output;

    /// <summary>Replays.</summary>
    /// <param name="left">Whose frames come from the left; null if nobody said.</param>
    /// <param name="mtu">The largest packet, in bytes, that rules may make a frame grow to.</param>
    /// <param name="linger">For how long time goes on after the last packet.</param>
    /// <exception cref="CommandFailure">A capture cannot be read, a rule does not compile or hangs, or the output cannot be written.</exception>
    public void Run(LeftAddresses? left, int mtu, TimeSpan linger)
    {
        (Stream Bytes, string Name)[] inputs = OpenInputs();
        using var progress = new ReplayProgress(inputs.Sum(input => input.Bytes.CanSeek ? input.Bytes.Length : 0));
        Replay replay = _replay = Open(inputs, left, mtu);
        LoadRules(replay.Bridge);
        // After the rules are known to compile, so that a mistake in one does not cost an earlier capture.
        StartCapture(replay.Bridge);
        var publisher = new BridgePublisher(replay.Bridge)
        {
            Version = ProgramVersion.Text,
            LinesLost = () => (_stream.LinesLost, StandardStreams.Error.LinesLost),
        };
        _report.Ready(publisher.Ready());

        CaptureReadException? fault = RunOnThread(replay, publisher, linger, progress);
        replay.Bridge.StopCapture();
        progress.Clear();
        _report.End(publisher.Take(_report.WantedAtEnd));
        if (replay.Departures > 0)
            Warn($"{replay.Departures:N0} packets are what rules of a bridge had changed, answered or sent, and not what arrived: they were left out");
        ThrowIfIncomplete(replay, fault);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _replay?.Dispose();
        _stop.Dispose();
    }

    private static void Warn(string message) => StandardStreams.Error.WriteLine($"fluke6: warning: {message}");

    private (Stream Bytes, string Name)[] OpenInputs()
    {
        var inputs = new List<(Stream, string)>();
        string path = "";
        try
        {
            foreach (string next in _paths)
            {
                path = next;
                if (next != StandardStream && _output != StandardStream && FileIdentity.Of(next) is { } identity && identity == FileIdentity.Of(_output))
                    throw new CommandFailure(ExitCode.Usage, $"'{_output}' is one of the captures to replay: name another file with -o");
                inputs.Add((OpenInput(next), next == StandardStream ? "standard input" : next));
            }

            return [.. inputs];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                exception is UnauthorizedAccessException ? ExitCode.NoPermission : ExitCode.Failed, $"{path} cannot be read: {exception.Message.TrimEnd('.')}");
        }
    }

    private Stream OpenInput(string path)
    {
        SafeFileHandle handle = path == StandardStream
            ? new SafeFileHandle(Input, ownsHandle: false)
            : File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        // Whoever reads what comes of it reads it as it comes.
        return file.CanSeek ? file : new PipeInput(file, () => _replay?.Bridge.FlushCapture(), _stop.Token);
    }

    private Replay Open((Stream Bytes, string Name)[] inputs, LeftAddresses? left, int mtu)
    {
        try
        {
            return new Replay(inputs, left, mtu, _arguments.Bridge);
        }
        catch (CaptureReadException exception)
        {
            throw new CommandFailure(ExitCode.Failed, exception.Message);
        }
    }

    private void LoadRules(VirtualBridge bridge)
    {
        using var rules = new RuleSet(bridge, _arguments.Paths, _arguments.Parameters, _arguments.Trust);
        IReadOnlyList<RuleDiagnostic> diagnostics;
        try
        {
            diagnostics = rules.LoadAll(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw new CommandFailure(ExitCode.Failed, "stopped before the rules were loaded: nothing was replayed");
        }

        if (diagnostics.Any(diagnostic => diagnostic.IsError))
            throw new CommandFailure(
                ExitCode.RulesDoNotCompile, [.. diagnostics.Where(diagnostic => diagnostic.IsError).Select(diagnostic => $"{diagnostic}")]);
        RuleWarnings.RefuseUnknownParameters(rules, bridge.Services);
        foreach (string warning in RuleWarnings.Of(rules, diagnostics, _arguments.Paths))
            Warn(warning);
    }

    private void StartCapture(VirtualBridge bridge)
    {
        try
        {
            FileStream? file = _output == StandardStream
                ? new FileStream(new SafeFileHandle(Output, ownsHandle: false), FileAccess.Write, bufferSize: 0)
                : null;
            bridge.StartCapture(OutputName, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                exception is UnauthorizedAccessException ? ExitCode.NoPermission : ExitCode.Failed,
                $"cannot write to {OutputName}: {exception.Message.TrimEnd('.')}; name a file that can be written with -o");
        }
    }

    // On a thread of its own, which a rule may not give back.
    private CaptureReadException? RunOnThread(Replay replay, BridgePublisher publisher, TimeSpan linger, ReplayProgress progress)
    {
        var run = new TaskCompletionSource<CaptureReadException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                run.SetResult(replay.Run(
                    linger,
                    note =>
                    {
                        progress.Clear();
                        _report.Note(publisher.Publish(note));
                    },
                    _stop.Token));
            }
            // A rule's own exceptions are its faults; what comes here ends the replay.
            catch (Exception exception)
            {
                run.TrySetException(exception);
            }
        },
            RuleCall.Stack)
        { Name = "replay", IsBackground = true };
        thread.Start();

        var watch = new HangWatch();
        while (!((Task)run.Task).Wait(s_lookInterval))
        {
            progress.Show(replay.Frames, replay.Position);
            if (!replay.Bridge.FindHung(ref watch, out (string Rule, string? At) hung))
                continue;

            replay.Bridge.StopCapture();
            progress.Clear();
            throw new CommandFailure(ExitCode.Failed, $"rule {hung.Rule} did not return within {_arguments.Bridge.OverrunLimit.TotalSeconds:0} s"
                + $"{(hung.At is null ? "" : $" at {hung.At}")}; {Kept(replay)}");
        }

        return run.Task.GetAwaiter().GetResult();
    }

    private void ThrowIfIncomplete(Replay replay, CaptureReadException? fault)
    {
        if (replay.Bridge.LastCapture is { Failure: { } failure } capture)
            throw new CommandFailure(ExitCode.Failed, $"{OutputName} cannot be written: {failure}; it holds {capture.Written:N0} packets");
        if (_stop.IsRequested)
            throw new CommandFailure(ExitCode.Failed, $"stopped before the end; {Kept(replay)}");
        if (fault is not null)
            throw new CommandFailure(ExitCode.Failed, $"{fault.Message}; {Kept(replay)}");
    }

    private string Kept(Replay replay) => replay.Frames == 1
        ? $"the frame before was replayed, and {OutputName} holds it"
        : $"the {replay.Frames:N0} frames before were replayed, and {OutputName} holds them";
}
