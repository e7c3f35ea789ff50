using System.Diagnostics;

namespace Fluke6.Command.Tests.Packaging;

/// <summary>The packages, made once for all tests of them.</summary>
public sealed class Packages
{
    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", ".."));

    /// <summary>Where NuGet keeps what it has downloaded.</summary>
    public static string Downloaded { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public Packages()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dpkg-deb"), "dpkg-deb is missing: apt-get install dpkg");
        string[] made = Run("bash", Path.Combine(Repository, "scripts", "package.sh")).TrimEnd().Split('\n');
        Deb = Path.GetFullPath(Path.Combine(Repository, Assert.Single(made, path => path.EndsWith(".deb", StringComparison.Ordinal))));
        Assert.All(made, path => Assert.True(File.Exists(Path.Combine(Repository, path)), path));
    }

    /// <summary>Debian's; the others are beside it.</summary>
    public string Deb { get; }

    /// <summary>Runs a program and returns what it prints.</summary>
    public static string Run(string program, params string[] arguments) => RunIn(Repository, program, arguments);

    /// <summary>Runs a program in a folder and returns what it prints.</summary>
    public static string RunIn(string folder, string program, params string[] arguments)
    {
        (int status, string output, string error) = TryRunIn(folder, program, arguments);
        Assert.True(status == 0, $"{program} {string.Join(' ', arguments)}: {error} {output}");
        return output;
    }

    /// <summary>Runs a program in a folder and returns how it ended and what it printed.</summary>
    public static (int Status, string Output, string Error) TryRunIn(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        // A server of the compiler's that outlives the test would keep its pipes open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
