using System.Globalization;

namespace Fluke6.Scripting.Compiling;

/// <summary>How much one file may ask of the compiler. Rules that people write need a hundredth of it.</summary>
internal sealed record CompilerLimits
{
    private const long MiB = 1 << 20, GiB = 1 << 30;

    /// <summary>The stack of a thread that compiles, in bytes.</summary>
    public const int Stack = 16 << 20;

    /// <summary>How many files are compiled at the same time, those that take long included.</summary>
    public static readonly int Concurrency = Math.Clamp(2 * Environment.ProcessorCount, 4, 16);

    /// <summary>Said of a file that the compiler has no stack for.</summary>
    public const string TooDeep =
        "too deep for the compiler: look for brackets, operators or calls that are nested or chained by the thousand, and split them up";

    /// <summary>Processor time. A compiler that has to start first needs up to two seconds of it.</summary>
    public TimeSpan ProcessorTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time by the clock, for a compiler that waits instead of working.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The compiler's heap, in bytes.</summary>
    public long Heap { get; init; } = GiB;

    /// <summary>Said of a file that takes too long.</summary>
    public string TooLong => string.Create(
        CultureInfo.InvariantCulture, $"took more than {ProcessorTime.TotalSeconds:0} s to compile; make it smaller, and read large tables from a file");

    /// <summary>Said of a file that the compiler has no memory for.</summary>
    /// <param name="heap">The limit, in bytes.</param>
    public static string TooMuchMemory(long heap) => string.Create(
        CultureInfo.InvariantCulture,
        $"took more than {(heap >= GiB ? heap / GiB : heap / MiB)} {(heap >= GiB ? "GiB" : "MiB")} of memory to compile; make it smaller, and read large tables from a file");
}
