namespace Fluke6.Scripting.Compiling;

/// <summary>How much one file may ask of the compiler. Rules that people write need a hundredth of it.</summary>
internal static class CompilerLimits
{
    /// <summary>Processor time. A compiler that has to start first needs up to two seconds of it.</summary>
    public static readonly TimeSpan ProcessorTime = TimeSpan.FromSeconds(10);

    /// <summary>Time by the clock, for a compiler that waits instead of working.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(60);

    /// <summary>The compiler's heap, in bytes.</summary>
    public const long Heap = 1L << 30;

    /// <summary>The stack of a thread that compiles, in bytes.</summary>
    public const int Stack = 16 << 20;

    /// <summary>How many files are compiled at the same time, those that take long included.</summary>
    public static readonly int Concurrency = Math.Clamp(2 * Environment.ProcessorCount, 4, 16);

    /// <summary>Said of a file that the compiler has no stack for.</summary>
    public const string TooDeep =
        "too deep for the compiler: look for brackets, operators or calls that are nested or chained by the thousand, and split them up";

    /// <summary>Said of a file that the compiler has no memory for.</summary>
    public const string TooMuchMemory = "took more than 1 GiB of memory to compile; make it smaller, and read large tables from a file";

    /// <summary>Said of a file that takes too long.</summary>
    public static readonly string TooLong =
        $"took more than {ProcessorTime.TotalSeconds:0} s to compile; make it smaller, and read large tables from a file";
}
