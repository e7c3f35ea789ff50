namespace Fluke6.Command.Tests;

/// <summary>The lab without a terminal: shows, ends, leaves nothing behind.</summary>
public sealed class LabCommandTests
{
    public LabCommandTests() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "making network namespaces needs root");

    [Fact]
    public void ShowsWhatTheExampleRulesDidAndLeavesNothingBehind()
    {
        using var fluke = new FlukeProcess("lab");
        Assert.Equal(0, fluke.WaitForExit());
        string output = string.Join('\n', fluke.Output);
        Assert.Matches("as offered .*mss 1460, sackOK", output);
        Assert.Matches("as delivered .*mss 1220, nop, nop", output);
        Assert.Matches("as advertised .*2001:db8:1::/64", output);
        Assert.Matches("as received .*2001:db8:2::/64", output);
        Assert.Matches("configured itself as .*2001:db8:2:", output);
        Assert.Matches("answered in .* ms, from 02:00:00:00:00:06", output);
        Assert.Empty(fluke.Errors);
        Assert.Empty(LabNamespaces(fluke.Id));
    }

    [Fact]
    public void ByVethPairsItShowsTheSameAndLeavesNothingBehind()
    {
        using var fluke = new FlukeProcess("lab", "--ports", "veth");
        Assert.Equal(0, fluke.WaitForExit());
        string output = string.Join('\n', fluke.Output);
        Assert.StartsWith($"Two hosts with a bridge between them: veth:eth0@fluke6-left-{fluke.Id} <-> veth:eth0@fluke6-right-{fluke.Id}", output);
        Assert.Matches("as delivered .*mss 1220, nop, nop", output);
        Assert.Matches("configured itself as .*2001:db8:2:", output);
        Assert.Matches("answered in .* ms, from 02:00:00:00:00:06", output);
        Assert.Empty(fluke.Errors);
        Assert.Empty(LabNamespaces(fluke.Id));
    }

    [Fact]
    public void OrdinaryUserWithUserNamespacesMayRunIt()
    {
        using FlukeProcess fluke = FlukeProcess.AsNobody("lab");
        int status = fluke.WaitForExit();
        Assert.SkipWhen(status is 126 or 127, $"nobody may not enter {AppContext.BaseDirectory}");
        Assert.SkipWhen(status == 4, $"this kernel lets no ordinary user make namespaces: {string.Join(' ', fluke.Errors)}");
        Assert.True(status == 0, string.Join('\n', fluke.Errors));
        Assert.Contains(fluke.Output, line => line.Contains("sackOK", StringComparison.Ordinal));
        Assert.Empty(LabNamespaces(fluke.Id));
    }

    [Fact]
    public void RulesOfOnesOwnAreShownAtWork()
    {
        using var fluke = new FlukeProcess("lab", "--rules", FlukeProcess.Example("tcp-clamp-mss"), "--set", "mss=900");
        Assert.Equal(0, fluke.WaitForExit());
        string output = string.Join('\n', fluke.Output);
        Assert.Matches("as delivered .*mss 900, sackOK", output);
        Assert.Matches("as received .*2001:db8:1::/64", output);
        Assert.Contains("no answer", output);
    }

    [Fact]
    public void CaptureShowsWhatTheRulesDid()
    {
        using var folder = new RuleFolder();
        string file = Path.Combine(folder.Path, "seen.pcapng");
        using var fluke = new FlukeProcess("lab", "--capture", file);
        Assert.Equal(0, fluke.WaitForExit());
        Assert.Matches($@"^The capture: {file}, \d+ packets \(", Assert.Single(fluke.Output, line => line.StartsWith("The capture: ", StringComparison.Ordinal)));
        string content = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
        Assert.Contains("tcp-strip-sack-permitted: ", content);
        Assert.Contains("tcp option sack-permitted removed", content);
        Assert.Contains("ndp-answer-solicitations: answered", content);
    }

    [Fact]
    public void InterruptedItLeavesNothingBehind()
    {
        using var fluke = new FlukeProcess("lab");
        fluke.WaitFor(() => fluke.Output.Count > 0, "a line");
        Assert.NotEmpty(LabNamespaces(fluke.Id));
        fluke.Signal("INT");
        Assert.Equal(1, fluke.WaitForExit());
        Assert.Contains("interrupted", Assert.Single(fluke.Errors));
        Assert.Empty(LabNamespaces(fluke.Id));
    }

    [Fact]
    public void WhatAKilledLabLeftIsSweptByTheNext()
    {
        using var killed = new FlukeProcess("lab");
        killed.WaitFor(() => killed.Output.Count > 0, "a line");
        killed.Signal("KILL");
        killed.WaitForExit();
        Assert.NotEmpty(LabNamespaces(killed.Id));

        using var next = new FlukeProcess("lab");
        Assert.Equal(0, next.WaitForExit());
        Assert.Empty(LabNamespaces(killed.Id));
    }

    [Fact]
    public void ProgramInTheCurrentFolderIsNotTaken()
    {
        using var folder = new RuleFolder();
        foreach (string program in (string[])["ip", "unshare", "nsenter"])
            System.Diagnostics.Process.Start("chmod", ["+x", folder.Write(program, $"#!/bin/sh\ntouch {folder.Path}/trapped\n")]).WaitForExit();
        using var fluke = FlukeProcess.InFolder(folder.Path, "lab");
        Assert.Equal(0, fluke.WaitForExit());
        Assert.False(File.Exists(Path.Combine(folder.Path, "trapped")));
    }

    [Fact]
    public void RuleThatDoesNotCompileEndsItWithStatus3AndNothingLeft()
    {
        using var rules = new RuleFolder();
        using var fluke = new FlukeProcess("lab", "--rules", rules.Write("broken.csx", "Verdict Apply(\n"));
        Assert.Equal(3, fluke.WaitForExit());
        Assert.Contains("broken.csx(", fluke.Errors[0]);
        Assert.Empty(LabNamespaces(fluke.Id));
    }

    private static IEnumerable<string> LabNamespaces(int process) =>
        Directory.Exists("/run/netns") ? Directory.EnumerateFiles("/run/netns", $"fluke6-*-{process}") : [];
}
