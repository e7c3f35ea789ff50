using System.Runtime.CompilerServices;

namespace Fluke6.Rules;

/// <summary>Lets <c>Log($"...")</c> write into the rule's own line buffer, so that logging allocates nothing.</summary>
[InterpolatedStringHandler]
public ref struct LogInterpolation
{
    private readonly Span<char> _line;
    private int _length;

    /// <summary>Called by the compiler.</summary>
    public LogInterpolation(int literalLength, int formattedCount, RuleContext context) => _line = context.LogLine;

    /// <summary>What has been written.</summary>
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

    /// <summary>Called by the compiler. Takes views, too.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
        where T : ISpanFormattable, allows ref struct
    {
        if (value.TryFormat(_line[_length..], out int written, format, null))
            _length += written;
        else
            _length = _line.Length;
    }
}
