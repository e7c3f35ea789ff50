using System.Buffers.Text;
using Fluke6.Linux.Native;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>
/// The kernel's counters of the interfaces in a network namespace. proc_net(5), <c>/proc/net/dev</c>: unlike rtnetlink it waits for no lock
/// that whoever makes or deletes interfaces may hold, and unlike /sys it shows the namespace in which it was opened. Allocates nothing.
/// </summary>
internal sealed unsafe class InterfaceStatistics : IDisposable
{
    // The kernel hands over whole lines, a page of them at a time.
    private const int PageLength = 4096;

    // After the name: eight received figures, then sent bytes, packets, errors, dropped.
    private const int TransmitDropped = 11;

    private readonly byte[] _page = new byte[PageLength];
    private readonly SafeFileHandle? _file;

    /// <summary>The counters of the calling thread's network namespace.</summary>
    public InterfaceStatistics()
    {
        fixed (byte* path = "/proc/thread-self/net/dev\0"u8)
        {
            // Without /proc nothing is known, and nothing is lost but that.
            int descriptor = open(path, O_RDONLY | O_CLOEXEC, 0);
            if (descriptor >= 0)
                _file = new SafeFileHandle(descriptor, ownsHandle: true);
        }
    }

    /// <summary>The counters that another program opened; null if it could not.</summary>
    public InterfaceStatistics(SafeFileHandle? file) => _file = file;

    /// <summary>The open file; −1 if there is none.</summary>
    public int Descriptor => _file is null ? -1 : (int)_file.DangerousGetHandle();

    /// <summary>How many frames that the kernel was to send on an interface it has dropped since the interface was made.</summary>
    /// <param name="name">Zero-padded.</param>
    /// <param name="frames">The number.</param>
    /// <returns>Whether the interface is there.</returns>
    public bool TryGetTransmitDropped(ReadOnlySpan<byte> name, out long frames)
    {
        frames = 0;
        if (_file is null)
            return false;

        name = name[..(name.IndexOf((byte)0) is >= 0 and int end ? end : name.Length)];
        int descriptor = (int)_file.DangerousGetHandle();
        fixed (byte* start = _page)
        {
            if (lseek(descriptor, 0, SEEK_SET) < 0)
                return false;

            while (read(descriptor, start, PageLength) is var length && (long)length > 0)
            {
                if (TryFind(_page.AsSpan(0, (int)length), name, out frames))
                    return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static bool TryFind(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> name, out long frames)
    {
        foreach (Range range in lines.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = lines[range].TrimStart((byte)' ');
            // A name has no colon.
            if (line.StartsWith(name) && line.Length > name.Length && line[name.Length] == ':')
                return TryGetField(line[(name.Length + 1)..], TransmitDropped, out frames);
        }

        frames = 0;
        return false;
    }

    private static bool TryGetField(ReadOnlySpan<byte> line, int index, out long value)
    {
        value = 0;
        for (; index >= 0; index--)
        {
            line = line.TrimStart((byte)' ');
            if (!Utf8Parser.TryParse(line, out value, out int consumed))
                return false;
            line = line[consumed..];
        }

        return true;
    }
}
