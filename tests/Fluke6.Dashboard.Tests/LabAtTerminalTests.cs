namespace Fluke6.Dashboard.Tests;

/// <summary>A newcomer at the lab, who does what README says.</summary>
public sealed class LabAtTerminalTests
{
    [Fact]
    public void ReadmesCommandsPingTheNotesMachineAndResolveThePuzzle()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "making network namespaces needs root");
        Assert.SkipUnless(File.Exists("/usr/bin/dig"), "dig is not installed; ./run.sh test installs it");
        // The lab's command and, in the same block, what to run in the left host.
        string[] lines = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md")).Split('\n');
        const string Lab = "$ ./run.sh ";
        int first = Array.FindIndex(lines, line => line.StartsWith(Lab, StringComparison.Ordinal) && line.Contains("host-test6.csx", StringComparison.Ordinal));
        string[] commands = [.. lines[(first + 1)..].TakeWhile(line => line != "```").Select(line => line[2..])];
        Assert.Equal(2, commands.Length);

        using var screen = new TerminalScreen("", lines[first][Lab.Length..].Replace("examples/", $"{AppContext.BaseDirectory}examples/", StringComparison.Ordinal));
        screen.WaitFor(text => text.Contains("host-test6", StringComparison.Ordinal) && screen.IsOpen, "the dashboard");
        string left = $"fluke6-left-{screen.ProgramId}";
        string ping = RunIn(left, commands[0]), dig = RunIn(left, commands[1]);
        Assert.Contains("3 received", ping, StringComparison.Ordinal);
        Assert.Contains("status: NOERROR", dig, StringComparison.Ordinal);
        Assert.Matches(@"puzzle\.test6\.dartmouth\.edu\.\s+86400\s+IN\s+AAAA\s+2604:5f00:ffff:fe00::bad:c0de", dig);
        screen.Quit();
        Assert.False(File.Exists($"/run/netns/{left}"));
    }

    [Fact]
    public void FolderInTheCurrentDirectoryIsNotTaken()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "making network namespaces needs root");
        // Another user's, of whom nobody asked for it.
        const string Trap = "sh -c 'mkdir lab-rules && echo \"System.IO.File.WriteAllText(\\\"$PWD/trapped\\\", \\\"\\\"); void Apply(ref Frame frame) { }\" "
            + "> lab-rules/x.csx && chown -R nobody lab-rules && exec \"$@\"' sh";
        using var screen = new TerminalScreen(Trap, "lab", width: 120, height: 50);
        screen.WaitFor("▶ Begin here");
        string own = Path.Combine(screen.Folder, "fluke6", "lab-rules");
        Assert.Equal(5, Directory.GetFiles(own, "*.csx").Length);
        Assert.True(File.Exists(Path.Combine(screen.Folder, "lab-rules", "x.csx")));
        Assert.False(File.Exists(Path.Combine(screen.Folder, "trapped")));
        screen.Quit();
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    [InlineData(200, 50)]
    public void GuideIsReadFirstAtEverySizeAndItsShellsOpen(int width, int height)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "making network namespaces needs root");
        using var screen = new TerminalScreen("SHELL=/bin/bash", "lab", width, height);
        screen.WaitFor("▶ Begin here");
        string left = $"fluke6-left-{screen.ProgramId}", right = $"fluke6-right-{screen.ProgramId}";
        screen.WaitFor(text => text.Contains($"ip netns exec {left} $SHELL", StringComparison.Ordinal) && text.Contains($"ip netns exec {right} $SHELL", StringComparison.Ordinal)
            && text.Contains("lab-rules", StringComparison.Ordinal) && text.Contains("Ctrl-C ends the lab", StringComparison.Ordinal), "all of the guide");
        screen.Press("m");
        screen.WaitFor(text => !text.Contains("192.0.2.", StringComparison.Ordinal) && !text.Contains("2001:db8", StringComparison.Ordinal), "no address");
        screen.Type("<");
        screen.WaitFor($"a shell in {left}");
        screen.Type("ip -br -4 address show eth0\n");
        screen.WaitFor("192.0.2.1/24");
        screen.Type("exit\n");
        // Once read it does not come back by itself.
        screen.WaitFor(text => screen.IsOpen && text.Contains("▶ Rules (5)", StringComparison.Ordinal), "the dashboard");
        screen.Press("?");
        screen.WaitFor("▶ Help");
        screen.Press("End");
        screen.WaitFor("Ctrl-C ends the lab and deletes the hosts.");
        screen.Quit();
        Assert.False(File.Exists($"/run/netns/{left}"));
    }

    private static string RunIn(string host, string command)
    {
        var start = new System.Diagnostics.ProcessStartInfo("ip", ["netns", "exec", host, "sh", "-c", command]) { RedirectStandardOutput = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
