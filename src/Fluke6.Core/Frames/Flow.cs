using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>
/// The flow that a frame belongs to, both directions in one: what passed of it so far, and what the rule at hand remembers of it
/// (<see cref="State{T}"/>).
/// </summary>
/// <remarks>
/// <para>Flows are told apart by addresses, protocol, ports (of ICMP echoes, the identifier) and VLANs, what is not IP by link addresses and
/// EtherType: as the frame arrived, before any rule. So every frame that arrives belongs to one, and an inner frame to that of the frame
/// around it. The bridge keeps <c>--flows</c> of them (65,536): a new one takes the place of the one unseen for the longest, and what rules
/// remember of that goes with it.</para>
/// <para>A frame that another rule sends at exit belongs to none, nor does one that was held for so long that its flow made room for another:
/// <see cref="IsKnown"/> is false, figures are 0, and its state begins anew and is forgotten. With <c>--flows 0</c> no frame belongs to any, and a rule that asks for state is a fault.</para>
/// </remarks>
public readonly ref struct Flow : ISpanFormattable
{
    private const int MaxText = 256;

    private readonly FlowAtHand? _flow;

    internal Flow(FlowAtHand? flow) => _flow = flow;

    /// <summary>Whether there is one.</summary>
    public bool IsKnown => _flow is { IsKnown: true };

    /// <summary>The end that began: that sent the first frame seen, or the SYN.</summary>
    public FlowEndpoint Source => _flow?.Source ?? default;

    /// <summary>The other end.</summary>
    public FlowEndpoint Destination => _flow?.Destination ?? default;

    /// <summary>Frames that arrived on the left port, this one included.</summary>
    public long FramesFromLeft => Figures.FramesFromLeft;

    /// <summary>Frames that arrived on the right port, this one included.</summary>
    public long FramesFromRight => Figures.FramesFromRight;

    /// <summary>Frames in both directions, this one included.</summary>
    public long Frames => Figures.FramesFromLeft + Figures.FramesFromRight;

    /// <summary>Octets of the frames that arrived on the left port, this one included.</summary>
    public long BytesFromLeft => Figures.BytesFromLeft;

    /// <summary>Octets of the frames that arrived on the right port, this one included.</summary>
    public long BytesFromRight => Figures.BytesFromRight;

    /// <summary>Octets in both directions, this frame's included.</summary>
    public long Bytes => Figures.BytesFromLeft + Figures.BytesFromRight;

    /// <summary>When its first frame arrived, UTC.</summary>
    public DateTimeOffset FirstSeen => new(Figures.FirstSeen, TimeSpan.Zero);

    /// <summary>When the frame before this one arrived, in either direction, UTC; for the first frame, when that did.</summary>
    public DateTimeOffset LastSeen => new(Figures.SeenBefore, TimeSpan.Zero);

    /// <summary>How long it has gone on: from its first frame to this one.</summary>
    public TimeSpan Age => TimeSpan.FromTicks(Figures.Now - Figures.FirstSeen);

    private FlowFigures Figures => _flow?.Figures ?? default;

    /// <summary>
    /// The rule's memory of this flow, to be read and written in place: <c>if (++frame.Flow.State&lt;int>() > 100)</c>, or
    /// <c>ref var seen = ref frame.Flow.State&lt;(long Second, int Frames)>();</c>. Zeros, or null, at the flow's first frame. Each rule has
    /// its own, one for each type.
    /// </summary>
    /// <remarks>
    /// <para>It goes with the flow, and survives reloads of the rule unless its type, or the object's, is one that the script itself declares: the new
    /// version's type is another, and begins anew. A tuple, a number, a type of .NET's survive.</para>
    /// <para>Memory is taken for 256 flows at a time, when the first of them asks; then nothing is allocated, however many flows come and go.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">The bridge keeps no flows (<c>--flows 0</c>).</exception>
    public ref T State<T>()
    {
        FlowAtHand flow = _flow ?? throw NotKept("has no state");
        FlowStates states = flow.BeginState(out int index);
        try
        {
            return ref states.Of<T>(index);
        }
        finally
        {
            flow.EndState();
        }
    }

    /// <summary>
    /// Lets go of the flow: this rule is not asked about its later frames any more, in either direction, as after the handshake or the first request was
    /// looked at. Once every rule whose guard holds for it has let go, the kernel forwards it, if it can (<c>--fast-path</c>). Its figures go on.
    /// </summary>
    /// <remarks>
    /// <para>The rule is asked again once a SYN begins another connection between the same ends, after a minute without a frame, where the flow made room for
    /// another, and when the rule is loaded anew. While the rule holds frames, it is asked on, since later frames would overtake them. The frame at hand goes on as the rule decides, and other rules are asked as before.</para>
    /// <para>The kernel takes the flow over as soon as nothing of it is on its way through the bridge: no frame overtakes another. Of the 64th rule and those
    /// after it, and of a frame without a flow, nothing is let go.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">The bridge keeps no flows (<c>--flows 0</c>).</exception>
    public void Release() => (_flow ?? throw NotKept("cannot be let go")).Release();

    /// <summary>Both ends, the one that began first, and what passed.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxText];
        TryFormat(text, out int length, default, null);
        return new string(text[..length]);
    }

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        if (IsKnown)
            line.Write($"{Source} > {Destination}, {Frames} frames, {Bytes} bytes");
        else
            line.Write("no flow");
        charsWritten = line.Length;
        return line.Complete;
    }

    private static InvalidOperationException NotKept(string what) => new($"frame.Flow {what} where no flows are kept: leave out --flows 0");
}
