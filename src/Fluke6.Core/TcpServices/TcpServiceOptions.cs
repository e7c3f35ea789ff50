using Fluke6.Wire;

namespace Fluke6.TcpServices;

/// <summary>Whom a TCP service answers, with which options, and what it may take up.</summary>
public sealed record TcpServiceOptions
{
    /// <summary>The IPv4 hosts that the service is: 0.0.0.0/0, the default, for every one.</summary>
    public Ipv4Prefix Ipv4 { get; init; }

    /// <summary>The IPv6 addresses that the service is: ::/0, the default, for every one.</summary>
    public Ipv6Prefix Ipv6 { get; init; }

    /// <summary>The port; 0, the default, for every one.</summary>
    public ushort Port { get; init; }

    /// <summary>
    /// The options of the SYN,ACK, 0 to 40 octets as they go onto the wire. Empty, the default: those of the client's SYN, octet for octet.
    /// A single 0 (End of Option List) sends none. Only a timestamp's echo that is not zero becomes the SYN's timestamp: RFC 7323 §3.2.
    /// Window scale, timestamps and SACK are used if both SYNs have the option, as RFC 7323 §2.2, §3.2 and RFC 2018 §2 ask.
    /// </summary>
    public ReadOnlyMemory<byte> SynAckOptions { get; init; }

    /// <summary>
    /// How many connections there may be at once, half-open ones included; 1 to 65,535. A SYN more takes the place of the connection that
    /// is half-open for longest, else of the oldest in TIME-WAIT, else of one that was idle for ten seconds; else it is dropped, and its
    /// client waits and sends it again. Where some have been half-open for less than three seconds, it is answered with a cookie (RFC 4987
    /// §3.6): nothing is kept of it, its options for window scale, SACK and timestamps are not taken up, and it takes such a place only
    /// when its client acknowledges that.
    /// </summary>
    public int MaxConnections { get; init; } = 500;

    /// <summary>
    /// How many octets a connection may hold in each direction, 2,048 to 1,048,576, rounded up to a power of two: what is received and not yet
    /// in order or handed over, and what is written and not yet acknowledged. Taken up only while there are such: a service never holds more
    /// than twice this for each of <see cref="MaxConnections"/>.
    /// </summary>
    public int BufferSize { get; init; } = 128 * 1024;

    /// <summary>
    /// The shortest retransmission timeout, 1 ms to 60 s. RFC 6298 §2.4 recommends a second; as in Linux, it is 200 ms.
    /// </summary>
    public TimeSpan MinimumTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// After how long without a segment from the client, be it a keep-alive, a connection is given up, with a reset; 1 s to 24 days.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>
    /// How long a connection that the service closed first is remembered: twice the maximum segment lifetime, RFC 9293 §3.4.2; 0 to 24 days.
    /// </summary>
    public TimeSpan TimeWait { get; init; } = TimeSpan.FromSeconds(60);

    // RFC 7323 §5.5: later than this timestamps cannot be told from old ones.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    /// <summary>Throws where a value is out of its range.</summary>
    internal void Validate()
    {
        if (SynAckOptions.Length > TcpHeader.MaxLength - TcpHeader.MinLength)
            throw new ArgumentException($"A SYN,ACK has at most 40 octets of options, not {SynAckOptions.Length}.");
        Check(MaxConnections, 1, ushort.MaxValue, nameof(MaxConnections));
        Check(BufferSize, 2048, 1 << 20, nameof(BufferSize));
        Check(MinimumTimeout, TimeSpan.FromMilliseconds(1), RetransmissionTimeout.Maximum, nameof(MinimumTimeout));
        Check(IdleTimeout, TimeSpan.FromSeconds(1), s_longest, nameof(IdleTimeout));
        Check(TimeWait, TimeSpan.Zero, s_longest, nameof(TimeWait));
    }

    // In one line, as a script's errors are; .NET's own takes two.
    private static void Check<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ArgumentOutOfRangeException(name, $"{name} is {least} to {most}, not {value}.");
    }
}
