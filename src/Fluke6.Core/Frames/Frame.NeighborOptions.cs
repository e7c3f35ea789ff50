using Fluke6.Wire;

namespace Fluke6.Frames;

// Edits of the options of neighbor discovery messages. IPv6 length and checksum follow. A list in which a length is impossible is refused,
// since nobody can tell what its end means. RFC 4861 §4.6.
public ref partial struct Frame
{
    private const int MaxNeighborMessage = 2048;

    /// <summary>
    /// Adds an option at the end of a neighbor discovery message, even if one of its type is there:
    /// <c>frame.AppendNeighborOption(new MtuOptionFields(1400))</c>.
    /// </summary>
    /// <param name="option">The option.</param>
    /// <returns>
    /// <see cref="EditResult.Unchanged"/> if this is no neighbor discovery message; <see cref="EditResult.Refused"/> if the message would
    /// be too long for the MTU or for 2,048 octets, is a fragment, or holds an option whose length is impossible.
    /// </returns>
    public readonly EditResult AppendNeighborOption<T>(in T option)
        where T : INeighborDiscoveryOptionFields
    {
        if (!TryGetNeighborOptions(out NeighborDiscoveryOptions options))
            return EditResult.Unchanged;
        if (options.IsMalformed || Payload.Length + option.Length > MaxNeighborMessage)
            return EditResult.Refused;

        Span<byte> payload = stackalloc byte[MaxNeighborMessage];
        Payload.CopyTo(payload);
        option.Write(payload[Payload.Length..]);
        return ReplacePayload(payload[..(Payload.Length + option.Length)]);
    }

    /// <summary>
    /// Puts an option in the place of the first of its type in a neighbor discovery message; further ones of the type go.
    /// </summary>
    /// <param name="option">The option.</param>
    /// <returns>
    /// <see cref="EditResult.Unchanged"/> if there is none of the type, or this is no neighbor discovery message;
    /// <see cref="EditResult.Refused"/> as by <see cref="AppendNeighborOption"/>.
    /// </returns>
    public readonly EditResult ReplaceNeighborOption<T>(in T option)
        where T : INeighborDiscoveryOptionFields
    {
        if (!TryGetNeighborOptions(out NeighborDiscoveryOptions options))
            return EditResult.Unchanged;
        if (options.IsMalformed || Payload.Length + option.Length > MaxNeighborMessage)
            return EditResult.Refused;

        Span<byte> payload = stackalloc byte[MaxNeighborMessage];
        int length = CopyWithout(options, option.Type, payload, out int first);
        if (first < 0)
            return EditResult.Unchanged;

        payload[first..length].CopyTo(payload[(first + option.Length)..]);
        option.Write(payload[first..]);
        return ReplacePayload(payload[..(length + option.Length)]);
    }

    /// <summary>Takes every option of a type out of a neighbor discovery message.</summary>
    /// <returns>
    /// <see cref="EditResult.Unchanged"/> if there is none, or this is no neighbor discovery message; <see cref="EditResult.Refused"/> for a
    /// fragment, a message of more than 2,048 octets, and one that holds an option whose length is impossible.
    /// </returns>
    public readonly EditResult RemoveNeighborOption(NeighborDiscoveryOptionType type)
    {
        if (!TryGetNeighborOptions(out NeighborDiscoveryOptions options))
            return EditResult.Unchanged;
        if (options.IsMalformed || Payload.Length > MaxNeighborMessage)
            return EditResult.Refused;

        Span<byte> payload = stackalloc byte[MaxNeighborMessage];
        int length = CopyWithout(options, type, payload, out int first);
        return first < 0 ? EditResult.Unchanged : ReplacePayload(payload[..length]);
    }

    private readonly bool TryGetNeighborOptions(out NeighborDiscoveryOptions options)
    {
        options = default;
        if (TryGetRouterAdvertisement(out RouterAdvertisement routerAdvertisement))
            options = routerAdvertisement.Options;
        else if (TryGetRouterSolicitation(out RouterSolicitation routerSolicitation))
            options = routerSolicitation.Options;
        else if (TryGetNeighborSolicitation(out NeighborSolicitation solicitation))
            options = solicitation.Options;
        else if (TryGetNeighborAdvertisement(out NeighborAdvertisement advertisement))
            options = advertisement.Options;
        else if (TryGetRedirect(out Redirect redirect))
            options = redirect.Options;
        else
            return false;

        return true;
    }

    /// <summary>Copies what follows the ICMPv6 header, but for options of a type.</summary>
    /// <param name="first">Where the first of them stood; negative if there is none.</param>
    /// <returns>How many octets were copied.</returns>
    private readonly int CopyWithout(NeighborDiscoveryOptions options, NeighborDiscoveryOptionType type, Span<byte> payload, out int first)
    {
        int length = Payload.Length - options.Octets.Length, position = length;
        Payload[..length].CopyTo(payload);
        first = -1;
        foreach (NeighborDiscoveryOption option in options)
        {
            if (option.Type != type)
            {
                Payload.Slice(position, option.Length).CopyTo(payload[length..]);
                length += option.Length;
            }
            else if (first < 0)
            {
                first = length;
            }

            position += option.Length;
        }

        return length;
    }
}
