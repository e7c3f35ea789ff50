using Fluke6.Command.Tests.Documents;

namespace Fluke6.Command.Tests.Packaging;

/// <summary>What <c>scripts/package.sh</c> makes, installed, used and removed where nothing else sees it.</summary>
public sealed class PackageTests(Packages packages) : IClassFixture<Packages>, IDisposable
{
    private static string Version => typeof(PackageTests).Assembly.GetName().Version!.ToString(3);

    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DebianPackageIsInstalledForwardsAndLeavesNothing()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a file system of its own needs root");
        string output = Packages.Run("bash", Path.Combine(Packages.Repository, "scripts", "try-package.sh"), packages.Deb);
        Assert.Contains("rules, no errors\n", output, StringComparison.Ordinal);
        if (Environment.ProcessorCount > 1)
            Assert.Contains("\nwith a list that is none: 1 rule, no errors\n", output, StringComparison.Ordinal);
        Assert.Contains(
            "forwards: \"type\":\"ready\",\"left\":\"port0\",\"right\":\"port1\"\nremoved: yes\nnothing is left\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void LinesOfTheReadmeInstallRunAndRemoveAService()
    {
        const int NotHere = 77;
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a file system of its own needs root");
        (int status, string output, string error) = Packages.TryRunIn(
            Packages.Repository, "bash", Path.Combine(Packages.Repository, "scripts", "try-service.sh"), packages.Deb);
        Assert.SkipWhen(status == NotHere, $"README's lines for a service are not tried here: {error}");
        Assert.True(status == 0, $"{error} {output}");

        string[] said = output.Split('\n');
        Assert.Equal(ServiceLines(), said.Where(line => line.StartsWith("> ", StringComparison.Ordinal)).Select(line => line[2..]));
        Assert.Contains("  tcp-clamp-mss  live ", output, StringComparison.Ordinal);
        Assert.Contains("\ntcp-clamp-mss runs with mss = 1300, until the program ends\n", output, StringComparison.Ordinal);
        Assert.Contains("\nfluke6_rule_state{rule=\"tcp-clamp-mss\",state=\"live\"} 1\n", output, StringComparison.Ordinal);
        // Its restart loses nothing: frames wait meanwhile.
        Assert.Matches("\npings: [0-9]+ answered, 0 lost, ", output);
        Assert.EndsWith("\nall lines done\nnothing is left\n", output, StringComparison.Ordinal);
    }

    /// <summary>The commands of the README's block, from the package's installation to its removal, without their comments.</summary>
    private static IEnumerable<string> ServiceLines() => File.ReadLines(Path.Combine(Packages.Repository, "README.md"))
        .SkipWhile(line => line != "## As a service").SkipWhile(line => !line.StartsWith("    ", StringComparison.Ordinal))
        .TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line.Trim().Split("  #")[0].TrimEnd());

    [Fact]
    public void ToolIsInstalledRunsAndLeavesNothing()
    {
        string[] where = ["fluke6", "--tool-path", _folder["tool"]];
        Packages.Run("dotnet", ["tool", "install", .. where, "--add-source", Path.GetDirectoryName(packages.Deb)!, "--version", Version]);
        string tool = Path.Combine(_folder["tool"], "fluke6");
        Assert.StartsWith($"{Version}", Packages.Run(tool, "--version"), StringComparison.Ordinal);
        Assert.Equal("1 rule, no errors\n", Packages.Run(tool, "check", FlukeProcess.Example("tcp-clamp-mss")));
        Packages.Run("dotnet", ["tool", "uninstall", .. where]);
        Assert.Empty(Directory.GetFiles(_folder["tool"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void LibraryRunsTheProgramOfItsPage()
    {
        _folder.Write("Program.cs", MarkdownDocument.Library.Blocks.Single(block => block.Language == "csharp").Text);
        File.Copy(FlukeProcess.Example("tcp-strip-sack-permitted"), _folder["tcp-strip-sack-permitted.csx"]);
        _folder.Write("own.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <!-- The package is tried from its own folder; what it needs is here already. -->
                <RestorePackagesPath>{_folder["packages"]}</RestorePackagesPath>
                <RestoreFallbackFolders>{Packages.Downloaded}</RestoreFallbackFolders>
                <RestoreAdditionalProjectSources>{Path.GetDirectoryName(packages.Deb)}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Fluke6.Library" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        Packages.Run("dotnet", "build", _folder["own.csproj"], "-v", "quiet", "--nologo", "-o", _folder["out"]);
        string said = Packages.RunIn(_folder.Path, "dotnet", Path.Combine(_folder["out"], "own.dll"));
        Assert.Equal(
            "Right: 02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 62: IP (ttl 64, id 0, DF) "
            + "192.0.2.1.49152 > 192.0.2.2.80: Flags [S], seq 0, win 65535, options [mss 1460,nop,nop,eol], length 0\n",
            said);
    }

    [Fact]
    public void DebianPackageHasNoErrorThatLintianKnows()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/lintian"), "lintian is missing: apt-get install lintian");
        Packages.Run("lintian", "--fail-on", "error", "--allow-root", packages.Deb);
    }
}
