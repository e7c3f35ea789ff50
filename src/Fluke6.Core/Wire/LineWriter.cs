using System.Runtime.CompilerServices;

namespace Fluke6.Wire;

/// <summary>Writes text into a span without allocating; what does not fit is cut off, and everything after it.</summary>
internal ref struct LineWriter
{
    private readonly Span<char> _destination;

    public LineWriter(Span<char> destination) => _destination = destination;

    /// <summary>How many characters stand there.</summary>
    public int Length { get; private set; }

    /// <summary>Whether everything fitted.</summary>
    public bool Complete { get; private set; } = true;

    public void Write(char value) => Write(new ReadOnlySpan<char>(in value));

    public void Write(string value) => Write(value.AsSpan());

    public void Write(scoped ReadOnlySpan<char> value)
    {
        if (!Complete)
            return;

        Span<char> rest = _destination[Length..];
        if (value.Length > rest.Length)
        {
            value = value[..rest.Length];
            Complete = false;
        }

        value.CopyTo(rest);
        Length += value.Length;
    }

    public void Write<T>(scoped T value, string? format = null)
        where T : ISpanFormattable, allows ref struct
    {
        if (!Complete)
            return;

        if (value.TryFormat(_destination[Length..], out int written, format, null))
            Length += written;
        else
            WriteCut(value, format);
    }

    public void Write([InterpolatedStringHandlerArgument("")] scoped Handler text)
    {
        Length = text.Line.Length;
        Complete = text.Line.Complete;
    }

    /// <summary>Octets as hexadecimal digits.</summary>
    public void WriteHex(scoped ReadOnlySpan<byte> octets)
    {
        foreach (byte octet in octets)
        {
            if (!Complete)
                return;

            Write("0123456789abcdef"[octet >> 4]);
            Write("0123456789abcdef"[octet & 0xF]);
        }
    }

    // Only the line's last value comes here, so its cost does not matter.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteCut<T>(scoped T value, string? format)
        where T : ISpanFormattable, allows ref struct
    {
        Span<char> whole = stackalloc char[2048];
        value.TryFormat(whole, out int written, format, null);
        Write(whole[..written]);
        Complete = false;
    }

    /// <summary>Lets an interpolated string be written piece by piece.</summary>
    [InterpolatedStringHandler]
    public ref struct Handler
    {
        public LineWriter Line;

        public Handler(int literalLength, int formattedCount, LineWriter line) => Line = line;

        public void AppendLiteral(string value) => Line.Write(value);

        public void AppendFormatted(string value) => Line.Write(value);

        public void AppendFormatted(char value) => Line.Write(value);

        public void AppendFormatted<T>(scoped T value)
            where T : ISpanFormattable, allows ref struct
            => Line.Write(value);

        public void AppendFormatted<T>(scoped T value, string format)
            where T : ISpanFormattable, allows ref struct
            => Line.Write(value, format);
    }
}
