using System.Reflection;
using System.Runtime.InteropServices;
using NetArchTest.Rules;

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

    // .NET opens a FIFO by waiting for a writer, follows links where it must not, and does not tell whose a file is.
    [Fact]
    public void ScriptingCallsTheKernelForFilesOnly()
    {
        NetArchTest.Rules.TestResult result = Types.InAssembly(s_scripting)
            .That().DoNotResideInNamespaceMatching(@"^Fluke6\.Scripting\.(Files|Native)$")
            .ShouldNot().HaveDependencyOnAny("Tmds.Linux", "Fluke6.Scripting.Native")
            .GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void WireKnowsNothingElseOfCore()
    {
        NetArchTest.Rules.TestResult result = Types.InAssembly(s_core).That().ResideInNamespace("Fluke6.Wire")
            .ShouldNot().HaveDependencyOnAny("Fluke6.Frames", "Fluke6.Ports", "Fluke6.Rules", "Fluke6.Flows", "Fluke6.Bridge")
            .GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void FramesKnowNoBridge()
    {
        NetArchTest.Rules.TestResult result = Types.InAssembly(s_core).That().ResideInNamespace("Fluke6.Frames")
            .ShouldNot().HaveDependencyOnAny("Fluke6.Rules", "Fluke6.Bridge")
            .GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    private static IReadOnlyList<string> References(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!)];
}
