using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Tests.Rules;

/// <summary>A router advertisement laid out byte by byte, right unless a field says otherwise. RFC 4861 §4.2.</summary>
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
        byte[] message = [134, Code, 0, 0, CurrentHopLimit, 0, 7, 8, .. new byte[8], .. Hex.Octets(Options)];
        WriteUInt32BigEndian(message.AsSpan(8), ReachableTime);
        WriteUInt32BigEndian(message.AsSpan(12), RetransTimer);
        message = message[..(Length ?? message.Length)];
        byte[] fragment = HasFragmentHeader ? [58, 0, 0, 0, 0, 0, 0, 1] : [];
        byte[] addresses = new byte[32];
        Ipv6Address.Parse(Source).WriteTo(addresses);
        Ipv6Address.AllNodes.WriteTo(addresses.AsSpan(16));
        byte[] frame =
        [
            0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0x0A, 0x86, 0xDD,
            0x60, 0, 0, 0, 0, (byte)(fragment.Length + message.Length), (byte)(HasFragmentHeader ? 44 : 58), HopLimit, .. addresses,
            .. fragment, .. message,
        ];
        (int field, ushort value) = NaiveSum.Recompute(frame);
        WriteUInt16BigEndian(frame.AsSpan(field), NaiveSum.Add(value, ChecksumError));
        return frame;
    }
}
