using System.Runtime.CompilerServices;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

// Edits of TCP's option list. Data offset, IP length, checksums and the offload header follow; the payload stays where it is and the
// headers move towards or away from it. NOPs in front of an option go along with it, and the list is padded anew, with zeros. A list in
// which a length is impossible is refused by all but SetTcpOptions, since nobody can tell what its end means.
public ref partial struct Frame
{
    /// <summary>
    /// Takes every TCP option of a kind out and shrinks the header by the words that frees. RFC 9293 §3.2. The NOPs right before the
    /// option go too, and those right after it where that frees one word more. (To overwrite it with NOPs instead, use
    /// <c>tcp.Options.Strip</c>.)
    /// </summary>
    /// <param name="kind">Any but NOP and End of Option List, which are padding: those are <see cref="EditResult.Unchanged"/>.</param>
    public readonly EditResult RemoveTcpOption(TcpOptionKind kind) =>
        IsPadding(kind) ? EditResult.Unchanged : RemoveTcpOptions(isAmong: true, [kind], nameof(RemoveTcpOption));

    /// <summary>Takes every TCP option of these kinds out, in one edit, as <see cref="RemoveTcpOption"/> does.</summary>
    /// <param name="kinds">NOP and End of Option List, which are padding, count for nothing.</param>
    public readonly EditResult RemoveTcpOptions(params ReadOnlySpan<TcpOptionKind> kinds) =>
        RemoveTcpOptions(isAmong: true, kinds, nameof(RemoveTcpOptions));

    /// <summary>Takes every TCP option out that is of none of these kinds, in one edit, as <see cref="RemoveTcpOption"/> does.</summary>
    /// <param name="kinds">What may stay, with the padding that belongs to it; none takes the whole list away.</param>
    public readonly EditResult KeepTcpOptions(params ReadOnlySpan<TcpOptionKind> kinds) =>
        RemoveTcpOptions(isAmong: false, kinds, nameof(KeepTcpOptions));

    /// <summary>Takes the options out that are, or are not, of these kinds.</summary>
    private readonly EditResult RemoveTcpOptions(bool isAmong, ReadOnlySpan<TcpOptionKind> kinds, string edit)
    {
        if (!TryGetTcp(out TcpHeader tcp))
            return EditResult.Unchanged;

        var kept = new TcpOptionList(stackalloc byte[TcpOptionList.MaxLength]);
        var tight = new TcpOptionList(stackalloc byte[TcpOptionList.MaxLength]);
        bool follows = false;
        foreach (PaddedTcpOptions option in new PaddedTcpOptions(tcp.Options))
        {
            bool goes = kinds.Contains(option.Kind) == isAmong;
            if (!goes)
            {
                kept.Add(option.PaddedOctets);
                tight.Add(follows ? option.Octets : option.PaddedOctets);
            }

            follows = goes;
        }

        return Relay(tcp, tight.Words < kept.Words ? tight : kept, edit);
    }

    /// <summary>
    /// Sets the data of a TCP option: of the first of its kind, in its place, and further ones go; at the end of the list if there is
    /// none. RFC 9293 §3.2. NOPs make room where the list would otherwise grow past 40 octets.
    /// </summary>
    /// <param name="kind">Any but NOP and End of Option List, which are refused.</param>
    /// <param name="data">What follows kind and length, 0 to 38 octets: <c>[7]</c> for a window scale of 7.</param>
    public readonly EditResult SetTcpOption(TcpOptionKind kind, ReadOnlySpan<byte> data) => SetOption(kind, data, nameof(SetTcpOption));

    private readonly EditResult SetOption(TcpOptionKind kind, ReadOnlySpan<byte> data, string edit)
    {
        if (!TryGetTcp(out TcpHeader tcp))
            return EditResult.Unchanged;
        if (IsPadding(kind))
            return EditResult.Refused;

        var list = new TcpOptionList(stackalloc byte[TcpOptionList.MaxLength]);
        Set(tcp.Options, kind, data, ref list, withPadding: true);
        if (list.Overflowed)
            Set(tcp.Options, kind, data, ref list, withPadding: false);

        return Relay(tcp, list, edit);
    }

    /// <summary>Sets the maximum segment size option, as <see cref="SetTcpOption"/> does. RFC 9293 §3.7.1.</summary>
    /// <param name="octets">The largest segment, in octets of data.</param>
    public readonly EditResult SetMaximumSegmentSize(ushort octets) =>
        SetOption(TcpOptionKind.MaximumSegmentSize, [(byte)(octets >> 8), (byte)octets], nameof(SetMaximumSegmentSize));

    /// <summary>Sets the window scale option, as <see cref="SetTcpOption"/> does. RFC 7323 §2.2.</summary>
    /// <param name="shift">By how many bits windows are shifted; 0 to 14 have a meaning.</param>
    public readonly EditResult SetWindowScale(byte shift) => SetOption(TcpOptionKind.WindowScale, [shift], nameof(SetWindowScale));

    /// <summary>
    /// Adds a TCP option at the end of the list, even if one of its kind is there. RFC 9293 §3.2. NOPs make room where the list would
    /// otherwise grow past 40 octets.
    /// </summary>
    /// <param name="kind">Any but NOP and End of Option List, which are refused.</param>
    /// <param name="data">What follows kind and length, 0 to 38 octets.</param>
    public readonly EditResult AppendTcpOption(TcpOptionKind kind, ReadOnlySpan<byte> data)
    {
        if (!TryGetTcp(out TcpHeader tcp))
            return EditResult.Unchanged;
        if (IsPadding(kind))
            return EditResult.Refused;

        var list = new TcpOptionList(stackalloc byte[TcpOptionList.MaxLength]);
        foreach (PaddedTcpOptions option in new PaddedTcpOptions(tcp.Options))
            list.Add(option.PaddedOctets);
        list.Add(kind, data);
        if (list.Overflowed)
        {
            list.Clear();
            foreach (PaddedTcpOptions option in new PaddedTcpOptions(tcp.Options))
                list.Add(option.Octets);
            list.Add(kind, data);
        }

        return Relay(tcp, list);
    }

    /// <summary>
    /// Puts TCP options into another order: those of the kinds named first, in that order, then the others in the order they had.
    /// </summary>
    /// <param name="order">Kinds; one that is not in the list, or named a second time, counts for nothing.</param>
    public readonly EditResult ReorderTcpOptions(params ReadOnlySpan<TcpOptionKind> order)
    {
        if (!TryGetTcp(out TcpHeader tcp))
            return EditResult.Unchanged;

        var list = new TcpOptionList(stackalloc byte[TcpOptionList.MaxLength]);
        for (int i = 0; i < order.Length; i++)
        {
            if (order[..i].Contains(order[i]))
                continue;

            foreach (PaddedTcpOptions option in new PaddedTcpOptions(tcp.Options))
            {
                if (option.Kind == order[i])
                    list.Add(option.PaddedOctets);
            }
        }

        foreach (PaddedTcpOptions option in new PaddedTcpOptions(tcp.Options))
        {
            if (!order.Contains(option.Kind))
                list.Add(option.PaddedOctets);
        }

        return Relay(tcp, list);
    }

    /// <summary>
    /// Replaces the whole list of TCP options by octets that are not looked at, so that experiments may send malformed ones.
    /// </summary>
    /// <param name="encoded">0 to 40 octets; zeros are added up to a whole word.</param>
    public readonly EditResult SetTcpOptions(ReadOnlySpan<byte> encoded)
    {
        if (!TryGetTcp(out TcpHeader tcp))
            return EditResult.Unchanged;

        var list = new TcpOptionList(stackalloc byte[TcpOptionList.MaxLength]);
        list.Add(encoded);
        return list.Overflowed ? EditResult.Refused
            : list.Padded().SequenceEqual(tcp.Options.Octets) ? EditResult.Unchanged
            : WriteTcpOptions(tcp, list.Padded());
    }

    private static bool IsPadding(TcpOptionKind kind) => kind is TcpOptionKind.NoOperation or TcpOptionKind.EndOfList;

    private static void Set(TcpOptions options, TcpOptionKind kind, ReadOnlySpan<byte> data, ref TcpOptionList list, bool withPadding)
    {
        list.Clear();
        bool found = false;
        foreach (PaddedTcpOptions option in new PaddedTcpOptions(options))
        {
            if (option.Kind != kind)
                list.Add(withPadding ? option.PaddedOctets : option.Octets);
            else if (!found)
                list.Add(kind, data, withPadding ? option.Padding : 0);

            found |= option.Kind == kind;
        }

        if (!found)
            list.Add(kind, data);
    }

    /// <summary>Puts a list that was made from the present one in its place.</summary>
    private readonly EditResult Relay(TcpHeader tcp, TcpOptionList list, [CallerMemberName] string edit = "")
    {
        if (list.Overflowed || tcp.Options.IsMalformed)
            return EditResult.Refused;

        int end = 0;
        foreach (PaddedTcpOptions option in new PaddedTcpOptions(tcp.Options))
            end = option.End;

        // Padding alone is no difference.
        return list.Octets.SequenceEqual(tcp.Options.Octets[..end]) ? EditResult.Unchanged : WriteTcpOptions(tcp, list.Padded(), edit);
    }

    private readonly EditResult WriteTcpOptions(TcpHeader tcp, ReadOnlySpan<byte> options, [CallerMemberName] string edit = "")
    {
        ref readonly Layers layers = ref Layers;
        int growth = options.Length - tcp.Options.Octets.Length;
        if (growth != 0 && !HeadersMayGrow(growth))
            return EditResult.Refused;

        _buffer.BeforeHeaderEdit();
        Span<byte> segment = _buffer.Octets[layers.TransportOffset..layers.PayloadEnd];
        ChecksumField checksum = TransportChecksum();
        checksum.Adjust(InternetChecksum.Sum(tcp.Options.Octets), InternetChecksum.Sum(options));
        if (growth != 0)
        {
            int words = (TcpHeader.MinLength + options.Length) / 4;
            checksum.Write(segment, 12, (ushort)((ReadUInt16BigEndian(segment[12..]) & 0x0FFF) | (words << 12)));
            _buffer.FollowLength(layers, growth);
        }

        int at = layers.TransportOffset + TcpHeader.MinLength;
        bool othersAreThere = growth == 0 && !HaveSameShape(tcp.Options.Octets, options);
        _buffer.MoveHead(at, growth, edit);
        options.CopyTo(_buffer.Octets[at..]);
        if (othersAreThere)
            _buffer.OctetsMoved(growth, edit);
        return EditResult.Changed;
    }

    /// <summary>Whether each option of one list has, in the other, one of its kind and length in its place.</summary>
    private static bool HaveSameShape(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        int length;
        for (int at = 0; at < one.Length && one[at] != (byte)TcpOptionKind.EndOfList; at += length)
        {
            bool isPadding = one[at] == (byte)TcpOptionKind.NoOperation;
            length = isPadding ? 1 : at + 1 < one.Length ? one[at + 1] : 0;
            if (length == 0 || one[at] != other[at] || (!isPadding && one[at + 1] != other[at + 1]))
                return false;
        }

        return true;
    }
}
