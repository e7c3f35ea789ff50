using System.Globalization;

namespace Fluke6.Impairments;

/// <summary>How a queue before a link drops packets.</summary>
internal enum QueueKind : byte
{
    DropTail,
    DropHead,
    CoDel,
}

/// <summary>The queue before a link: how long it may be and what it drops. Made by <c>DropTail(packets: 100)</c>, <c>DropHead</c>,
/// <c>CoDel</c>.</summary>
public sealed class QueueModel
{
    internal QueueModel(QueueKind kind, int packets, long octets, TimeSpan target = default, TimeSpan interval = default)
    {
        Kind = kind;
        Packets = packets;
        Octets = octets;
        Target = target;
        Interval = interval;
    }

    internal QueueKind Kind { get; }

    /// <summary>How many packets wait at most.</summary>
    internal int Packets { get; }

    /// <summary>How many octets wait at most.</summary>
    internal long Octets { get; }

    /// <summary>For how long packets may wait always.</summary>
    internal TimeSpan Target { get; }

    /// <summary>For how long they may wait longer.</summary>
    internal TimeSpan Interval { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kind}({Packets} packets, {Octets} bytes{(Kind == QueueKind.CoDel ? $", {Target.TotalMilliseconds} ms, {Interval.TotalMilliseconds} ms" : "")})");
}
