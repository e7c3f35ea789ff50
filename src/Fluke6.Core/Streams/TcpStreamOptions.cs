namespace Fluke6.Streams;

/// <summary>Which connections a rule rewrites, and what may wait for it.</summary>
public sealed record TcpStreamOptions
{
    /// <summary>The port of the end that is connected to; 0, the default, for every one.</summary>
    public ushort Port { get; init; }

    /// <summary>
    /// How many bytes of one direction may wait for the rule, 1 to 1,048,576: what it did not decide about when it saw them. More than
    /// that, the oldest
    /// of them, pass as they are, which is counted and told.
    /// </summary>
    public int MaxHold { get; init; } = 65_536;

    /// <summary>
    /// For how long bytes may wait for the rule, 1 ms to an hour. After that they pass as they are, which is counted and told. A sender
    /// sends
    /// lost bytes again after 200 ms at the earliest, so less than that may let half of a match pass.
    /// </summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether senders are told by SACK of bytes that wait in the bridge: for a rule or a link before it that loses packets. Otherwise,
    /// the default,
    /// nobody is told of anything that the other end does not have; a sender then learns of a packet that was lost before the bridge by
    /// its timeout
    /// alone. SACK takes nothing off a sender's hands: what it does not hear an acknowledgment of it keeps, and sends again. RFC 2018 §8.
    /// </summary>
    public bool TellsOfWaiting { get; init; }

    /// <summary>
    /// How many bytes of one direction may be under way, 65,536 to 1 GiB: those that the receiver did not acknowledge yet and those that
    /// came before others. More are dropped, and come again.
    /// </summary>
    public int MaxInFlight { get; init; } = 16 << 20;

    /// <summary>How many bytes all connections of the rule may take up together, from 1 MiB. More are dropped, and come again.</summary>
    public long MaxMemory { get; init; } = 256 << 20;

    /// <summary>
    /// How many connections the rule follows at once, 1 to 1,048,576. One that would be more takes the place of one that is over or
    /// unchanged, else it
    /// passes untouched, which is counted.
    /// </summary>
    public int MaxConnections { get; init; } = 16_384;

    /// <summary>Throws where a value is out of its range.</summary>
    internal void Validate()
    {
        Check(MaxHold, 1, 1 << 20, nameof(MaxHold));
        Check(MaxDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), nameof(MaxDelay));
        Check(MaxInFlight, 65_536, 1 << 30, nameof(MaxInFlight));
        Check(MaxMemory, 1L << 20, 1L << 40, nameof(MaxMemory));
        Check(MaxConnections, 1, 1 << 20, nameof(MaxConnections));
    }

    // In one line, as a script's errors are; .NET's own takes two.
    private static void Check<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ArgumentOutOfRangeException(name, $"{name} is {least} to {most}, not {value}.");
    }
}
