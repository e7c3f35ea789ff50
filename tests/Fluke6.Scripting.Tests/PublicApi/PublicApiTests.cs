using System.Reflection;
using System.Runtime.CompilerServices;
using Fluke6.Frames;
using PublicApiGenerator;

namespace Fluke6.Scripting.Tests.PublicApi;

/// <summary>
/// The whole of Fluke6 that scripts can see, a text file for each namespace beside this one: whoever changes it sees so in the review.
/// </summary>
public sealed class PublicApiTests
{
    private const string Accept = "FLUKE6_ACCEPT_PUBLIC_API";

    private static readonly ApiGeneratorOptions s_options = new()
    {
        IncludeAssemblyAttributes = false,
        // What the compiler writes for "params", "scoped" and "ref readonly".
        ExcludeAttributes =
        [
            "System.Runtime.CompilerServices.ParamCollectionAttribute", "System.Runtime.CompilerServices.ScopedRefAttribute",
            "System.Runtime.CompilerServices.RequiresLocationAttribute",
        ],
    };

    private static readonly Type[] s_types = [.. typeof(Frame).Assembly.GetExportedTypes(), .. typeof(RuleGlobals).Assembly.GetExportedTypes()];

    /// <summary>The base of a script's globals is no type that a script names.</summary>
    private const string BaseOfGlobals = "Fluke6.Engine";

    public static TheoryData<string> Namespaces => [.. s_types.Select(type => type.Namespace!).Distinct().Order()];

    [Fact]
    public void ScriptsSeeTheNamespacesThatTheyNeedNoUsingForAndNoOthers() =>
        Assert.Equal(
            RuleCompiler.Imports.Where(name => name.StartsWith("Fluke6", StringComparison.Ordinal)).Append(BaseOfGlobals).Order(),
            s_types.Select(type => type.Namespace).Distinct().Order());

    [Fact]
    public void OfTheEngineScriptsSeeTheBaseOfTheirGlobalsAlone() =>
        Assert.Equal([typeof(RuleGlobals).BaseType], s_types.Where(type => type.Namespace == BaseOfGlobals));

    [Theory]
    [MemberData(nameof(Namespaces))]
    public void EveryPublicMemberIsAgreedUpon(string name)
    {
        string path = Path.Combine(Folder(), $"{name}.txt");
        string actual = ApiGenerator.GeneratePublicApi([.. s_types.Where(type => type.Namespace == name)], s_options).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Accept) is not null)
            File.WriteAllText(path, actual);

        string agreed = File.Exists(path) ? File.ReadAllText(path) : "";
        if (agreed == actual)
            return;

        string[] before = agreed.Split('\n'), after = actual.Split('\n');
        IEnumerable<string> changes = [.. before.Except(after).Select(line => $"- {line.Trim()}"), .. after.Except(before).Select(line => $"+ {line.Trim()}")];
        Assert.Fail($"""
            The public members of {name} are not those of {path}:
            {string.Join('\n', changes)}
            If that is meant, say so in docs/CHANGELOG.md, and accept it: run this test with {Accept}=1 in the environment, and commit the file.
            """);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
