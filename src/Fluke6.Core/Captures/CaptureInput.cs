namespace Fluke6.Captures;

/// <summary>
/// The bytes of a capture from its first to its last, through a window of fixed size: a file of any length takes the same memory, and a pipe
/// is read as it comes. One thread at a time.
/// </summary>
/// <param name="stream">Where the bytes come from; closed with this.</param>
/// <param name="name">The capture's name, for messages.</param>
internal sealed class CaptureInput(Stream stream, string name) : IDisposable
{
    /// <summary>How many bytes can be looked at together.</summary>
    public const int WindowLength = 256 * 1024;

    private readonly byte[] _window = GC.AllocateUninitializedArray<byte>(WindowLength);
    private int _next;
    private int _end;

    /// <summary>The capture's name.</summary>
    public string Name => name;

    /// <summary>How many bytes were taken so far.</summary>
    public long Position { get; private set; }

    /// <summary>Looks at the bytes that come next.</summary>
    /// <param name="length">How many, at most <see cref="WindowLength"/>.</param>
    /// <returns>Fewer where the capture ends before.</returns>
    /// <exception cref="CaptureReadException">The file cannot be read.</exception>
    public ReadOnlySpan<byte> Peek(int length)
    {
        if (_end - _next < length)
            Fill(length);
        return _window.AsSpan(_next, Math.Min(length, _end - _next));
    }

    /// <summary>Takes the bytes that come next; they stay as they are until the next call.</summary>
    /// <param name="length">How many, at most <see cref="WindowLength"/>.</param>
    /// <returns>Fewer where the capture ends before.</returns>
    /// <exception cref="CaptureReadException">The file cannot be read.</exception>
    public ReadOnlyMemory<byte> Take(int length)
    {
        if (_end - _next < length)
            Fill(length);
        length = Math.Min(length, _end - _next);
        ReadOnlyMemory<byte> taken = _window.AsMemory(_next, length);
        _next += length;
        Position += length;
        return taken;
    }

    /// <summary>Passes over bytes.</summary>
    /// <returns>How many there were; fewer than asked for where the capture ends before.</returns>
    /// <exception cref="CaptureReadException">The file cannot be read.</exception>
    public long Skip(long length)
    {
        long left = length;
        while (left > 0)
        {
            int taken = Take((int)Math.Min(left, WindowLength)).Length;
            if (taken == 0)
                break;
            left -= taken;
        }

        return length - left;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private void Fill(int wanted)
    {
        _window.AsSpan(_next, _end - _next).CopyTo(_window);
        _end -= _next;
        _next = 0;
        try
        {
            int read;
            while (_end < wanted && (read = stream.Read(_window, _end, WindowLength - _end)) > 0)
                _end += read;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CaptureReadException($"{name} cannot be read: {exception.Message.TrimEnd('.')}");
        }
    }
}
