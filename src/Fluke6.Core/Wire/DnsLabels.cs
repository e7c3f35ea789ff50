namespace Fluke6.Wire;

/// <summary>
/// Walks the labels of a name in a message, following compression. RFC 1035 §3.1, §4.1.4. Every step is checked, so that any octets
/// end it: a pointer must go back to before the labels that led to it, hence none can loop.
/// </summary>
public ref struct DnsLabels : ISpanFormattable
{
    /// <summary>The longest label, in octets. RFC 1035 §2.3.4.</summary>
    public const int MaxLabelLength = 63;

    private const byte LabelType = 0xC0;

    private readonly ReadOnlySpan<byte> _message;
    private readonly ViewGuard _guard;
    private int _segment;   // where the labels begin that are walked now
    private int _next;
    private int _length;    // of the name, its last zero octet not counted
    private bool _ended;

    internal DnsLabels(ReadOnlySpan<byte> message, int offset, ViewGuard guard)
    {
        _message = message;
        _guard = guard;
        _segment = _next = offset;
    }

    /// <summary>The label at hand, without its length octet: 1 to 63 octets.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>
    /// Whether the walk ended at a pointer that does not point back, a label of an unknown type (RFC 6891 §5), the end of the message,
    /// or more than 255 octets of name.
    /// </summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Where in the message the label at hand begins, with its length octet.</summary>
    internal int Offset { get; private set; }

    /// <summary>Where in the message the next field begins, known when the walk is over.</summary>
    internal int End { get; private set; }

    /// <summary>Itself: labels are walked once, by foreach or by hand.</summary>
    public readonly DnsLabels GetEnumerator() => this;

    /// <summary>Goes to the next label; false at the root or where the name is malformed.</summary>
    public bool MoveNext()
    {
        _guard.Check();
        while (!_ended && (uint)_next < (uint)_message.Length)
        {
            int first = _message[_next];
            if (first == 0)
            {
                Finish(_next + 1);
                return false;
            }

            if ((first & LabelType) == 0)
                return TakeLabel(first);

            if ((first & LabelType) != LabelType || !FollowPointer())
                break;
        }

        IsMalformed |= !_ended;
        _ended = true;
        return false;
    }

    private bool TakeLabel(int length)
    {
        int start = _next + 1;
        _length += 1 + length;
        if (length > _message.Length - start || _length >= DnsName.MaxLength)
        {
            IsMalformed = true;
            _ended = true;
            return false;
        }

        Offset = _next;
        Current = _message.Slice(start, length);
        _next = start + length;
        return true;
    }

    private bool FollowPointer()
    {
        if (_next + 1 >= _message.Length)
            return false;

        int target = ((_message[_next] & ~LabelType) << 8) | _message[_next + 1];
        // RFC 1035 §4.1.4: a pointer to a prior occurrence. The header holds no names.
        if (target >= _segment || target < DnsMessage.HeaderLength)
            return false;

        if (End == 0)
            End = _next + 2;
        _segment = _next = target;
        return true;
    }

    private void Finish(int end)
    {
        _ended = true;
        if (End == 0)
            End = end;
    }

    /// <summary>The labels that are left, with dots between them.</summary>
    public override readonly string ToString() => HeaderText.Of(this);

    /// <inheritdoc cref="ToString()"/>
    public readonly string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public readonly bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        HeaderText.Write(ref line, this);
        charsWritten = line.Length;
        return line.Complete;
    }
}
