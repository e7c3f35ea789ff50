using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Fluke6.Linux.Native;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Control;

/// <summary>A lock on a folder that processes of this program agree about. flock(2).</summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly int _descriptor;

    private FolderLock(int descriptor) => _descriptor = descriptor;

    /// <summary>Takes the lock, after whoever has it.</summary>
    /// <exception cref="IOException">The folder cannot be opened, or somebody keeps the lock.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be opened.</exception>
    public static unsafe FolderLock Take(string folder)
    {
        int descriptor;
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
            descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0)
        {
            int number = errno;
            string why = new Win32Exception(number).Message;
            throw number == EACCES || number == EPERM ? new UnauthorizedAccessException($"{folder}: {why}") : new IOException($"{folder}: {why}");
        }

        long start = Stopwatch.GetTimestamp();
        while (FileLocks.flock(descriptor, FileLocks.LOCK_EX | FileLocks.LOCK_NB) < 0)
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience)
            {
                _ = close(descriptor);
                throw new IOException($"another process keeps a lock on {folder}");
            }

            Thread.Sleep(10);
        }

        return new FolderLock(descriptor);
    }

    /// <inheritdoc/>
    public void Dispose() => _ = close(_descriptor);
}
