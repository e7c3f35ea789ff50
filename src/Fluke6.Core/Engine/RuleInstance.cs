using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;

namespace Fluke6.Engine;

/// <summary>
/// One version of a rule at work, from its load until it has left the chain: carries out what the rule asks for, and keeps what is to be done
/// once it is in the chain and when it ends.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer and wait handle holds nothing to dispose of.")]
public class RuleInstance : RuleContext
{
    /// <summary>The longest line that is logged on another thread than the worker's, in characters; the rest is cut off.</summary>
    internal const int MaxLineLengthElsewhere = 4096;

    private const int MaxPacketOnStack = 2048;

    private readonly RuleServices _services;
    private readonly char[] _logLine = new char[LogRing.MaxLineLength];
    private readonly WaitingWork _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private RuleEntry? _entry;
    private bool _saidTooLong;

    /// <summary>One version of a rule.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="counters">Where what it sends is counted; kept across reloads.</param>
    /// <param name="services">The worker's.</param>
    /// <param name="parameters">What <c>--set NAME=VALUE</c> and <c>--set RULE.NAME=VALUE</c> gave.</param>
    internal RuleInstance(
        string name, RuleCounters counters, RuleServices services, IReadOnlyDictionary<string, string>? parameters = null)
        : base(name, parameters ?? new Dictionary<string, string>())
    {
        Counters = counters;
        _services = services;
    }

    /// <inheritdoc/>
    public override TimeProvider Clock => _services.Clock;

    /// <inheritdoc/>
    public override Random Random => _services.Random;

    /// <inheritdoc/>
    public override CancellationToken Stopped => _stop.Token;

    internal RuleCounters Counters { get; }

    /// <summary>Whether the rule's chain is to see frames as a wire would carry them.</summary>
    internal bool IsWireSized { get; private set; }

    /// <summary>The worker's.</summary>
    internal RuleServices Services => _services;

    /// <summary>Where the rule at work is noted.</summary>
    internal CrashRecord CrashRecord => _services.CrashRecord;

    /// <summary>Where a thread goes that the rule does not give back.</summary>
    internal LeftBehindThreads LeftBehind => _services.LeftBehind;

    /// <summary>How many timers wait. Worker's thread.</summary>
    internal int Timers { get; set; }

    /// <summary>How many pieces of posted work wait.</summary>
    internal int Posted;

    /// <summary>Which frames the rule is asked about; null for all.</summary>
    internal Guard? Guard { get; private set; }

    /// <summary>Tells whether the rule is to be asked about a frame; null if it is about all.</summary>
    internal GuardCheck? Check { get; private set; }

    /// <summary>Which of several guards have held; null where there is no more than one.</summary>
    internal GuardParts? Parts { get; private set; }

    /// <summary>Which statement of its script the rule is at. Any thread.</summary>
    internal ScriptPosition Position { get; } = new();

    /// <summary>What the rule's frames are sent through while it ends before others; null for the port. Worker's thread.</summary>
    internal Action<Side, FrameCopy>? SendsThrough { get; set; }

    /// <summary>What to call when the rule's work ends.</summary>
    internal RuleExits Exits { get; } = new();

    /// <summary>The rule's entry in the chain that runs; null before it is in one and after it left.</summary>
    internal RuleEntry? Entry => Volatile.Read(ref _entry);

    /// <summary>The number that the rule has in the chain.</summary>
    internal int Number => Entry?.Number ?? RuleNames.Capacity - 1;

    internal override Span<char> LogLine => _logLine;

    internal override event Action? Ended;

    /// <inheritdoc/>
    public override T Keep<T>(string key, Func<T> create)
    {
        T kept = _services.Kept.Keep(this, key, create, out bool replaced);
        if (replaced)
            Log($"Keep(\"{key}\") begins anew: what was kept is not a {typeof(T).Name} of this version");
        return kept;
    }

    /// <inheritdoc/>
    public override void Send(Side side, ReadOnlySpan<byte> octets)
    {
        side.Checked();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets.Length, FrameBuffer.MaxFrameLength);
        if (Entry is null && _waiting.TryAdd(side, octets))
            return;

        _services.BeginEngineCall(nameof(Send));
        Counters.Sent++;
        Outbox outbox = _services.Outbox!;
        string? tooLong = _saidTooLong ? null : outbox.TooLong(side, octets);
        if (SendsThrough is null)
            outbox.Add(side, octets, Number);
        _services.EndEngineCall();
        SendsThrough?.Invoke(side, new FrameCopy(octets, outbox.LinkType, side.Opposite()));
        if (tooLong is not null)
        {
            _saidTooLong = true;
            Log(tooLong);
        }
    }

    /// <inheritdoc/>
    public override void Send(Side side, in Packet packet)
    {
        if (Entry is not null)
            ThrowIfNotOfPorts(packet.LinkType);
        if (packet.Length > MaxPacketOnStack)
        {
            Send(side, packet.ToArray());
            return;
        }

        Span<byte> octets = stackalloc byte[MaxPacketOnStack];
        Send(side, octets[..packet.Write(octets)]);
    }

    /// <inheritdoc/>
    public override void Send(Side side, FrameCopy copy)
    {
        side.Checked();
        ArgumentNullException.ThrowIfNull(copy);
        if (Entry is null && _waiting.TryAdd(side, copy))
            return;

        ThrowIfNotOfPorts(copy.LinkType);
        _services.BeginEngineCall(nameof(Send));
        Counters.Sent++;
        if (SendsThrough is null)
            _services.Outbox!.Add(side, copy, Number);
        _services.EndEngineCall();
        SendsThrough?.Invoke(side, copy);
    }

    /// <inheritdoc/>
    public override void Send(Side side, ref readonly Frame frame)
    {
        side.Checked();
        ThrowIfNotOfPorts(frame.LinkType);
        _services.BeginEngineCall(nameof(Send));
        Counters.Sent++;
        if (SendsThrough is null)
            _services.Outbox!.Add(side, frame.Buffer, Number);
        _services.EndEngineCall();
        SendsThrough?.Invoke(side, frame.Copy());
    }

    /// <inheritdoc/>
    public override void AtExit(Action action) => Exits.Add(action);

    /// <inheritdoc/>
    public override void WireSized()
    {
        if (Entry is not null)
            throw new InvalidOperationException("WireSized() is for the top level of the rule's file");
        IsWireSized = true;
    }

    /// <inheritdoc/>
    public override void Post(Action action)
    {
        _services.LeftBehind.ThrowIfCurrent();
        _services.Post(this, action);
    }

    /// <summary>The top level is over: its guards are made machine code, which takes too long for whoever publishes the rule.</summary>
    internal void Prepare()
    {
        Guard = TakeGuard();
        Check = Guard is null ? null : GuardCode.Compile(Guard);
        Parts = Guards.Count > 1 ? new GuardParts(Guards) : null;
    }

    /// <summary>The worker took the rule's chain over: what the top level asked for begins. Worker's thread.</summary>
    internal void Activate(RuleEntry entry)
    {
        if (Entry == entry)
            return;

        Volatile.Write(ref _entry, entry);
        Exits.Follow(entry);
        _waiting.Release(this, _services);
    }

    /// <summary>The user switched the rule on or off; its exits are the worker's thread's to call. Any thread.</summary>
    internal void Switched(RuleEntry entry)
    {
        if (Entry == entry && Exits.Follow(entry))
            _services.PostExit();
    }

    /// <summary>The worker left the rule's last chain: nothing of it may run any more. Worker's thread.</summary>
    internal void Deactivate()
    {
        Entry?.FlowStates?.ForgetWhatScriptsDeclare();
        Volatile.Write(ref _entry, null);
        Ended?.Invoke();
        _services.Timers.Remove(this);
        Discard();
    }

    /// <summary>This version will not run, or not again: what only it can use is forgotten. Any thread.</summary>
    internal void Discard()
    {
        _waiting.Discard();
        Exits.Clear();
        _services.Kept.Forget(this);
        // What a rule registered with the token is not the worker's thread to run.
        _ = _stop.CancelAsync();
    }

    /// <summary>Keeps what was posted before the rule was in the chain until it is; afterwards nothing.</summary>
    internal void Defer(Action action) => _waiting.TryAdd(action);

    internal override void Fault(Exception exception)
    {
        ScriptPosition.KeepOrigin(exception);
        // With its own trace, which names the rule's method.
        if (Entry is not null && Volatile.Read(ref Posted) < RuleServices.MaxPostedOfARule)
            _services.Post(this, ExceptionDispatchInfo.Capture(exception).Throw);
        else
            _services.Journal.Add(new FaultNote(RuleFaults.Describe(Name, exception, ExceptionText.Of(exception), bypassed: false, Position)));
    }

    internal override void NoteParameter(string name) => _services.NoteParameter(name);

    private protected override RuleTimer Start(TimeSpan delay, TimeSpan? period, Action action)
    {
        var timer = new WaitingTimer(this, delay, period, action);
        // Before the rule is in the chain, the top level runs on a loading thread; the timer begins when the rule does.
        if (Entry is null && _waiting.TryAdd(timer))
        {
            _services.LeftBehind.ThrowIfCurrent();
            return timer;
        }

        _services.BeginEngineCall(period is null ? nameof(After) : nameof(Every));
        try
        {
            // Of a version that has left nothing begins any more.
            if (Entry is not null)
                _services.Timers.Start(timer, _services.Now.Monotonic);
        }
        finally
        {
            _services.EndEngineCall();
        }

        return timer;
    }

    private protected override void Write(ReadOnlySpan<char> line)
    {
        if (_services.IsWorkerThread)
        {
            _services.BeginEngineCall(nameof(Log));
            _services.Journal.Log(Name, line, _services.Now);
            _services.EndEngineCall();
        }
        else
        {
            _services.LeftBehind.ThrowIfCurrent();
            // Such as a whole table that a rule made at its start; it is no frame's line, and may be longer than those.
            _services.Journal.Add(new LogNote(Name, new string(line[..Math.Min(line.Length, MaxLineLengthElsewhere)])));
        }
    }

    private void ThrowIfNotOfPorts(LinkType linkType)
    {
        if (linkType != _services.Outbox!.LinkType)
            throw new ArgumentException($"The ports' frames begin with {_services.Outbox.LinkType}, this one with {linkType}: put a link header before it.");
    }
}
