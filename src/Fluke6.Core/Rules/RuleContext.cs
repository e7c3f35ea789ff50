using System.Runtime.CompilerServices;
using Fluke6.Frames;

namespace Fluke6.Rules;

/// <summary>
/// The members that a rule may call besides its frame's: the globals of a script. One instance for each version of a rule. Unless said
/// otherwise, to be called from the script's top level, from <c>Apply</c>, or from a timer: on the bridge's thread.
/// </summary>
public abstract class RuleContext
{
    private readonly RuleParameters _parameters;
    private readonly List<Guard> _guards = [];
    private Guard? _guard;
    private bool _hasBegun;

    private protected RuleContext(string name, IReadOnlyDictionary<string, string> parameters)
    {
        Name = name;
        _parameters = new RuleParameters(name, parameters, NoteParameter);
    }

    /// <summary>The rule's name: its file's, without the extension.</summary>
    public string Name { get; }

    /// <summary>These members as an object, for a class of the rule's own that calls them: <c>new Speaker(Context)</c>.</summary>
    public RuleContext Context => this;

    /// <summary>The time, as the bridge reads it: UTC, and a monotonic clock.</summary>
    public abstract TimeProvider Clock { get; }

    /// <summary>Random numbers.</summary>
    public abstract Random Random { get; }

    /// <summary>
    /// Cancelled once this version of the rule runs no more: ends what it waits for on a task of its own. From any thread.
    /// </summary>
    public abstract CancellationToken Stopped { get; }

    /// <summary>The parameters that the rule asked for so far and what each is, as text. From any thread.</summary>
    public IReadOnlyDictionary<string, string> Parameters => _parameters.Asked;

    /// <summary>What each <see cref="When"/> asked for.</summary>
    internal IReadOnlyList<Guard> Guards => _guards;

    /// <summary>All guards of the rule as one; null if it is asked about all frames. From here on there are no others.</summary>
    internal Guard? TakeGuard()
    {
        Volatile.Write(ref _hasBegun, true);
        return _guard;
    }

    /// <summary>The parameter for all rules whose value this one could not read; it may be meant for another. Null if there is none.</summary>
    internal string? Misfit => _parameters.Misfit;

    /// <summary>Where <see cref="LogInterpolation"/> writes a line.</summary>
    internal abstract Span<char> LogLine { get; }

    /// <summary>Says something, in the log pane, the log on standard error or the JSON stream.</summary>
    public void Log(string message) => Write(message);

    /// <summary>Says something; as an interpolated string it allocates nothing.</summary>
    public void Log([InterpolatedStringHandlerArgument("")] ref LogInterpolation message) => Write(message.Text);

    /// <summary>A parameter of the rule: what <c>--set RULE.NAME=VALUE</c> or <c>--set NAME=VALUE</c> gave, or <paramref name="default"/>.</summary>
    /// <param name="name">NAME.</param>
    /// <param name="default">What it is unless given.</param>
    /// <param name="description">What it means, in a few words, for <c>fluke6 check --params</c>.</param>
    /// <exception cref="FormatException">VALUE is not a <typeparamref name="T"/>.</exception>
    public T Param<T>(string name, T @default, string description = "")
        where T : ISpanParsable<T> => _parameters.Get(name, @default, range: null);

    /// <summary>A parameter within a range: <c>Param&lt;ushort>("mss", 1220, "the largest MSS that passes", 536, 65535)</c>.</summary>
    /// <param name="name">NAME.</param>
    /// <param name="default">What it is unless given.</param>
    /// <param name="description">What it means, in a few words, for <c>fluke6 check --params</c>.</param>
    /// <param name="minimum">The least that may be given.</param>
    /// <param name="maximum">The most that may be given.</param>
    /// <exception cref="FormatException">VALUE is not a <typeparamref name="T"/>, or out of the range.</exception>
    /// <exception cref="ArgumentException"><paramref name="default"/> is out of the range.</exception>
    public T Param<T>(string name, T @default, string description, T minimum, T maximum)
        where T : ISpanParsable<T>, IComparable<T> => _parameters.Get(name, @default, new ParameterRange<T>(minimum, maximum));

    /// <summary>A parameter that is a list: what <c>--set NAME=VALUE,VALUE</c> gave, or <paramref name="default"/>.</summary>
    /// <inheritdoc cref="Param{T}(string, T, string)"/>
    /// <exception cref="FormatException">A VALUE is not a <typeparamref name="T"/>.</exception>
    public T[] Param<T>(string name, T[] @default, string description = "")
        where T : ISpanParsable<T> => _parameters.Get(name, @default, range: null);

    /// <summary>A parameter that is a list, each of its values within a range.</summary>
    /// <inheritdoc cref="Param{T}(string, T, string, T, T)"/>
    /// <exception cref="FormatException">A VALUE is not a <typeparamref name="T"/>, or out of the range.</exception>
    public T[] Param<T>(string name, T[] @default, string description, T minimum, T maximum)
        where T : ISpanParsable<T>, IComparable<T> => _parameters.Get(name, @default, new ParameterRange<T>(minimum, maximum));

    /// <summary>
    /// Asks the rule about no other frames than those that a guard holds for; called several times, about those that one of them holds for. To be
    /// called from the top level. A rule without a guard is asked about all frames.
    /// </summary>
    /// <exception cref="InvalidOperationException">The top level is over, or all guards together are too many.</exception>
    public void When(Guard guard)
    {
        ArgumentNullException.ThrowIfNull(guard);
        if (Volatile.Read(ref _hasBegun))
            throw new InvalidOperationException($"{nameof(When)} is for the rule's top level: a guard stays as it is while the rule runs");
        _guard = _guard is null ? guard : _guard | guard;
        _guards.Add(guard);
    }

    /// <summary>
    /// An object that survives reloads of this rule: the one kept under <paramref name="key"/>, or a new one. An object whose type the
    /// script itself declares does not survive: the new version's type is another.
    /// </summary>
    public abstract T Keep<T>(string key, Func<T> create)
        where T : class;

    /// <summary>
    /// Sends a frame out of a port, after the frames at hand. Its checksums are its own business. One that is longer than the port's MTU
    /// allows is likely to be lost, and said once; a frame that came as a super-segment is sent as its <see cref="Frame.Copy"/>.
    /// </summary>
    /// <param name="side">Which port.</param>
    /// <param name="octets">The whole frame, from its link header on; at most <see cref="FrameBuffer.MaxFrameLength"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is longer.</exception>
    /// <exception cref="ArgumentException">There is no such port.</exception>
    public abstract void Send(Side side, ReadOnlySpan<byte> octets);

    /// <summary>
    /// Sends a packet out of a port, after the frames at hand: <c>Send(Side.Left, Packet.Ethernet(mac).Ipv6(source, destination)...)</c>.
    /// </summary>
    /// <param name="side">Which port.</param>
    /// <param name="packet">The packet; lengths and checksums are filled in.</param>
    /// <exception cref="ArgumentException">It begins with an IP header and the ports' frames with an Ethernet header, or the other way round.</exception>
    public abstract void Send(Side side, in Packet packet);

    /// <summary>Sends a frame that was kept out of a port, after the frames at hand; a super-segment is still one.</summary>
    /// <param name="side">Which port.</param>
    /// <param name="copy">The result of <see cref="Frame.Copy"/>, by this rule or another; it may be sent again.</param>
    /// <exception cref="ArgumentException">It is a packet without an Ethernet header, from inside another frame, and the ports need one.</exception>
    public abstract void Send(Side side, FrameCopy copy);

    /// <summary>Sends a copy of a frame out of a port, after the frames at hand, with its offload header: super-segments stay such.</summary>
    /// <exception cref="ArgumentException">It is a packet without an Ethernet header, from inside another frame, and the ports need one.</exception>
    public abstract void Send(Side side, ref readonly Frame frame);

    /// <summary>
    /// Ends the TCP connection that a segment belongs to, at both ends: its sender and its receiver are sent a reset each, with the sequence number
    /// that they take one with (RFC 5961 §3.2), and the segment itself goes no further. What a receiver that has the segment already, as where it is
    /// sent again, would take is sent, too. Where a later segment was faster, an end takes none of them: then the other one's kernel resets it as soon as
    /// it sends anything.
    /// </summary>
    /// <param name="frame">The segment.</param>
    /// <returns>
    /// The verdict for the rule to return: <see cref="Verdict.Drop"/>; <see cref="Verdict.Continue"/>, with nothing sent, if this is no whole TCP segment
    /// from one host to one host, or is itself a reset.
    /// </returns>
    public Verdict ResetBothEnds(ref readonly Frame frame)
    {
        Span<byte> reset = stackalloc byte[Frame.MaxReset];
        int length = frame.WriteResetForSender(reset);
        if (length == 0)
            return Verdict.Continue;

        Send(frame.From, reset[..length]);
        foreach (bool after in (ReadOnlySpan<bool>)[false, true])
        {
            length = frame.WriteResetForReceiver(reset, after);
            if (length > 0)
                Send(frame.From.Opposite(), reset[..length]);
        }

        return Verdict.Drop;
    }

    /// <summary>Calls <paramref name="action"/> again and again on the bridge's thread, between batches; ends when the rule is reloaded.</summary>
    /// <param name="interval">At least a millisecond.</param>
    public RuleTimer Every(TimeSpan interval, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(1));
        return Start(interval, interval, action);
    }

    /// <summary>Calls <paramref name="action"/> once on the bridge's thread, between batches, unless the rule is reloaded before.</summary>
    /// <param name="delay">Not negative. However long: one that outlasts the machine never ends.</param>
    public RuleTimer After(TimeSpan delay, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return Start(delay, period: null, action);
    }

    /// <summary>
    /// Asks for frames as a wire would carry them: from now on super-segments are cut up before the rules of the bridge, this one and all others,
    /// see them, each piece with its own lengths, numbers and checksums. To be called from the top level. Costs throughput, as the pieces go
    /// out one by one; the rule switched off, it ends. Of the pieces each arrives at a time of its own, so that one of many may be dropped or held.
    /// </summary>
    /// <exception cref="InvalidOperationException">Not from the top level.</exception>
    public abstract void WireSized();

    /// <summary>
    /// Calls <paramref name="action"/> on the bridge's thread when the rule's work ends in good order: the bridge stops, the user switches the
    /// rule off, or its file is gone. The rule gets no more frames then; what it sends still goes out. Not for a reload, where the next
    /// version goes on, nor for a rule that was bypassed, which is not to be trusted any more.
    /// </summary>
    /// <remarks>
    /// Last registered, first called; the rules of a chain from the last to the first: each undoes what it did on top of the others. A rule
    /// that is switched on again is called again at its next end. Where rules after it go on, what it sends runs through those, as what it
    /// did to frames did. What throws is a fault; what does not return is left behind.
    /// </remarks>
    public abstract void AtExit(Action action);

    /// <summary>
    /// Hands work back to the bridge's thread: for a rule that waits for something elsewhere, on a task of its own. From any thread;
    /// what is posted after the rule was reloaded is not run.
    /// </summary>
    /// <exception cref="InvalidOperationException">65,536 posted actions of the rule are waiting already.</exception>
    public abstract void Post(Action action);

    /// <summary>This version has left the chain, so that what survives it lets go of what is this version's. Bridge's thread.</summary>
    internal abstract event Action? Ended;

    /// <summary>Says that something of this version threw where nobody could catch it, such as a thread of its own. From any thread.</summary>
    internal abstract void Fault(Exception exception);

    /// <summary>The rule asked for a parameter; this is the name under which one would be given.</summary>
    internal abstract void NoteParameter(string name);

    private protected abstract void Write(ReadOnlySpan<char> line);

    private protected abstract RuleTimer Start(TimeSpan delay, TimeSpan? period, Action action);
}
