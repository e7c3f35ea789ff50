using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Command.Control;
using Fluke6.Linux;
using Fluke6.Snapshots;

namespace Fluke6.Command.Extcap;

/// <summary>
/// Has a bridge capture into a pipe of this process's own, and passes on what comes: whoever reads the other pipe may stall or go, and the
/// bridge sees
/// neither.
/// </summary>
/// <param name="client">The bridge.</param>
/// <param name="show">Which frames.</param>
/// <param name="filter">And of those, which, in libpcap's language; null for all.</param>
internal sealed unsafe partial class ExtcapCapture(ControlClient client, ExtcapFrames show, string? filter)
{
    private const uint OwnerOnly = 0x180;    // 0600
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private volatile bool _readerWent;

    /// <summary>Captures until a signal, until nobody reads any more, or to the bridge's end.</summary>
    /// <param name="target">The pipe to write to.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Run(string target)
    {
        using var stop = new StopRequest();
        string folder = Directory.CreateTempSubdirectory("fluke6-extcap-").FullName, pipe = Path.Combine(folder, "frames");
        try
        {
            Make(pipe);
            Task copying = Task.Factory.StartNew(() => Copy(pipe, target), TaskCreationOptions.LongRunning);
            if (client.Ask(new ControlRequest { Command = WatcherCommand.StartCapture, File = pipe, Filter = filter }) is { Ok: false, Message: var why })
            {
                // Whoever waits for the pipe's other end would wait for ever; it sees an end without a beginning instead.
                using var ended = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                throw new CommandFailure(ExitCode.Failed, why);
            }

            while (!copying.IsCompleted && !_readerWent && !stop.Wait(s_interval))
            {
            }

            if (!copying.IsCompleted)
            {
                client.Ask(new ControlRequest { Command = WatcherCommand.StopCapture, File = pipe });
                copying.Wait(s_patience);
            }

            copying.GetAwaiter().GetResult();
            return ExitCode.Done;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Make(string pipe)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(pipe + '\0'))
        {
            if (mkfifo(path, OwnerOnly) < 0)
                throw new CommandFailure(ExitCode.Failed, $"cannot make the pipe {pipe}: {Errno.Name(Marshal.GetLastPInvokeError())}");
        }
    }

    private void Copy(string pipe, string target)
    {
        using var source = new FileStream(pipe, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        using var output = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var blocks = new CapturedBlocks(show);
        while (source.Read(blocks.Room()) is > 0 and var count)
            blocks.Add(count, block => Write(output, block.Span));
    }

    private void Write(FileStream output, ReadOnlySpan<byte> block)
    {
        // What follows is still to be taken from the bridge.
        if (_readerWent)
            return;

        try
        {
            output.Write(block);
        }
        catch (IOException)
        {
            _readerWent = true;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkfifo(byte* path, uint mode);
}
