using System.Diagnostics.CodeAnalysis;
using Fluke6.Frames;

namespace Fluke6.Streams;

/// <summary>One direction of a TCP connection whose bytes a rule sees in their order. On the bridge's thread.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of TCP, RFC 9293 §3.1, is what it is, and none of .NET's.")]
public sealed class TcpStream
{
    private readonly StreamDirection _direction;
    private object? _state;

    internal TcpStream(StreamDirection direction) => _direction = direction;

    /// <summary>Whether the end sends that opened the connection.</summary>
    public bool IsFromClient => _direction.IsFromClient;

    /// <summary>The side that the bytes come from.</summary>
    public Side From => IsFromClient ? _direction.Flow.ClientSide : _direction.Flow.ClientSide.Opposite();

    /// <summary>The address and port of the end that sends.</summary>
    public FlowEndpoint Source => IsFromClient ? _direction.Flow.Client : _direction.Flow.Server;

    /// <summary>The address and port of the end that receives.</summary>
    public FlowEndpoint Destination => IsFromClient ? _direction.Flow.Server : _direction.Flow.Client;

    /// <summary>How many bytes were changed so far, and how.</summary>
    public StreamEdits Edits => _direction.Edits;

    /// <summary>Whether all that is still to come passes without being shown.</summary>
    internal bool WantsRest { get; private set; }

    /// <summary>
    /// The rest of this direction passes as it is, and is not shown to the rule any more. From then on it costs an addition for each
    /// segment.
    /// </summary>
    public void PassRest() => WantsRest = true;

    /// <summary>
    /// The rule's memory of this direction, to be read and written in place: <c>ref int seen = ref stream.State&lt;int>();</c>. Zeros, or
    /// null,
    /// at first. A direction has one, of one type: asked for another, it begins anew. It survives reloads of the rule unless the script
    /// itself declares the type.
    /// </summary>
    public ref T State<T>()
    {
        if (_state is not Box<T> box)
            _state = box = new Box<T>();
        return ref box.Value!;
    }

    /// <summary>A version of the rule left: what is of a type that its script declares would hold all of it.</summary>
    internal void ForgetWhatScriptsDeclare()
    {
        if (_state is Box { IsOfScript: true })
            _state = null;
    }

    private abstract class Box
    {
        public abstract bool IsOfScript { get; }
    }

    private sealed class Box<T> : Box
    {
        public T? Value;

        public override bool IsOfScript => typeof(T).IsCollectible || Value?.GetType().IsCollectible == true;
    }
}
