using Fluke6.Engine;
using Fluke6.Wire;

namespace Fluke6.Streams;

/// <summary>Decides about the bytes of a TCP stream, in their order: each passes, is replaced or dropped, or waits.</summary>
/// <remarks>
/// It is called when bytes have come, with those too that waited so far, and again at once while it decides and bytes are left. When it
/// decides about none it is called again once there are more, or the stream ends. If it throws, the rest of the direction passes as it is.
/// </remarks>
/// <param name="stream">The direction, the same object in all its calls.</param>
/// <param name="data">The bytes; valid during the call only.</param>
public delegate void TcpStreamHandler(TcpStream stream, TcpStreamData data);

/// <summary>
/// The next bytes of a TCP stream. <see cref="Pass"/>, <see cref="Replace"/> and <see cref="Drop"/> decide about the first of them and
/// leave the rest; what is left when the handler returns waits until more has come, and is then shown again, together with that.
/// </summary>
public readonly ref struct TcpStreamData : ISpanFormattable
{
    private readonly StreamCall _call;
    private readonly ReadOnlySpan<byte> _octets;

    internal TcpStreamData(StreamCall call, ReadOnlySpan<byte> octets, bool isEnd)
    {
        _call = call;
        _octets = octets;
        IsEnd = isEnd;
    }

    /// <summary>The bytes that are not decided about.</summary>
    public ReadOnlySpan<byte> Bytes => _octets[_call.Taken..];

    /// <summary>How many bytes are not decided about.</summary>
    public int Length => _octets.Length - _call.Taken;

    /// <summary>Whether no byte will follow these: the sender closed its side. What is left undecided passes.</summary>
    public bool IsEnd { get; }

    /// <summary>A byte that is not decided about.</summary>
    public byte this[int index] => Bytes[index];

    /// <summary>Where some bytes first stand among those that are not decided about; −1 if they do not.</summary>
    public int IndexOf(ReadOnlySpan<byte> bytes) => Bytes.IndexOf(bytes);

    /// <summary>Lets the next bytes go out as they are.</summary>
    /// <param name="count">How many; none if negative, so that <c>data.Pass(data.Length - 20)</c> lets the last twenty wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void Pass(int count) => _call.Pass(Bytes, count);

    /// <summary>Lets other bytes go out in the place of the next ones, fewer or more.</summary>
    /// <param name="count">How many of the sender's bytes.</param>
    /// <param name="bytes">What goes out.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void Replace(int count, ReadOnlySpan<byte> bytes) => _call.Replace(Bytes, count, bytes);

    /// <summary>Lets bytes go out before the next ones, or at the stream's end after all.</summary>
    public void Insert(ReadOnlySpan<byte> bytes) => _call.Insert(Bytes, bytes);

    /// <summary>Lets the next bytes not go out.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void Drop(int count) => _call.Replace(Bytes, count, default);

    /// <summary>How many bytes are not decided about.</summary>
    public override string ToString() => $"{Length} bytes";

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        line.Write($"{Length} bytes");
        charsWritten = line.Length;
        return line.Complete;
    }
}

/// <summary>One call of a handler. Worker's thread only.</summary>
internal sealed class StreamCall(RuleServices services)
{
    private StreamDirection? _direction;
    private StreamWork? _work;

    /// <summary>How many bytes were decided about.</summary>
    public int Taken { get; private set; }

    public void Begin(StreamDirection direction, StreamWork work) => (_direction, _work, Taken) = (direction, work, 0);

    public void Pass(ReadOnlySpan<byte> rest, int count)
    {
        if (count <= 0)
            return;

        Check(count, rest.Length);
        services.BeginEngineCall(nameof(Pass));
        _direction!.PassOctets(rest[..count]);
        Taken += count;
        services.EndEngineCall();
    }

    public void Replace(ReadOnlySpan<byte> rest, int count, ReadOnlySpan<byte> octets)
    {
        if (count == 0)
        {
            Insert(rest, octets);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Check(count, rest.Length);
        services.BeginEngineCall(nameof(Replace));
        if (!_direction!.TryReplaceOctets(count, octets, rest.Length))
        {
            _direction.PassOctets(rest[..count]);
            _work!.Figures.PassedForRoom += count;
        }

        Taken += count;
        services.EndEngineCall();
    }

    public void Insert(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> octets)
    {
        services.BeginEngineCall(nameof(Insert));
        if (!_direction!.TryInsertOctets(octets, rest.Length))
            _work!.Figures.PassedForRoom++;
        services.EndEngineCall();
    }

    private static void Check(int count, int length)
    {
        if (count > length)
            throw new ArgumentOutOfRangeException(nameof(count), $"there are {length} bytes to decide about, not {count}");
    }
}
