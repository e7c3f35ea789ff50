using System.Runtime.InteropServices;

namespace Fluke6.Command;

/// <summary>
/// How many files this process may hold open, and how much memory it may reserve. .NET keeps two files for each of its libraries and reserves far more memory
/// than it uses, and fails in odd places without either. getrlimit(2).
/// </summary>
internal static unsafe partial class ResourceLimits
{
    /// <summary>How many files suffice: with the dashboard and PacketDotNet, 150 were counted, and 200 in the compiler's process with all examples,
    /// each of which takes two there until garbage is collected.</summary>
    public const int LeastFiles = 256;

    // With 3 GB and one rule a bridge ran out of it, with 4 GB it ran. Each thread reserves 8 MiB, and rules may have many.
    private const ulong LeastAddressSpace = 8ul << 30;

    // Of memory that is used, or may be at once: 300 MB sufficed for one rule.
    private const ulong LeastData = 512ul << 20;

    private const int Data = 2, NumberOfFiles = 7, AddressSpace = 9;    // RLIMIT_DATA, RLIMIT_NOFILE, RLIMIT_AS
    private const int StandardError = 2;

    /// <summary>Whether they suffice; if not, says what to type. Needs no library to be loaded.</summary>
    public static bool AreEnough()
    {
        // The runtime has raised the soft limit to the hard one.
        if (Limit(NumberOfFiles) is var files && files < LeastFiles)
        {
            Say("fluke6: `ulimit -n` allows "u8, files, " open files, which are too few: `ulimit -n 1024` allows more (as root where that is refused), "u8, LeastFiles, " at least\n"u8);
            return false;
        }

        return MayHave(AddressSpace, LeastAddressSpace, "fluke6: `ulimit -v` allows "u8, " KiB of address space, of which .NET reserves far more than it uses: `ulimit -v unlimited` allows more, "u8)
            && MayHave(Data, LeastData, "fluke6: `ulimit -d` allows "u8, " KiB of data, which are too few: `ulimit -d unlimited` allows more, "u8);
    }

    private static bool MayHave(int resource, ulong least, ReadOnlySpan<byte> allows, ReadOnlySpan<byte> more)
    {
        if (Limit(resource) is var limit && limit >= least)
            return true;

        Say(allows, limit >> 10, more, least >> 10, " at least; to bound what it uses, set the memory limit of a control group (systemd's MemoryMax=)\n"u8);
        return false;
    }

    private static ulong Limit(int resource)
    {
        nuint* limits = stackalloc nuint[2];
        return getrlimit(resource, limits) < 0 ? ulong.MaxValue : limits[0];
    }

    private static void Say(ReadOnlySpan<byte> allows, ulong limit, ReadOnlySpan<byte> more, ulong least, ReadOnlySpan<byte> end)
    {
        Write(allows);
        Write(limit);
        Write(more);
        Write(least);
        Write(end);
    }

    private static void Write(ulong number)
    {
        Span<byte> digits = stackalloc byte[20];
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
