using System.Text;

namespace Fluke6.Command.Streams;

/// <summary>
/// Text for standard output or standard error, as it is; returns once it is written. <see cref="Console"/>'s own writers and streams switch
/// the terminal's cursor keys to application mode with the first character, and nothing switches them back.
/// </summary>
internal sealed class StandardStreamWriter(StandardStream stream) : TextWriter
{
    // Keeps the first half of a character that comes in two.
    private readonly Encoder _encoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetEncoder();

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write($"{value}\n");

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> text)
    {
        byte[] buffer = new byte[Encoding.GetMaxByteCount(text.Length)];
        stream.Write(buffer.AsSpan(0, _encoder.GetBytes(text, buffer, flush: false)));
        stream.WaitUntilWritten();
    }
}
