using System.Globalization;

namespace Fluke6.Linux;

/// <summary>The socket by which tools such as dotnet-counters and dotnet-trace reach this process.</summary>
internal static class DiagnosticSocket
{
    private const int StartTimeField = 22 - 3;    // of /proc/self/stat, counted from the field after the name: proc(5)

    /// <summary>
    /// Takes it away, where this process is about to become another program: .NET does so at the end of a process alone, and the .NET of that
    /// program, of the same process by number and start, would find the name taken, and answer no tool.
    /// </summary>
    public static void Remove()
    {
        try
        {
            string stat = File.ReadAllText("/proc/self/stat");
            string startTime = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[StartTimeField];
            File.Delete(Path.Combine(
                Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{Environment.ProcessId}-{startTime}-socket")));
        }
        // Where it cannot be seen, tools could not be answered before either; the bridge starts all the same.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
