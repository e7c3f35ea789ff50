using Fluke6.Wire;

namespace Fluke6.Frames;

// Transport checksums cover the transport's own length and none of these headers, so they stay as they are.
public ref partial struct Frame
{
    /// <summary>
    /// Puts a destination options header with this one option, padded to a multiple of 8 octets, in front of the transport header.
    /// RFC 8200 §4.1, §4.6. Options headers that are there stay.
    /// </summary>
    /// <remarks>Refused in fragments, past the MTU, and where the chain of headers cannot be read to its end.</remarks>
    /// <param name="type">The option's type. Its top two bits say what a node does that does not know it.</param>
    /// <param name="data">What follows type and length, 0 to 255 octets.</param>
    public readonly EditResult AddDestinationOption(Ipv6OptionType type, ReadOnlySpan<byte> data)
    {
        ref readonly Layers layers = ref Layers;
        if (layers.Network != EtherType.Ipv6)
            return EditResult.Unchanged;

        int used = 2 + 2 + data.Length, growth = OptionsHeaderFields.PaddedLength(used);
        if (data.Length > Ipv6OptionFields.MaxDataLength || layers.StoppedAt is LayerStop.ExtensionHeader or LayerStop.LaterFragment
            || !HeadersMayGrow(growth))
            return EditResult.Refused;

        _buffer.BeforeHeaderEdit();
        int at = layers.TransportOffset, link = LastNextHeader();
        Span<byte> header = stackalloc byte[growth];
        OptionsHeaderFields.Write(header, (IpProtocol)_buffer.Octets[link], type, data);

        ushort before = Addresses().Sum();
        _buffer.Octets[link] = (byte)IpProtocol.DestinationOptions;
        _buffer.FollowPacketLength(layers, growth);
        _buffer.MoveHead(at, growth);
        header.CopyTo(_buffer.Octets[at..]);
        // A home address is a source.
        Addresses().Follow(before);
        return EditResult.Changed;
    }

    /// <summary>Takes all extension headers out, so that the transport header follows the IPv6 header. RFC 8200 §4.</summary>
    /// <remarks>
    /// Refused in fragments, where a routing header still has segments left or an option holds a home address (without them the packet's
    /// ends would be others), and where the chain of headers cannot be read to its end.
    /// Authentication headers (RFC 4302) go like all others.
    /// </remarks>
    public readonly EditResult RemoveExtensionHeaders()
    {
        ref readonly Layers layers = ref Layers;
        if (layers.Network != EtherType.Ipv6 || layers.TransportOffset == layers.NetworkOffset + Ipv6Header.Length)
            return layers.StoppedAt == LayerStop.ExtensionHeader ? EditResult.Refused : EditResult.Unchanged;
        if (HasFixedLength || layers.HasOtherAddresses || layers.StoppedAt == LayerStop.ExtensionHeader)
            return EditResult.Refused;

        _buffer.BeforeWholeEdit();
        RemoveExtensionHeaders(layers.NextProtocol, nameof(RemoveExtensionHeaders));
        return EditResult.Changed;
    }

    /// <summary>Where the IPv6 header, or the last extension header, says what follows it.</summary>
    private readonly int LastNextHeader()
    {
        ref readonly Layers layers = ref Layers;
        int at = layers.NetworkOffset + 6, next = layers.NetworkOffset + Ipv6Header.Length;
        foreach (Ipv6ExtensionHeader extension in ExtensionHeaders)
        {
            at = next;
            next += extension.Length;
        }

        return at;
    }
}
