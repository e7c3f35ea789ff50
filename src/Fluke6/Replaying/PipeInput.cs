using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Replaying;

/// <summary>A pipe, or whatever gives its bytes when it likes: a wait for more of them ends when the user asks to stop.</summary>
/// <param name="file">What to read; closed with this.</param>
/// <param name="whenIdle">Called before each wait.</param>
/// <param name="stop">Ends the wait, as if the pipe had ended.</param>
internal sealed class PipeInput(FileStream file, Action whenIdle, CancellationToken stop) : Stream
{
    private const int LookInterval = 50;    // milliseconds

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (!IsReady(0))
        {
            whenIdle();
            while (!IsReady(LookInterval))
            {
                if (stop.IsCancellationRequested)
                    return 0;
            }
        }

        return file.Read(buffer);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    // The end of a pipe is something to read, too, and so is what makes reading fail.
    private unsafe bool IsReady(int milliseconds)
    {
        var ready = new pollfd { fd = (int)file.SafeFileHandle.DangerousGetHandle(), events = POLLIN };
        return poll(&ready, 1, milliseconds) > 0;
    }
}
