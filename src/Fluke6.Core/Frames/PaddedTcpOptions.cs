using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>
/// The options of a list, each with the NOPs that stand before it: stacks align an option by NOPs in front (RFC 7323 appendix A), so
/// those move, and go, with it. What follows the last option is padding and left out.
/// </summary>
internal ref struct PaddedTcpOptions
{
    private readonly ReadOnlySpan<byte> _list;
    private TcpOptions.Enumerator _options;
    private int _length;

    public PaddedTcpOptions(TcpOptions options)
    {
        _list = options.Octets;
        _options = options.GetEnumerator();
    }

    /// <summary>The kind of the option at hand; never a NOP.</summary>
    public TcpOptionKind Kind { get; private set; }

    /// <summary>How many NOPs stand before it.</summary>
    public int Padding { get; private set; }

    /// <summary>Where in the list the option at hand ends.</summary>
    public int End { get; private set; }

    /// <summary>The option at hand: kind, length, data.</summary>
    public readonly ReadOnlySpan<byte> Octets => _list.Slice(End - _length, _length);

    /// <summary>The NOPs and the option at hand.</summary>
    public readonly ReadOnlySpan<byte> PaddedOctets => _list.Slice(End - _length - Padding, Padding + _length);

    public readonly PaddedTcpOptions GetEnumerator() => this;

    /// <summary>The option at hand, so that foreach works.</summary>
    public readonly PaddedTcpOptions Current => this;

    public bool MoveNext()
    {
        for (int padding = 0, end = End; _options.MoveNext(); padding++)
        {
            TcpOption option = _options.Current;
            end += option.Length;
            if (option.Kind == TcpOptionKind.NoOperation)
                continue;

            (Kind, Padding, End, _length) = (option.Kind, padding, end, option.Length);
            return true;
        }

        return false;
    }
}
