using System.Runtime.InteropServices;

namespace Fluke6.Command;

/// <summary>
/// How many files this process may hold open. .NET keeps two for each of its libraries, and fails in odd places without them. The runtime
/// has raised the soft limit to the hard one. getrlimit(2).
/// </summary>
internal static unsafe partial class DescriptorLimit
{
    /// <summary>How many suffice: with the dashboard, all examples and PacketDotNet, 150 were counted.</summary>
    public const int Least = 192;

    private const int NumberOfFiles = 7;    // RLIMIT_NOFILE
    private const int StandardError = 2;

    /// <summary>Whether it suffices; if not, says what to type. Needs no library to be loaded.</summary>
    public static bool IsEnough()
    {
        nuint* limits = stackalloc nuint[2];
        if (getrlimit(NumberOfFiles, limits) < 0 || limits[0] >= Least)
            return true;

        Write("fluke6: `ulimit -n` allows "u8);
        Write((int)limits[0]);
        Write(" open files, which are too few: `ulimit -n 1024` allows more (as root where that is refused), "u8);
        Write(Least);
        Write(" at least\n"u8);
        return false;
    }

    private static void Write(int number)
    {
        Span<byte> digits = stackalloc byte[10];
        number.TryFormat(digits, out int length);
        Write(digits[..length]);
    }

    // Where nobody reads it there is nothing more to be said.
    private static void Write(ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text)
            _ = write(StandardError, start, (nuint)text.Length);
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, nuint* limits);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, byte* buffer, nuint length);
}
