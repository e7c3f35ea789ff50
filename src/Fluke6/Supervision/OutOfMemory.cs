using System.Globalization;

namespace Fluke6.Command.Supervision;

/// <summary>Tells a process that the kernel killed for want of memory from one that somebody killed. /proc/vmstat, <c>oom_kill</c>.</summary>
internal sealed class OutOfMemory
{
    private const string Field = "oom_kill ";
    private readonly long _before = Count();

    /// <summary>Whether the kernel has killed a process for want of memory since this was made.</summary>
    public bool Happened => Count() > _before;

    private static long Count() => File.Exists("/proc/vmstat")
        && File.ReadLines("/proc/vmstat").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line
        ? long.Parse(line.AsSpan(Field.Length), CultureInfo.InvariantCulture) : 0;
}
