using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Fluke6.Bridging;
using Fluke6.Journal;
using Fluke6.Scripting.Positions;

namespace Fluke6.Scripting.Tests.Positions;

/// <summary>A rule that calls itself without end is a fault like any other, with its line; one that cannot pays nothing for that.</summary>
public sealed class RecursionTests
{
    /// <summary>An expression that never has a value, and what it calls; the line where it calls itself is the one named HERE.</summary>
    public static TheoryData<string, string> Kinds { get; } = new()
    {
        { "Deep(1)", "int Deep(int depth) =>\n    Deep(depth + 1) + depth; // HERE" },
        { "A(1)", "int A(int depth)\n{\n    return B(depth) + 1; // HERE\n}\nint B(int depth)\n{\n    return A(depth) + 1; // HERE\n}" },
        { "again(1)", "Func<int, int> again = null!;\nagain = depth =>\n    again(depth + 1) + 1; // HERE" },
        { "new Node<int>().Depth()", "class Node<T>\n{\n    public int Depth() =>\n        Depth() + 1; // HERE\n}" },
        { "new Told().ToString().Length", "class Told\n{\n    public override string ToString() =>\n        $\"<{this}>\"; // HERE\n}" },
        { "new Tree().Size", "class Tree\n{\n    public int Size =>\n        Size + 1; // HERE\n}" },
        { "Numbers(1).Sum()", "IEnumerable<int> Numbers(int from)\n{\n    foreach (int one in Numbers(from + 1)) // HERE\n        yield return one;\n}" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WithoutEndIsAFaultWithItsLine(string expression, string methods)
    {
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMinutes(1) });
        string script = $"Verdict Apply(ref Frame frame)\n{{\n    return (Verdict)({expression});\n}}\n{methods}\n";
        live.Folder.Write("10-deep.csx", script);
        Assert.DoesNotContain(live.Start(), diagnostic => diagnostic.IsError);
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        RuleFault fault = live.Rule("10-deep").LastFault!;
        Assert.Contains(nameof(InsufficientExecutionStackException), fault.Message, StringComparison.Ordinal);
        string[] here = [.. script.Split('\n').Select((line, i) => (line, i)).Where(one => one.line.Contains("HERE", StringComparison.Ordinal)).Select(one => $"10-deep.csx:{one.i + 1}")];
        Assert.Contains(fault.At, here);
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
    }

    /// <summary>Of a deep stack, which a limit of the shell's may allow, unwinding would keep traffic waiting for seconds.</summary>
    [Fact]
    public void RunsOutOfStackSoonWhateverTheShellAllows()
    {
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMinutes(1) });
        live.Folder.Write("10-deep.csx", """
            int depth = 0;
            int Deep()
            {
                Span<byte> kibibyte = stackalloc byte[1024];
                kibibyte.Fill((byte)++depth);
                return Deep() + kibibyte[7];
            }
            Verdict Apply(ref Frame frame)
            {
                try { Deep(); } catch (InsufficientExecutionStackException) { Log($"{depth}"); }
                return Verdict.Continue;
            }
            """);
        Assert.DoesNotContain(live.Start(), diagnostic => diagnostic.IsError);
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        Assert.InRange(int.Parse(Assert.Single(live.Notes.OfType<LogNote>()).Message, System.Globalization.CultureInfo.InvariantCulture), 1000, 1536);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("Log($\"{Twice(frame.Length)}\"); Span<byte> some = stackalloc byte[8]; some.Fill((byte)Twice(3));", false)]
    [InlineData("seen.Sort((a, b) => a - b);", false)]
    [InlineData("Deep(1);", true)]
    public void OnlyMethodsThatMayCallThemselvesLookForStack(string statements, bool looks)
    {
        using var folder = new ScriptFolder();
        CompiledRule rule = RuleCompiler.Compile(folder.Write("10-x.csx", $$"""
            var seen = new List<int>();
            Verdict Apply(ref Frame frame)
            {
                {{statements}}
                return Verdict.Continue;
            }
            int Twice(int x)
            {
                seen.Add(x);
                return 2 * x;
            }
            {{(looks ? "int Deep(int depth) => depth > 9 ? 0 : Deep(depth + 1);" : "")}}
            """));
        Assert.True(rule.Succeeded, string.Join('\n', rule.Diagnostics));
        Assert.Equal(looks ? ["Deep"] : [], MethodsThatLook(rule.Assembly!.Image));
    }

    private static List<string> MethodsThatLook(byte[] image)
    {
        using var assembly = new PEReader(new MemoryStream(image));
        MetadataReader metadata = assembly.GetMetadataReader();
        var calls = new ScriptCalls(assembly, metadata);
        return [.. metadata.MethodDefinitions.Select(metadata.GetMethodDefinition)
            .Where(method => method.RelativeVirtualAddress != 0 && Looks(assembly.GetMethodBody(method.RelativeVirtualAddress)))
            .Select(method => metadata.GetString(method.Name))
            // Of the top level, which runs once.
            .Where(name => name is not ("MoveNext" or "SetStateMachine"))];

        bool Looks(MethodBodyBlock body) => Instruction.Decode(body.GetILContent())
            .Exists(instruction => instruction.IsCall && instruction.Token(body.GetILContent()) == calls.StackProbe);
    }
}
