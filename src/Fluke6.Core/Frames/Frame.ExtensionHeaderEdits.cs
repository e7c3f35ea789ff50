using Fluke6.Wire;

namespace Fluke6.Frames;

// Transport checksums cover the transport's own length and none of these headers, so they stay as they are.
public ref partial struct Frame
{
    /// <summary>
    /// Puts a destination options header with this one option, padded to a multiple of 8 octets, in front of the transport header, or of a
    /// Mobility or HIP message. RFC 8200 §4.1, §4.6. Options headers that are there stay.
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
        int at = MessageStart(out int link);
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

    /// <summary>
    /// Takes all extension headers out, so that the transport header, or a Mobility or HIP message, follows the IPv6 header. RFC 8200 §4.
    /// </summary>
    /// <remarks>
    /// Refused in fragments, where a routing header still has segments left or an option holds a home address (without them the packet's
    /// ends would be others), and where the chain of headers cannot be read to its end.
    /// Authentication headers (RFC 4302) go like all others.
    /// </remarks>
    public readonly EditResult RemoveExtensionHeaders()
    {
        ref readonly Layers layers = ref Layers;
        if (layers.Network != EtherType.Ipv6)
            return EditResult.Unchanged;
        if (layers.StoppedAt == LayerStop.ExtensionHeader)
            return EditResult.Refused;

        int start = MessageStart(out int link);
        if (start == layers.NetworkOffset + Ipv6Header.Length)
            return EditResult.Unchanged;
        if (HasFixedLength || layers.HasOtherAddresses)
            return EditResult.Refused;

        _buffer.BeforeWholeEdit();
        RemoveExtensionHeaders(start, (IpProtocol)_buffer.Octets[link], nameof(RemoveExtensionHeaders));
        return EditResult.Changed;
    }

    /// <summary>
    /// Where the message begins that the packet carries. Those of Mobility and HIP are laid out as extension headers that nothing follows.
    /// RFC 6275 §6.1.1, RFC 7401 §5.1.
    /// </summary>
    /// <param name="link">Where the IPv6 header, or the last extension header before it, says what it is.</param>
    private readonly int MessageStart(out int link)
    {
        int start = Layers.NetworkOffset + Ipv6Header.Length;
        link = Layers.NetworkOffset + 6;
        foreach (Ipv6ExtensionHeader extension in ExtensionHeaders)
        {
            if (extension is { Kind: IpProtocol.Mobility or IpProtocol.HostIdentity, NextHeader: IpProtocol.NoNextHeader })
                break;

            link = start;
            start += extension.Length;
        }

        return start;
    }
}
