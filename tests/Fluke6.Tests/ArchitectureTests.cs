using System.Reflection;
using System.Runtime.InteropServices;
using Fluke6.Bridging;

namespace Fluke6.Command.Tests;

/// <summary>Who may know whom. Docs: Linux, Scripting and Dashboard know Core and not each other; the command knows all.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly s_core = typeof(Bridge).Assembly;
    private static readonly Assembly s_linux = typeof(Linux.PortSpecification).Assembly;
    private static readonly Assembly s_dashboard = typeof(Dashboard.DashboardScreen).Assembly;
    private static readonly Assembly s_scripting = typeof(Scripting.RuleCompiler).Assembly;

    [Fact]
    public void CoreKnowsNoScreenNoCompilerAndNoOtherPart()
    {
        string[] forbidden = ["Terminal.Gui", "Microsoft.CodeAnalysis", "Tmds.LibC", "PacketDotNet", "System.CommandLine", "Fluke6.", "fluke6"];
        Assert.DoesNotContain(References(s_core), name => forbidden.Any(part => name.StartsWith(part, StringComparison.Ordinal)));
    }

    /// <summary>OpenSSL takes 5 MB of memory, and a bridge without rules needs nothing of it.</summary>
    [Fact]
    public void CoreLoadsNoOpenSsl() => Assert.DoesNotContain("System.Security.Cryptography", References(s_core));

    [Fact]
    public void CoreCallsNothingNative()
    {
        IEnumerable<MethodInfo> native = s_core.GetTypes()
            .SelectMany(type => type.GetMethods(
                BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
                || method.GetCustomAttribute<LibraryImportAttribute>() is not null);
        Assert.Empty(native);
    }

    [Fact]
    public void LinuxAndScriptingDoNotKnowEachOther()
    {
        Assert.DoesNotContain("Fluke6.Scripting", References(s_linux));
        Assert.DoesNotContain("Fluke6.Linux", References(s_scripting));
        Assert.Contains("Fluke6.Core", References(s_linux));
        Assert.Contains("Fluke6.Core", References(s_scripting));
    }

    [Fact]
    public void DashboardKnowsCoreAloneAndNobodyElseKnowsAScreen()
    {
        Assert.Equal(["Fluke6.Core"], References(s_dashboard).Where(name => name.StartsWith("Fluke6", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains("Terminal.Gui", References(s_dashboard));
        Assert.DoesNotContain("Tmds.LibC", References(s_dashboard));
        foreach (Assembly other in (Assembly[])[s_linux, s_scripting, Assembly.Load("fluke6")])
            Assert.DoesNotContain("Terminal.Gui", References(other));
    }

    [Fact]
    public void LinuxCompilesNothing() =>
        Assert.DoesNotContain(References(s_linux), name => name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));

    // .NET opens a FIFO by waiting for a writer, follows links where it must not, and does not tell whose a file is; nor has it priorities of threads.
    [Fact]
    public void ScriptingCallsTheKernelForFilesAndTheRehearsalsPriorityOnly()
    {
        string[] mayCall = ["Fluke6.Scripting.Files", "Fluke6.Scripting.Native"];
        string[] strangers =
        [
            .. new NamespaceArrows(s_scripting).Found
                .Where(arrow => arrow.Key.To is "Tmds.Linux" or "Fluke6.Scripting.Native" && !mayCall.Contains(arrow.Key.From))
                .Select(arrow => arrow.Value)
                .Where(arrow => !arrow.StartsWith("Fluke6.Scripting.Compiling.Rehearsal ", StringComparison.Ordinal)),
        ];
        Assert.Empty(strangers);
    }

    /// <summary>Each namespace of Core, and those that it may use: the arrows that a drawing of the house has. All others are wrong.</summary>
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Fluke6"] = [],
        ["Fluke6.Concurrency"] = [],
        ["Fluke6.Wire"] = [],
        ["Fluke6.Frames"] = ["Fluke6", "Fluke6.Wire"],
        ["Fluke6.Ports"] = ["Fluke6", "Fluke6.Wire", "Fluke6.Frames"],
        ["Fluke6.Journal"] = ["Fluke6", "Fluke6.Concurrency", "Fluke6.Ports"],
        ["Fluke6.Rules"] = ["Fluke6", "Fluke6.Wire", "Fluke6.Frames"],
        ["Fluke6.Engine"] = ["Fluke6", "Fluke6.Wire", "Fluke6.Frames", "Fluke6.Ports", "Fluke6.Journal", "Fluke6.Rules"],
        ["Fluke6.Impairments"] = ["Fluke6", "Fluke6.Wire", "Fluke6.Frames", "Fluke6.Rules", "Fluke6.Engine"],
        ["Fluke6.Flows"] = ["Fluke6", "Fluke6.Concurrency", "Fluke6.Wire", "Fluke6.Frames", "Fluke6.Journal", "Fluke6.Engine"],
        ["Fluke6.Captures"] = ["Fluke6", "Fluke6.Concurrency", "Fluke6.Wire", "Fluke6.Frames", "Fluke6.Ports", "Fluke6.Engine"],
        ["Fluke6.Streams"] = ["Fluke6", "Fluke6.Wire", "Fluke6.Frames", "Fluke6.Rules", "Fluke6.Journal", "Fluke6.Engine", "Fluke6.Flows"],
        ["Fluke6.TcpServices"] = ["Fluke6", "Fluke6.Wire", "Fluke6.Frames", "Fluke6.Rules", "Fluke6.Flows"],
        ["Fluke6.Bridging"] =
            ["Fluke6", "Fluke6.Frames", "Fluke6.Ports", "Fluke6.Journal", "Fluke6.Rules", "Fluke6.Engine", "Fluke6.Flows", "Fluke6.Captures"],
        // Plain data: whoever looks on knows these alone.
        ["Fluke6.Snapshots"] = ["Fluke6", "Fluke6.Wire", "Fluke6.Frames"],
        ["Fluke6.Watching"] =
        [
            "Fluke6", "Fluke6.Wire", "Fluke6.Frames", "Fluke6.Ports", "Fluke6.Journal", "Fluke6.Rules", "Fluke6.Engine", "Fluke6.Impairments", "Fluke6.Flows",
            "Fluke6.Captures", "Fluke6.Bridging", "Fluke6.Snapshots", "Fluke6.Streams",
        ],
    };

    // None of them sees an object that the bridge changes.
    [Fact]
    public void WhoLooksOnKnowsSnapshotsAlone()
    {
        string[] data = ["Fluke6", "Fluke6.Snapshots", "Fluke6.Frames", "Fluke6.Wire"];
        IEnumerable<string> wrong = new NamespaceArrows(s_dashboard).Found
            .Concat(new NamespaceArrows(Assembly.Load("fluke6")).Found.Where(arrow => arrow.Key.From == "Fluke6.Command.Reports"))
            .Where(arrow => s_mayUse.ContainsKey(arrow.Key.To) && !data.Contains(arrow.Key.To)).Select(arrow => arrow.Value);
        Assert.Empty(wrong);
    }

    [Fact]
    public void NamespacesOfCoreUseEachOtherOneWayOnly()
    {
        string[] all = [.. s_core.GetTypes().Select(type => type.Namespace).OfType<string>().Where(IsFluke6).Distinct().Order()];
        Assert.Equal(s_mayUse.Keys.Order(), all);
        IReadOnlyDictionary<(string From, string To), string> found = new NamespaceArrows(s_core).Found;
        Assert.Empty(found.Where(arrow => IsFluke6(arrow.Key.To) && !s_mayUse[arrow.Key.From].Contains(arrow.Key.To)).Select(arrow => arrow.Value));
        // Otherwise this would pass where nothing is read.
        Assert.True(found.ContainsKey(("Fluke6.Bridging", "Fluke6.Engine")));
    }

    [Fact]
    public void WhatEachNamespaceOfCoreMayUseMakesNoCircle()
    {
        foreach ((string from, string[] to) in s_mayUse)
            Assert.All(to, used => Assert.False(Reaches(used, from), $"{from} -> {used} -> ... -> {from}"));
    }

    /// <summary>The dashboard's, likewise: a screen of views of details of a model, and programs that have the terminal meanwhile.</summary>
    [Fact]
    public void NamespacesOfTheDashboardUseEachOtherOneWayOnly()
    {
        string[] upwards = ["Fluke6.Dashboard.Model", "Fluke6.Dashboard.Terminals", "Fluke6.Dashboard.Details", "Fluke6.Dashboard.Views", "Fluke6.Dashboard"];
        IReadOnlyDictionary<(string From, string To), string> found = new NamespaceArrows(s_dashboard).Found;
        Assert.Empty(found.Where(arrow => IsDashboard(arrow.Key.From) && IsDashboard(arrow.Key.To))
            .Where(arrow => Array.IndexOf(upwards, arrow.Key.To) >= Array.IndexOf(upwards, arrow.Key.From)).Select(arrow => arrow.Value));
        Assert.True(found.ContainsKey(("Fluke6.Dashboard.Views", "Fluke6.Dashboard.Model")));
    }

    private static bool IsDashboard(string name) => name.StartsWith("Fluke6.Dashboard", StringComparison.Ordinal);

    private static bool Reaches(string from, string to) => from == to || s_mayUse[from].Any(used => Reaches(used, to));

    private static bool IsFluke6(string name) => name == "Fluke6" || name.StartsWith("Fluke6.", StringComparison.Ordinal);

    private static IReadOnlyList<string> References(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!)];
}
