using Fluke6.Bridging;
using Fluke6.Captures;
using Fluke6.Frames;
using Fluke6.Snapshots;

namespace Fluke6.Watching;

/// <summary>
/// Does to a bridge what its watchers ask for, one command after the other, on threads of their own: compiling takes its time, and a file may. What a command
/// starts from, such as a rule's place, it reads when its turn comes: a watcher may have seen what was before the command ahead of it.
/// </summary>
/// <param name="bridge">The bridge.</param>
/// <param name="rules">Loads its rules.</param>
/// <param name="publisher">Tells of it.</param>
/// <param name="stop">Asks for its end.</param>
internal sealed class BridgeControl(Bridge bridge, IRuleControl rules, BridgePublisher publisher, Action stop) : IBridgeCommands
{
    /// <summary>How many commands may wait.</summary>
    public const int MostWaiting = 64;

    private readonly Lock _lock = new();
    private Task _lastOfRules = Task.CompletedTask;
    private Task _lastOfCapture = Task.CompletedTask;
    private int _waiting;

    /// <inheritdoc/>
    public Task<CommandOutcome> Do(WatcherCommand command)
    {
        switch (command.Name)
        {
            case WatcherCommand.Stop:
                stop();
                return Done("the bridge stops");

            case WatcherCommand.Zero:
                publisher.Zero();
                return Done("counting from zero; the summary at the end still counts everything");

            // To open a pipe takes until somebody reads it: rules do not wait for that.
            case WatcherCommand.StartCapture or WatcherCommand.StopCapture:
                return Queue(ref _lastOfCapture, command);

            default:
                return Queue(ref _lastOfRules, command);
        }
    }

    /// <summary>Tells whether there is a pipe at a path, which captures may go to.</summary>
    public Func<string, bool> IsPipe { get; init; } = _ => false;

    /// <summary>Compiles a capture's filter.</summary>
    public Func<string, Func<FrameBuffer, bool>> CompileFilter { get; init; } = filter => throw new FormatException($"no filters here: \"{filter}\"");

    private static Task<CommandOutcome> Done(string message) => Task.FromResult(new CommandOutcome(true, message));

    private static CommandOutcome Failed(string message) => new(false, message);

    private Task<CommandOutcome> Queue(ref Task last, WatcherCommand command)
    {
        lock (_lock)
        {
            if (_waiting >= MostWaiting)
                return Task.FromResult(Failed($"{MostWaiting} commands are waiting already; try again when they are done"));

            _waiting++;
            // A thread of its own: rules may keep those of the pool.
            Task<CommandOutcome> next = last.ContinueWith(
                _ => Run(command), CancellationToken.None, TaskContinuationOptions.LongRunning, TaskScheduler.Default);
            last = next;
            return next;
        }
    }

    private CommandOutcome Run(WatcherCommand command)
    {
        try
        {
            return command switch
            {
                { Name: WatcherCommand.StartCapture, Packets: < 1 } or { Name: WatcherCommand.StartCapture, Bytes: < CaptureLimit.LeastBytes } =>
                    Failed($"a capture's limit is at least 1 packet, or {CaptureLimit.LeastBytes:N0} bytes"),
                { Name: WatcherCommand.StartCapture, File: { Length: > 0 } file } =>
                    StartCapture(file, command.Filter, new CaptureLimit(command.Packets ?? long.MaxValue, command.Bytes ?? long.MaxValue)),
                { Name: WatcherCommand.StartCapture } => Failed("name the capture's file"),
                { Name: WatcherCommand.StopCapture } => StopCapture(command.File is { Length: > 0 } file ? file : null),
                { Name: WatcherCommand.Reload, Rule: null } => ReloadAll(),
                { Rule: null or "" } => Failed($"'{command.Name}' is no command, or lacks the name of a rule"),
                { Name: WatcherCommand.Reload } => Reload(command.Rule),
                { Name: WatcherCommand.Toggle } => Toggle(command.Rule),
                { Name: WatcherCommand.Enable } => Switch(command.Rule, disabled: false),
                { Name: WatcherCommand.Disable } => Switch(command.Rule, disabled: true),
                { Name: WatcherCommand.Move } => Move(command.Rule, command.Places),
                { Name: WatcherCommand.Set, Parameter: { Length: > 0 } name, Value: { } value } => Set(command.Rule, name, value),
                { Name: WatcherCommand.Set } => Failed("name a parameter and its value: RULE.NAME=VALUE"),
                _ => Failed($"'{command.Name}' is no command of this version"),
            };
        }
        // The rules' loader is another part's code; what it throws is worth a line, not the bridge.
        catch (Exception exception)
        {
            return Failed($"did not work: {exception.Message}");
        }
        finally
        {
            lock (_lock)
                _waiting--;
        }
    }

    private CommandOutcome Reload(string rule)
    {
        if (!rules.Reload(rule))
            return Missing(rule);

        return rules.ProblemsOf(rule).FirstOrDefault(problem => problem.IsError) is { } problem
            ? Failed($"{problem.File}({problem.Line},{problem.Column}): {problem.Message}")
            : new CommandOutcome(true, $"{rule} was loaded anew");
    }

    private CommandOutcome ReloadAll()
    {
        string[] names = Names();
        CommandOutcome[] outcomes = [.. names.Select(Reload)];
        return outcomes.FirstOrDefault(outcome => !outcome.Ok) ?? new CommandOutcome(true, names.Length switch
        {
            0 => "there is no rule",
            1 => $"{names[0]} was loaded anew",
            _ => $"{names.Length} rules were loaded anew",
        });
    }

    private CommandOutcome Toggle(string rule) =>
        bridge.Chain.Entries.FirstOrDefault(entry => entry.Name == rule) is { Disabled: var was } ? Switch(rule, !was) : Missing(rule);

    private CommandOutcome Switch(string rule, bool disabled) =>
        rules.SetDisabled(rule, disabled) ? new CommandOutcome(true, $"{rule} is {(disabled ? "off: frames pass it by" : "on")}") : Missing(rule);

    private CommandOutcome Move(string rule, int places)
    {
        string[] names = Names();
        int from = Array.IndexOf(names, rule);
        if (from < 0)
            return Missing(rule);

        long to = (long)from + places;
        if (to < 0 || to >= names.Length)
            return Failed($"{rule} is the {(places < 0 ? "first" : "last")} rule already");

        return rules.Move(rule, (int)to) ? new CommandOutcome(true, $"{rule} is number {to + 1} now, until the program ends") : Missing(rule);
    }

    private CommandOutcome Set(string rule, string name, string value) =>
        !Names().Contains(rule) ? Missing(rule)
        : rules.SetParameter(rule, name, value) is { } trouble ? Failed(trouble)
        : new CommandOutcome(true, $"{rule} runs with {name} = {value}, until the program ends");

    private CommandOutcome StartCapture(string file, string? filter, CaptureLimit limit)
    {
        try
        {
            // A pipe holds nothing that could be lost.
            bridge.StartCapture(file, overwrite: IsPipe(file), filter: filter is { Length: > 0 } ? CompileFilter(filter) : null, limit: limit);
            return new CommandOutcome(true, $"capturing to {file}{(filter is { Length: > 0 } ? $" what \"{filter}\" holds for" : "")}"
                + (limit == CaptureLimit.None ? "" : $", {limit} at most"));
        }
        catch (Exception exception) when (exception is FormatException or DllNotFoundException)
        {
            return Failed(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return Failed($"cannot capture to {file}: {exception.Message}");
        }
    }

    private CommandOutcome StopCapture(string? file)
    {
        if (bridge.StopCapture(file) is { Count: > 0 } ended)
            return new CommandOutcome(true, $"{(ended.Count == 1 ? "capture" : "captures")} ended: {string.Join("; ", ended.Select(Figures))}");

        return Failed(file is null || bridge.Captures.Count == 0 ? "there is no capture"
            : $"no capture is being written to {file}; there are {string.Join(", ", bridge.Captures.Select(capture => capture.Path))}");
    }

    private static string Figures(CaptureFile ended) => $"{ended.Written:N0} {(ended.Written == 1 ? "packet" : "packets")}, {ended.Lost:N0} lost"
        + $"{(ended.Failure is { } failure ? $", FAILED: {failure}" : "")} in {ended.Path}";

    private CommandOutcome Missing(string rule) => Failed(Names() is [_, ..] names
        ? $"{rule} is no rule of this bridge, which has {string.Join(", ", names)}"
        : $"{rule} is no rule of this bridge, which has none");

    private string[] Names() => [.. bridge.Chain.Entries.Select(entry => entry.Name)];
}
