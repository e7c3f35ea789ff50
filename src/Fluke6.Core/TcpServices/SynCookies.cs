using System.Runtime.InteropServices;
using Fluke6.Flows;

namespace Fluke6.TcpServices;

/// <summary>
/// Initial sequence numbers that say by themselves what a SYN was answered with, so that nothing is kept of the SYN until its client
/// acknowledges them: who forges an address never does. RFC 4987 §3.6.
/// </summary>
/// <remarks>27 bits of a keyed hash, 2 of the time, 3 of the client's maximum segment size, rounded down.</remarks>
internal sealed class SynCookies
{
    private const int SizeBits = 3, TimeBits = 2;
    private const uint SizeMask = (1 << SizeBits) - 1, TimeMask = (1 << TimeBits) - 1, HashMask = ~((1u << (SizeBits + TimeBits)) - 1);

    // A cookie holds for the period it was made in and the next.
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(64);

    // RFC 9293 §3.7.1's defaults, and Ethernet's with and without tunnels and timestamps; jumbo frames.
    private static ReadOnlySpan<ushort> Sizes => [64, 536, 1220, 1360, 1400, 1440, 1460, 8940];

    private SipHash? _hash;
    private TimeSpan _lastMade = TimeSpan.MinValue;

    /// <summary>The number to answer a SYN with.</summary>
    /// <param name="key">The connection's flow.</param>
    /// <param name="initial">The SYN's sequence number.</param>
    /// <param name="segmentSize">The maximum segment size that it announces, in octets.</param>
    /// <param name="now">Time, from any point on.</param>
    /// <param name="random">Where the secret comes from.</param>
    public uint Make(in FlowKey key, uint initial, int segmentSize, TimeSpan now, Random random)
    {
        _hash ??= SipHash.Create(random);
        _lastMade = now;
        int size = Sizes.Length - 1;
        while (size > 0 && Sizes[size] > segmentSize)
            size--;
        return Make(key, initial, size, Period(now));
    }

    /// <summary>Whether a client acknowledges a number that was made for it.</summary>
    /// <param name="key">The connection's flow.</param>
    /// <param name="initial">The SYN's sequence number: one less than that of what acknowledges it.</param>
    /// <param name="cookie">The number: one less than what is acknowledged.</param>
    /// <param name="now">Time.</param>
    /// <param name="segmentSize">The client's maximum segment size, in octets, or somewhat less.</param>
    public bool TryRead(in FlowKey key, uint initial, uint cookie, TimeSpan now, out int segmentSize)
    {
        int size = (int)(cookie & SizeMask);
        segmentSize = Sizes[size];
        if (_lastMade == TimeSpan.MinValue || now - _lastMade > 2 * s_period)
            return false;

        uint age = ((uint)Period(now) - (cookie >> SizeBits)) & TimeMask;
        return age <= 1 && Make(key, initial, size, Period(now) - age) == cookie;
    }

    private static long Period(TimeSpan time) => time.Ticks / s_period.Ticks;

    private uint Make(in FlowKey key, uint initial, int size, long period)
    {
        ReadOnlySpan<ulong> flow = MemoryMarshal.Cast<FlowKey, ulong>(new ReadOnlySpan<FlowKey>(in key));
        Span<ulong> words = stackalloc ulong[flow.Length + 2];
        flow.CopyTo(words);
        (words[^2], words[^1]) = ((ulong)initial << 32 | (uint)size, (ulong)period);
        return ((uint)_hash!.Value.Compute(words) & HashMask) | (((uint)period & TimeMask) << SizeBits) | (uint)size;
    }
}
