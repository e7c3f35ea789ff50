using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="Pref64"/> option. RFC 8781 §4.</summary>
public readonly record struct Pref64Fields : INeighborDiscoveryOptionFields
{
    private readonly int _lifetime = Pref64.RoundLifetime(1800);

    /// <summary>A prefix under which a NAT64 reaches IPv4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Its length is not 96, 64, 56, 48, 40 or 32. RFC 6052 §2.2.</exception>
    public Pref64Fields(Ipv6Prefix prefix)
    {
        if (!Pref64.TryGetCode(prefix.Length, out _))
            throw new ArgumentOutOfRangeException(nameof(prefix), $"A NAT64 prefix has 96, 64, 56, 48, 40 or 32 bits, not {prefix.Length}.");
        Prefix = prefix;
    }

    /// <summary>The prefix.</summary>
    public Ipv6Prefix Prefix { get; }

    /// <summary>
    /// How long the prefix may be used, in seconds; 0 for no longer. It is rounded up to a multiple of 8, at most
    /// <see cref="Pref64.MaxLifetime"/>. RFC 8781 §4.1.
    /// </summary>
    public int Lifetime
    {
        get => _lifetime;
        init => _lifetime = Pref64.RoundLifetime(value);
    }

    /// <inheritdoc/>
    public NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.Pref64;

    /// <inheritdoc/>
    public int Length => 16;

    /// <summary>What an option says.</summary>
    public static Pref64Fields Read(Pref64 option) => new(option.Prefix) { Lifetime = option.Lifetime };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Span<byte> option = NeighborDiscoveryOptionFields.Begin(destination, Type, Length);
        Pref64.TryGetCode(Prefix.Length, out int code);
        WriteUInt16BigEndian(option[2..], (ushort)(_lifetime | code));
        Span<byte> address = stackalloc byte[Ipv6Address.Length];
        Prefix.Address.WriteTo(address);
        address[..12].CopyTo(option[4..]);
    }
}
