using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Rules;

/// <summary>
/// What a rule may call besides its frame: the globals of a script. One instance for each version of a rule. Unless said otherwise, to be
/// called from the script's top level, from <c>Apply</c>, or from a timer: on the bridge's thread.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer and wait handle holds nothing to dispose of.")]
public class RuleContext
{
    private readonly RuleServices _services;
    private readonly RuleParameters _parameters;
    private readonly char[] _logLine = new char[LogRing.MaxLineLength];
    private readonly WaitingWork _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, string> _asked = new(StringComparer.Ordinal);
    private RuleEntry? _entry;
    private bool _saidTooLong;

    /// <summary>The services of one version of a rule.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="counters">Where what it sends is counted; kept across reloads.</param>
    /// <param name="services">The bridge's.</param>
    /// <param name="parameters">What <c>--set NAME=VALUE</c> and <c>--set RULE.NAME=VALUE</c> gave.</param>
    public RuleContext(
        string name, RuleCounters counters, RuleServices services, IReadOnlyDictionary<string, string>? parameters = null)
    {
        Name = name;
        Counters = counters;
        _services = services;
        _parameters = new RuleParameters(name, parameters ?? new Dictionary<string, string>());
    }

    /// <summary>The rule's name: its file's, without the extension.</summary>
    public string Name { get; }

    /// <summary>The time, as the bridge reads it: UTC, and a monotonic clock.</summary>
    public TimeProvider Clock => _services.Clock;

    /// <summary>Random numbers.</summary>
    public Random Random => _services.Random;

    /// <summary>The parameters that the rule asked for so far and what each is, as text. From any thread.</summary>
    public IReadOnlyDictionary<string, string> Parameters => _asked;

    /// <summary>The parameter for all rules whose value this one could not read; it may be meant for another. Null if there is none.</summary>
    internal string? Misfit { get; private set; }

    internal RuleCounters Counters { get; }

    /// <summary>Where a thread goes that the rule does not give back.</summary>
    internal LeftBehindThreads LeftBehind => _services.LeftBehind;

    /// <summary>How many timers wait. Bridge's thread.</summary>
    internal int Timers { get; set; }

    /// <summary>How many pieces of posted work wait.</summary>
    internal int Posted;

    internal Span<char> LogLine => _logLine;

    /// <summary>Which statement of its script the rule is at. Any thread.</summary>
    internal ScriptPosition Position { get; } = new();

    /// <summary>Says something, in the log pane, the log on standard error or the JSON stream.</summary>
    public void Log(string message) => Write(message);

    /// <summary>Says something; as an interpolated string it allocates nothing.</summary>
    public void Log([InterpolatedStringHandlerArgument("")] ref LogInterpolation message) => Write(message.Text);

    /// <summary>A parameter of the rule: what <c>--set RULE.NAME=VALUE</c> or <c>--set NAME=VALUE</c> gave, or <paramref name="default"/>.</summary>
    /// <exception cref="FormatException">VALUE is not a <typeparamref name="T"/>.</exception>
    public T Param<T>(string name, T @default)
        where T : ISpanParsable<T>
    {
        T value = _parameters.TryFind(name, out string key, out string text) ? Parse<T>(name, key, text) : @default;
        Note(name, key, value);
        return value;
    }

    /// <summary>A parameter that is a list: what <c>--set NAME=VALUE,VALUE</c> gave, or <paramref name="default"/>.</summary>
    /// <exception cref="FormatException">A VALUE is not a <typeparamref name="T"/>.</exception>
    public T[] Param<T>(string name, T[] @default)
        where T : ISpanParsable<T>
    {
        T[] values = _parameters.TryFind(name, out string key, out string text)
            ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => Parse<T>(name, key, item))]
            : @default;
        Note(name, key, values);
        return values;
    }

    /// <summary>
    /// An object that survives reloads of this rule: the one kept under <paramref name="key"/>, or a new one. An object whose type the
    /// script itself declares does not survive: the new version's type is another.
    /// </summary>
    public T Keep<T>(string key, Func<T> create)
        where T : class
    {
        T kept = _services.Kept.Keep(this, key, create, out bool replaced);
        if (replaced)
            Log($"Keep(\"{key}\") begins anew: what was kept is not a {typeof(T).Name} of this version");
        return kept;
    }

    /// <summary>
    /// Sends a frame out of a port, after the frames at hand. Its checksums are its own business. One that is longer than the port's MTU
    /// allows is likely to be lost, and said once; a frame that came as a super-segment is sent as its <see cref="Frame.Copy"/>.
    /// </summary>
    /// <param name="side">Which port.</param>
    /// <param name="octets">The whole frame, from its link header on; at most <see cref="FrameBuffer.MaxFrameLength"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is longer.</exception>
    public void Send(Side side, ReadOnlySpan<byte> octets)
    {
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

    /// <summary>Sends a frame that was kept out of a port, after the frames at hand; a super-segment is still one.</summary>
    /// <param name="side">Which port.</param>
    /// <param name="copy">What <see cref="Frame.Copy"/> gave, by this rule or another; it may be sent again.</param>
    /// <exception cref="ArgumentException">It is a packet without an Ethernet header, from inside another frame, and the ports need one.</exception>
    public void Send(Side side, FrameCopy copy)
    {
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

    /// <summary>Sends a copy of a frame out of a port, after the frames at hand, with its offload header: super-segments stay such.</summary>
    /// <exception cref="ArgumentException">It is a packet without an Ethernet header, from inside another frame, and the ports need one.</exception>
    public void Send(Side side, ref readonly Frame frame)
    {
        ThrowIfNotOfPorts(frame.LinkType);
        _services.BeginEngineCall(nameof(Send));
        Counters.Sent++;
        if (SendsThrough is null)
            _services.Outbox!.Add(side, frame.Buffer, Number);
        _services.EndEngineCall();
        SendsThrough?.Invoke(side, frame.Copy());
    }

    /// <summary>Calls <paramref name="action"/> again and again on the bridge's thread, between batches; ends when the rule is reloaded.</summary>
    /// <param name="interval">At least a millisecond.</param>
    public RuleTimer Every(TimeSpan interval, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(1));
        return Start(new RuleTimer(this, interval, interval, action));
    }

    /// <summary>Calls <paramref name="action"/> once on the bridge's thread, between batches, unless the rule is reloaded before.</summary>
    /// <param name="delay">Not negative. However long: one that outlasts the machine never ends.</param>
    public RuleTimer After(TimeSpan delay, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return Start(new RuleTimer(this, delay, null, action));
    }

    /// <summary>
    /// Calls <paramref name="action"/> on the bridge's thread when the rule's work ends in good order: the bridge stops, the user switches the
    /// rule off, or its file is gone. The rule gets no more frames then; what it sends still goes out. Not for a reload, where the next
    /// version goes on, nor for a rule that was bypassed, which is not to be trusted any more.
    /// </summary>
    /// <remarks>
    /// Last registered, first called; the rules of a chain from the last to the first: each undoes what it did on top of the others. A rule
    /// that is switched on again is called again at its next end. Where rules behind it go on, what it sends runs through those, as what it
    /// did to frames did. What throws is a fault; what does not return is left behind.
    /// </remarks>
    public void AtExit(Action action) => Exits.Add(action);

    /// <summary>
    /// Hands work back to the bridge's thread: for a rule that waits for something elsewhere, on a task of its own. From any thread;
    /// what is posted after the rule was reloaded is not run.
    /// </summary>
    /// <exception cref="InvalidOperationException">65,536 posted actions of the rule are waiting already.</exception>
    public void Post(Action action)
    {
        _services.LeftBehind.ThrowIfCurrent();
        _services.Post(this, action);
    }

    /// <summary>Says that something of this version threw where nobody could catch it, such as a thread of its own. From any thread.</summary>
    internal void Fault(Exception exception)
    {
        // With its own trace, which names the line.
        if (Entry is not null && Volatile.Read(ref Posted) < RuleServices.MaxPostedOfARule)
            _services.Post(this, ExceptionDispatchInfo.Capture(exception).Throw);
        else
            _services.Journal.Add(new FaultNote(RuleFault.From(Name, exception, ExceptionText.Of(exception), bypassed: false, Position)));
    }

    /// <summary>
    /// Cancelled once this version of the rule runs no more: ends what it waits for on a task of its own. From any thread.
    /// </summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>What the rule's frames are sent through while it ends before others; null for the port. Bridge's thread.</summary>
    internal Action<Side, FrameCopy>? SendsThrough { get; set; }

    /// <summary>What to call when the rule's work ends.</summary>
    internal RuleExits Exits { get; } = new();

    /// <summary>The rule's entry in the chain that runs; null before it is in one and after it left.</summary>
    internal RuleEntry? Entry => Volatile.Read(ref _entry);

    /// <summary>The number that the rule has in the chain.</summary>
    internal int Number => Entry?.Number ?? RuleNames.Capacity - 1;

    /// <summary>The bridge took the rule's chain over: what the top level asked for begins. Bridge's thread.</summary>
    internal void Activate(RuleEntry entry)
    {
        if (Entry == entry)
            return;

        Volatile.Write(ref _entry, entry);
        Exits.Follow(entry);
        _waiting.Release(this, _services);
    }

    /// <summary>The user switched the rule on or off; its exits are the bridge's thread's to call. Any thread.</summary>
    internal void Switched(RuleEntry entry)
    {
        if (Entry == entry && Exits.Follow(entry))
            _services.PostExit();
    }

    /// <summary>This version has left the chain, so that what survives it lets go of what is this version's. Bridge's thread.</summary>
    internal event Action? Left;

    /// <summary>The bridge left the rule's last chain: nothing of it may run any more. Bridge's thread.</summary>
    internal void Deactivate()
    {
        Volatile.Write(ref _entry, null);
        Left?.Invoke();
        _services.Timers.Remove(this);
        Discard();
    }

    /// <summary>This version will not run, or not again: what only it can use is forgotten. Any thread.</summary>
    internal void Discard()
    {
        _waiting.Discard();
        Exits.Clear();
        _services.Kept.Forget(this);
        // What a rule registered with the token is not the bridge's thread to run.
        _ = _stop.CancelAsync();
    }

    /// <summary>Keeps what was posted before the rule was in the chain until it is; afterwards nothing.</summary>
    internal void Defer(Action action) => _waiting.TryAdd(action);

    // Once for each name: a rule may ask again for every frame.
    private void Note<T>(string name, string key, params ReadOnlySpan<T> values)
    {
        if (_asked.ContainsKey(name))
            return;

        _services.NoteParameter(key);
        var text = new List<string>(values.Length);
        foreach (T value in values)
            text.Add(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "");
        _asked[name] = string.Join(',', text);
    }

    private RuleTimer Start(RuleTimer timer)
    {
        // Before the rule is in the chain, the top level runs on a loading thread; the timer begins when the rule does.
        if (Entry is null && _waiting.TryAdd(timer))
        {
            _services.LeftBehind.ThrowIfCurrent();
            return timer;
        }

        _services.BeginEngineCall(timer.Period is null ? nameof(After) : nameof(Every));
        try
        {
            // Of a version that has left nothing begins any more.
            if (Entry is not null)
                _services.Timers.Start(timer);
        }
        finally
        {
            _services.EndEngineCall();
        }

        return timer;
    }

    private void ThrowIfNotOfPorts(LinkType linkType)
    {
        if (linkType != _services.Outbox!.LinkType)
            throw new ArgumentException($"The ports' frames begin with {_services.Outbox.LinkType}, this one with {linkType}: put a link header before it.");
    }

    private void Write(ReadOnlySpan<char> message)
    {
        if (_services.IsBridgeThread)
        {
            _services.BeginEngineCall(nameof(Log));
            _services.Journal.Log(Name, message);
            _services.EndEngineCall();
        }
        else
        {
            _services.LeftBehind.ThrowIfCurrent();
            _services.Journal.Add(new LogNote(Name, new string(message)));
        }
    }

    private T Parse<T>(string name, string key, string text)
        where T : ISpanParsable<T>
    {
        try
        {
            return T.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            if (key == name)
                Misfit = name;
            throw new FormatException($"--set {key}={text}: {exception.Message}", exception);
        }
    }
}
