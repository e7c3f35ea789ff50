using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fluke6.Frames;

/// <summary>
/// A header field of a frame, by name. Its value becomes text when somebody asks: where an edit is put into words, all fields but a few are the same
/// before and after it, and a replay in which every frame is edited compares them for each.
/// </summary>
internal readonly struct FrameField
{
    private readonly UInt128 _value;
    private readonly Func<UInt128, string>? _words;
    private readonly string? _text;

    /// <summary>A field that is text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">Its value.</param>
    public FrameField(string name, string text) => (Name, _text) = (name, text);

    /// <summary>A field that is a number with words of its own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="words">The words for a value; always the same function for fields that are compared.</param>
    public FrameField(string name, UInt128 value, Func<UInt128, string> words) => (Name, _value, _words) = (name, value, words);

    /// <summary>Its name, with the header's.</summary>
    public string Name { get; }

    /// <summary>Its value in words.</summary>
    public string Text => _text ?? _words!(_value);

    /// <summary>A field that is a number, an address or the like.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public static FrameField Of<T>(string name, T value)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() > Unsafe.SizeOf<UInt128>())
            return new FrameField(name, $"{value}");

        UInt128 kept = 0;
        MemoryMarshal.Write(MemoryMarshal.AsBytes(new Span<UInt128>(ref kept)), value);
        return new FrameField(name, kept, Words<T>.Of);
    }

    /// <summary>Whether the value reads as another's does.</summary>
    public bool ReadsAs(in FrameField other) => (_words is not null && _words == other._words && _value == other._value) || Text == other.Text;

    private static class Words<T>
        where T : unmanaged
    {
        public static readonly Func<UInt128, string> Of =
            static kept => $"{MemoryMarshal.Read<T>(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(ref kept)))}";
    }
}
