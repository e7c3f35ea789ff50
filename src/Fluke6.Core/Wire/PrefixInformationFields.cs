using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="PrefixInformation"/> option, defaults as RFC 4861 §6.2.1 gives them. RFC 4861 §4.6.2.</summary>
/// <param name="PrefixAddress">The prefix; with <see cref="RouterAddress"/>, the router's whole address.</param>
/// <param name="PrefixLength">How many leading bits of the prefix count, 0 to 128.</param>
public readonly record struct PrefixInformationFields(Ipv6Address PrefixAddress, byte PrefixLength) : INeighborDiscoveryOptionFields
{
    /// <summary>A prefix that is on the link and to make addresses from.</summary>
    public PrefixInformationFields(Ipv6Prefix prefix)
        : this(prefix.Address, (byte)prefix.Length)
    {
    }

    /// <summary>L: addresses with this prefix are on the link.</summary>
    public bool OnLink { get; init; } = true;

    /// <summary>A: hosts may make addresses from this prefix. RFC 4862.</summary>
    public bool Autonomous { get; init; } = true;

    /// <summary>R: the prefix field holds the router's whole address. RFC 6275 §7.2.</summary>
    public bool RouterAddress { get; init; }

    /// <summary>How long the prefix is on the link and its addresses are valid, in seconds; all ones for ever.</summary>
    public uint ValidLifetime { get; init; } = 30 * 24 * 3600;

    /// <summary>How long addresses made from the prefix are preferred, in seconds; all ones for ever.</summary>
    public uint PreferredLifetime { get; init; } = 7 * 24 * 3600;

    /// <inheritdoc/>
    public NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.PrefixInformation;

    /// <inheritdoc/>
    public int Length => 32;

    /// <summary>What an option says.</summary>
    public static PrefixInformationFields Read(PrefixInformation option) => new(option.PrefixAddress, option.PrefixLength)
    {
        OnLink = option.OnLink,
        Autonomous = option.Autonomous,
        RouterAddress = option.RouterAddress,
        ValidLifetime = option.ValidLifetime,
        PreferredLifetime = option.PreferredLifetime,
    };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Span<byte> option = NeighborDiscoveryOptionFields.Begin(destination, Type, Length);
        option[2] = PrefixLength;
        option[3] = (byte)((OnLink ? 0x80 : 0) | (Autonomous ? 0x40 : 0) | (RouterAddress ? 0x20 : 0));
        WriteUInt32BigEndian(option[4..], ValidLifetime);
        WriteUInt32BigEndian(option[8..], PreferredLifetime);
        PrefixAddress.WriteTo(option[16..]);
    }
}
