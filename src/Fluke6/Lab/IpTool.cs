using System.Diagnostics;

namespace Fluke6.Command.Lab;

/// <summary>Runs <c>ip</c> of iproute2.</summary>
internal static class IpTool
{
    private const int NotFound = 127;   // env(1)

    /// <summary>Runs <c>ip</c> with these arguments.</summary>
    /// <returns>Its output.</returns>
    /// <exception cref="CommandFailure">It is missing, or it failed.</exception>
    public static string Run(params string[] arguments)
    {
        (int status, string output, string error) = Start(arguments);
        if (status != 0)
            throw new CommandFailure(ExitCode.Failed, $"'ip {string.Join(' ', arguments)}' failed: {error.Trim().ReplaceLineEndings(" ")}");

        return output;
    }

    /// <summary>Runs <c>ip</c>, whatever comes of it.</summary>
    public static void TryRun(params string[] arguments) => Start(arguments);

    private static (int Status, string Output, string Error) Start(string[] arguments)
    {
        // .NET would take a program of that name from the current directory first, where anybody may have put it.
        var start = new ProcessStartInfo("/usr/bin/env", ["ip", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == NotFound
            ? throw new CommandFailure(ExitCode.Failed, "the lab needs the command 'ip'; install iproute2 (apt install iproute2)")
            : (process.ExitCode, output, error.Result);
    }
}
