using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Fluke6.Engine;
using Fluke6.Scripting.Positions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Fluke6.Scripting.Tests.Positions;

/// <summary>Random programs do the same with marks as without: same results, same exceptions, same order of side effects.</summary>
public sealed class SameBehaviourTests
{
    private static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void AsWithoutMarks(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 25; i++)
        {
            string program = Program(random);
            (byte[] image, byte[] symbols) = Compile(program);
            MarkedAssembly marked = MarkedAssembly.From(image, symbols);
            ScriptCell cell = new ScriptPosition().Follow(marked.Module, marked.Points, marked.Methods, marked.Calls);
            string plain = Run(image, symbols);
            string withMarks = Run(marked.WithCell(cell.Address), marked.Symbols);
            Assert.True(plain == withMarks, $"without: {plain}\nwith: {withMarks}\n{program}");
            GC.KeepAlive(cell);
        }
    }

    private static (byte[] Image, byte[] Symbols) Compile(string program)
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        SyntaxTree tree = CSharpSyntaxTree.ParseText(program, path: "/x.csx", encoding: Encoding.UTF8, cancellationToken: cancelled);
        var compilation = CSharpCompilation.Create(
            "random", [tree], s_references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using MemoryStream image = new(), symbols = new();
        EmitResult result = compilation.Emit(
            image, symbols, options: new EmitOptions(
                debugInformationFormat: DebugInformationFormat.PortablePdb, instrumentationKinds: [InstrumentationKind.StackOverflowProbing]), cancellationToken: cancelled);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics) + program);
        return (image.ToArray(), symbols.ToArray());
    }

    private static string Run(byte[] image, byte[] symbols)
    {
        var context = new AssemblyLoadContext(null, isCollectible: true);
        Assembly assembly = context.LoadFromStream(new MemoryStream(image), new MemoryStream(symbols));
        string result = (string)assembly.GetType("P")!.GetMethod("Run")!.Invoke(null, null)!;
        context.Unload();
        return result;
    }

    private static string Program(Random random) => $$"""
        using System; using System.Collections.Generic; using System.Linq; using System.Text; using System.Threading.Tasks;
        public class P
        {
            static StringBuilder log = new StringBuilder(); int a = 1, b = 2, fuel = 300; int[] t = new int[4];
            public static string Run()
            {
                log.Clear();
                var p = new P();
                try { p.F(3).GetAwaiter().GetResult(); p.G(2); } catch (Exception e) { log.Append(e.GetType().Name); }
                return log.Append($" {p.a} {p.b} {string.Join(',', p.t)}").ToString();
            }
            bool Go() => fuel-- > 0;
            int Use(int x) { log.Append(x % 10); return x; }
            IEnumerable<int> Numbers(int n) { try { for (int i = 0; i < n; i++) { {{Statement(random, 0)}} yield return i; } } finally { {{Statement(random, 0)}} } }
            async Task F(int n) { {{Statement(random, 3)}} await Task.Yield(); try { {{Statement(random, 3)}} } finally { await Task.Yield(); {{Statement(random, 1)}} } }
            void G(int n) { {{Statement(random, 4)}} {{Statement(random, 4)}} {{Statement(random, 4)}} }
        }
        """;

    private static string Statement(Random random, int depth)
    {
        string Inner() => Statement(random, depth - 1);
        string x = Expression(random, 2), y = Expression(random, 2);
        // Names within names must differ.
        int n = random.Next(1_000_000_000);
        return (depth <= 0 ? random.Next(6) : random.Next(20)) switch
        {
            0 => $"a = {x};",
            1 => $"b += {x};",
            2 => $"Use({x});",
            3 => $"t[({x}) & 7] = {y};",
            4 => "a++;",
            5 => $"if (Go()) b = checked({x} * {y});",
            6 => $"if ({x} > {y})\n {Inner()}\n else\n {Inner()}",
            7 => $"while (Go() && a < {x})\n {{ {Inner()} }}",
            8 => $"for (int i{n} = 0; i{n} < 3 && Go(); i{n}++) {{\n {Inner()} if (i{n} == 1) continue; {Inner()} }}",
            9 => $"try {{\n {Inner()} {Inner()} }}\n finally {{ {Inner()} }}",
            10 => $"try {{ {Inner()} }}\n catch (IndexOutOfRangeException) {{\n {Inner()} throw; }}",
            11 => $"try {{ {Inner()} }}\n catch (Exception e{n}) when (Use(e{n}.Message.Length) > {x}) {{\n {Inner()} }}",
            12 => $"switch (({x}) & 3) {{ case 0: {Inner()} break;\n case 1: {Inner()} break;\n case 2: goto case 0;\n default: {Inner()} break; }}",
            13 => $"foreach (int i{n} in Numbers(2)) {{ if (!Go()) break;\n {Inner()} }}",
            14 => $"lock (t) {{ {Inner()} }}",
            15 => $"{{ int L{n}(int q{n}) {{ if (!Go()) return q{n};\n return Use(q{n}) + {x}; }} a = L{n}({y}); }}",
            16 => $"a = t.Where(q{n} => q{n} < {x}).Sum(q{n} => Use(q{n}));",
            17 => $"do {{ {Inner()} }} while (Go() && a > {x});",
            18 => $"a = (({x}) & 3) switch {{ 0 => Use(1),\n 1 => t[({y}) & 7],\n _ => {y} }};",
            _ => $"try {{ try {{ {Inner()} }} finally {{ try {{ {Inner()} }} catch (DivideByZeroException) {{ b = 1; }} }} }} catch (OverflowException) {{ {Inner()} }}",
        };
    }

    private static string Expression(Random random, int depth) => (depth == 0 ? random.Next(3) : random.Next(8)) switch
    {
        0 => $"{random.Next(9)}",
        1 => "a",
        2 => "b",
        3 => $"({Expression(random, depth - 1)} + {Expression(random, depth - 1)})",
        4 => $"({Expression(random, depth - 1)} / {Expression(random, depth - 1)})".Replace("/ 0", "/ a", StringComparison.Ordinal),
        5 => $"t[({Expression(random, depth - 1)}) & 5]",
        6 => $"Use({Expression(random, depth - 1)})",
        _ => $"({Expression(random, depth - 1)} > 3 ? {Expression(random, depth - 1)} : {Expression(random, depth - 1)})",
    };
}
