using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Tests.Rules;

/// <summary>A router advertisement right unless a field says otherwise. RFC 4861 §4.2.</summary>
public sealed record AdvertisementSample
{
    public string Source { get; init; } = "fe80::1";

    public byte HopLimit { get; init; } = 255;

    public byte Code { get; init; }

    public byte CurrentHopLimit { get; init; } = 64;

    public uint ReachableTime { get; init; }

    public uint RetransTimer { get; init; }

    /// <summary>The options, in hex.</summary>
    public string Options { get; init; } = "";

    public bool HasFragmentHeader { get; init; }

    public ushort ChecksumError { get; init; }

    /// <summary>How many of the message's bytes are there; all if null.</summary>
    public int? Length { get; init; }

    public byte[] ToOctets()
    {
        var fields = new RouterAdvertisementFields { CurrentHopLimit = CurrentHopLimit, ReachableTime = ReachableTime, RetransTimer = RetransTimer };
        byte[] message = [.. new byte[fields.Length], .. Hex.Octets(Options)];
        fields.Write(message);
        message[1] = Code;
        Packet<Ipv6Fields> ipv6 = Packet.Ethernet(MacAddress.Parse("02:00:00:00:00:0a")).Ipv6(Ipv6Address.Parse(Source), Ipv6Address.AllNodes, HopLimit);
        ReadOnlySpan<byte> there = message.AsSpan(0, Length ?? message.Length);
        byte[] frame = (HasFragmentHeader ? ipv6.Fragment(new FragmentFields(1)).Payload(IpProtocol.Icmpv6, there) : ipv6.Payload(IpProtocol.Icmpv6, there))
            .ToArray();
        (int field, ushort value) = NaiveSum.Recompute(frame);
        WriteUInt16BigEndian(frame.AsSpan(field), NaiveSum.Add(value, ChecksumError));
        return frame;
    }
}
