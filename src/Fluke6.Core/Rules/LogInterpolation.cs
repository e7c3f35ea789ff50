using System.Runtime.CompilerServices;

namespace Fluke6.Rules;

/// <summary>Lets <c>Log($"...")</c> write into the rule's own line buffer, so that logging allocates nothing.</summary>
[InterpolatedStringHandler]
public ref struct LogInterpolation
{
    private Span<char> _line;
    private int _length;

    /// <summary>Called by the compiler.</summary>
    public LogInterpolation(int literalLength, int formattedCount, RuleContext context) => _line = context.LogLine;

    /// <summary>The text so far.</summary>
    internal readonly ReadOnlySpan<char> Text => _line[.._length];

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => AppendFormatted(value.AsSpan());

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted(string? value) => AppendFormatted(value.AsSpan());

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted(object? value) => AppendFormatted(value?.ToString());

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted(ReadOnlySpan<char> value)
    {
        value = value[..Math.Min(value.Length, _line.Length - _length)];
        value.CopyTo(_line[_length..]);
        _length += value.Length;
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted(bool value) => AppendFormatted((value ? bool.TrueString : bool.FalseString).AsSpan());

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value)
        where T : struct, Enum
    {
        if (Enum.TryFormat(value, _line[_length..], out int written))
            _length += written;
        else
            CutOff();
    }

    /// <summary>Called by the compiler for <c>{value,8}</c> and <c>{value,-8:x4}</c>.</summary>
    public void AppendFormatted<T>(T value, int alignment, string? format = null)
        where T : ISpanFormattable, allows ref struct
    {
        int start = _length;
        AppendFormatted(value, format);
        Align(start, alignment);
    }

    /// <summary>Called by the compiler for <c>{text,8}</c>.</summary>
    public void AppendFormatted(string? value, int alignment)
    {
        int start = _length;
        AppendFormatted(value.AsSpan());
        Align(start, alignment);
    }

    /// <summary>Called by the compiler. Takes views, too.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
        where T : ISpanFormattable, allows ref struct
    {
        // Views write as much as there is room for; others nothing.
        bool isWhole = value.TryFormat(_line[_length..], out int written, format, null);
        _length += written;
        if (!isWhole)
            CutOff();
    }

    // A piece that does not fit whole is left out with all after it; the rest of the buffer holds an earlier line.
    private void CutOff() => _line = _line[.._length];

    private void Align(int start, int alignment)
    {
        Span<char> written = _line[start.._length];
        int padding = Math.Min(Math.Abs(alignment) - written.Length, _line.Length - _length);
        if (padding <= 0)
            return;

        Span<char> field = _line.Slice(start, written.Length + padding);
        if (alignment > 0)
        {
            written.CopyTo(field[padding..]);
            field[..padding].Fill(' ');
        }
        else
        {
            field[written.Length..].Fill(' ');
        }

        _length += padding;
    }
}
