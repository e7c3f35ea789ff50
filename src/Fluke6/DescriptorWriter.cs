using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Command;

/// <summary>
/// Text for standard output or standard error, written at once. <see cref="Console"/>'s own writers and streams switch the terminal's
/// cursor keys to application mode with the first character, and nothing switches them back.
/// </summary>
internal sealed class DescriptorWriter(int descriptor) : TextWriter
{
    private const int Forever = -1;

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
    public override unsafe void Write(ReadOnlySpan<char> text)
    {
        byte[] buffer = new byte[Encoding.GetMaxByteCount(text.Length)];
        Span<byte> octets = buffer.AsSpan(0, _encoder.GetBytes(text, buffer, flush: false));
        while (octets.Length > 0)
        {
            long written;
            fixed (byte* start = octets)
                written = write(descriptor, start, octets.Length);
            if (written > 0)
            {
                octets = octets[(int)written..];
            }
            else if (errno == EAGAIN)
            {
                // Whoever made the terminal non-blocking made it so for everybody.
                var ready = new pollfd { fd = descriptor, events = POLLOUT };
                _ = poll(&ready, 1, Forever);
            }
            else if (errno != EINTR)
            {
                // Nobody reads it any more.
                return;
            }
        }
    }
}
