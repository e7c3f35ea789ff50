using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// Turns a UDP datagram into its answer: from the address and port that it was sent to, back to its sender, with other data. RFC 768. Hop
    /// limit and time to live are 64.
    /// </summary>
    /// <param name="octets">The answer's data.</param>
    /// <returns>
    /// <see cref="Verdict.Reflect"/>; <see cref="Verdict.Continue"/>, the frame untouched, if this is no whole UDP datagram from one host to one
    /// host, or if the answer does not fit into the MTU.
    /// </returns>
    public readonly Verdict AnswerUdp(ReadOnlySpan<byte> octets)
    {
        ref readonly Layers layers = ref Layers;
        if (!TryGetUdp(out _) || HasFixedLength || layers.IsFragment || layers.HasOtherAddresses || !SourceIsOneHost() || !DestinationIsOneHost())
            return Verdict.Continue;
        if (ReplacePayload(octets, nameof(AnswerUdp)) == EditResult.Refused)
            return Verdict.Continue;

        Mirror();
        if (TryGetIpv4(out Ipv4Header ipv4))
            ipv4.TimeToLive = DefaultHopLimit;
        else if (TryGetIpv6(out Ipv6Header ipv6))
            ipv6.HopLimit = DefaultHopLimit;
        return Verdict.Reflect;
    }
}
