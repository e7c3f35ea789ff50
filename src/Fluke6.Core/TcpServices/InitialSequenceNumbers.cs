using Fluke6.Flows;

namespace Fluke6.TcpServices;

/// <summary>
/// Initial sequence numbers: a clock of four microseconds plus a hash of addresses, ports and a secret, so that those of a connection that
/// comes again go on, and others cannot be guessed from them by looking. RFC 9293 §3.4.1, RFC 6528 §3. (The hash is keyed, not
/// cryptographic: this is no service to trust secrets to.)
/// </summary>
internal sealed class InitialSequenceNumbers
{
    private FlowSeed? _secret;
    private TimeSpan _begin;

    /// <summary>The number for a connection of a flow.</summary>
    /// <param name="key">The flow.</param>
    /// <param name="now">Time, from any point on.</param>
    /// <param name="random">Where the secret comes from.</param>
    public uint Next(in FlowKey key, TimeSpan now, Random random)
    {
        if (_secret is not { } secret)
        {
            Span<ulong> octets = stackalloc ulong[5];
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(octets));
            _secret = secret = new FlowSeed(octets);
            _begin = now;
        }

        return key.Hash(secret) + (uint)((now - _begin).Ticks / (4 * TimeSpan.TicksPerMicrosecond));
    }
}
