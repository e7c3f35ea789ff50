using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests.Positions;

/// <summary>A fault names the line on which it happened, whatever threw and wherever it stands. The line is the one marked HERE.</summary>
public sealed class FaultLineTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public static TheoryData<string> Bodies { get; } =
    [
        // Exceptions that the just-in-time compiler raises itself.
        "string text = null;\nseen++;\nreturn text.Length > 3 ? Verdict.Drop : Verdict.Continue; // HERE",
        "seen++;\ntable[calls + 10] = 7; // HERE\nreturn Verdict.Continue;",
        "seen++;\nLog(names[calls + 5]); // HERE\nseen++;\nreturn Verdict.Continue;",
        "int zero = calls - 1;\nseen++;\nseen = 7 / zero; // HERE\nreturn Verdict.Continue;",
        "long zero = calls - 1;\nlong least = long.MinValue;\nseen++;\nleast %= zero; // HERE\nreturn Verdict.Continue;",
        "object boxed = calls;\nseen++;\nstring text = (string)boxed; // HERE\nreturn Verdict.Continue;",
        "object boxed = calls;\nseen++;\nlong number = (long)boxed; // HERE\nreturn Verdict.Continue;",
        "int large = int.MaxValue;\nseen++;\nchecked\n{\n    large += calls; // HERE\n}\nreturn Verdict.Continue;",
        "int large = -calls;\nseen++;\nbyte small = checked((byte)large); // HERE\nreturn Verdict.Continue;",
        "object[] strings = new string[3];\nseen++;\nstrings[0] = new object(); // HERE\nreturn Verdict.Continue;",
        "int length = -calls;\nseen++;\nvar none = new int[length]; // HERE\nreturn Verdict.Continue;",
        "Span<int> span = table;\nseen++;\nspan[calls + 9]++; // HERE\nreturn Verdict.Continue;",
        "int? none = null;\nseen++;\nseen += none.Value; // HERE\nreturn Verdict.Continue;",
        // Thrown by what the framework does for the rule.
        "seen++;\nvar value = new Dictionary<string, int>()[\"x\"]; // HERE\nreturn Verdict.Continue;",
        "seen++;\nvar first = names.First(name => name.Length > 99); // HERE\nreturn Verdict.Continue;",
        "seen++;\nseen = int.Parse(\"x\"); // HERE\nreturn Verdict.Continue;",
        "seen++;\nSend(Side.Left, new byte[99_999]); // HERE\nreturn Verdict.Continue;",
        "seen++;\nthrow new InvalidOperationException(\"no good\"); // HERE",
        // Statements of every shape.
        "seen++;\nif (calls > 0)\n    table[9] = 1; // HERE\nreturn Verdict.Continue;",
        "seen++;\nif (calls == 0)\n    seen++;\nelse if (table[9] > 0) // HERE\n    seen++;\nreturn Verdict.Continue;",
        "int i = 0;\nwhile (table[i] >= 0) // HERE\n    i++;\nreturn Verdict.Continue;",
        "int i = 0;\ndo\n{\n    i++;\n}\nwhile (table[i] >= 0); // HERE\nreturn Verdict.Continue;",
        "for (int i = 0;\n    table[i] >= 0; // HERE\n    i++)\n{\n    seen++;\n}\nreturn Verdict.Continue;",
        "for (int i = 0;\n    i < 9;\n    table[i++ + 3]++) // HERE\n{\n    seen++;\n}\nreturn Verdict.Continue;",
        "foreach (string name in names)\n{\n    seen++;\n    seen += name[9]; // HERE\n}\nreturn Verdict.Continue;",
        "List<string> none = null;\nseen++;\nforeach (string name in none) // HERE\n    seen++;\nreturn Verdict.Continue;",
        "switch (calls)\n{\n    case 0:\n        seen++;\n        break;\n    case 1:\n        seen++;\n        table[9] = 1; // HERE\n        break;\n}\nreturn Verdict.Continue;",
        "seen++;\nswitch (table[9]) // HERE\n{\n    case 0:\n        seen++;\n        break;\n}\nreturn Verdict.Continue;",
        "again:\nseen++;\nif (seen < 5)\n    goto again;\ntable[seen] = 1; // HERE\nreturn Verdict.Continue;",
        "using (var one = new Closing())\n{\n    seen++;\n    table[9] = 1; // HERE\n}\nreturn Verdict.Continue;",
        "using var one = new Closing();\nseen++;\ntable[9] = 1; // HERE\nreturn Verdict.Continue;",
        "lock (table)\n{\n    seen++;\n    table[9] = 1; // HERE\n}\nreturn Verdict.Continue;",
        "object none = null;\nseen++;\nlock (none) // HERE\n{\n    seen++;\n}\nreturn Verdict.Continue;",
        "try\n{\n    seen++;\n    table[9] = 1; // HERE\n}\nfinally\n{\n    seen++;\n    seen--;\n}\nreturn Verdict.Continue;",
        "try\n{\n    seen++;\n    table[9] = 1; // HERE\n}\ncatch (Exception)\n{\n    seen++;\n    throw;\n}\nreturn Verdict.Continue;",
        "try\n{\n    seen++;\n    table[9] = 1; // HERE\n}\ncatch (Exception e) when (Passes(e))\n{\n    seen++;\n}\nreturn Verdict.Continue;",
        "try\n{\n    seen++;\n    table[9] = 1;\n}\ncatch (Exception)\n{\n    seen++;\n    seen = names[9].Length; // HERE\n}\nreturn Verdict.Continue;",
        "try\n{\n    seen++;\n}\nfinally\n{\n    table[9] = 1; // HERE\n}\nreturn Verdict.Continue;",
        "try\n{\n    Deep(3);\n}\nfinally\n{\n    do\n    {\n        seen++;\n    }\n    while (seen < 3);\n}\nreturn Verdict.Continue;",
        // After a call of the script's own, back in the line that called.
        "seen++;\nseen = Twice(2) + table[9]; // HERE\nreturn Verdict.Continue;",
        "seen++;\nseen = names.Count(name => name.Length > 0) + table[9]; // HERE\nreturn Verdict.Continue;",
        "seen++;\nseen = new Nested(1).Value + table[9]; // HERE\nreturn Verdict.Continue;",
        "var set = new HashSet<Odd> { new Odd() };\nseen++;\nseen = set.Count(odd => set.Contains(odd)) / (seen - seen); // HERE\nreturn Verdict.Continue;",
        // Functions within functions.
        "int Local(int[] array)\n{\n    seen++;\n    return array[9]; // HERE\n}\nseen = Local(table);\nreturn Verdict.Continue;",
        "static int Local(int[] array) =>\n    array[9]; // HERE\nseen = Local(table);\nreturn Verdict.Continue;",
        "Func<int, int> lambda = i =>\n{\n    seen++;\n    return table[i]; // HERE\n};\nseen = lambda(9);\nreturn Verdict.Continue;",
        "seen = names.Select(name =>\n    name[9]).Max(); // HERE\nreturn Verdict.Continue;",
        "var query = from name in names\n    where name[9] == 'x' // HERE\n    select name;\nseen = query.Count();\nreturn Verdict.Continue;",
        "foreach (int number in Endless())\n    seen += number;\nreturn Verdict.Continue;",
    ];

    public static TheoryData<string> Scripts { get; } =
    [
        "Verdict Apply(ref Frame frame) => Nothing();\nstatic string s_text;\nstatic Verdict Nothing() =>\n    s_text.Length > 3 ? Verdict.Drop : Verdict.Accept; // HERE",
        "Verdict Apply(ref Frame frame) =>\n    new Walker(null).Walk();\nclass Walker(string text)\n{\n    public Verdict Walk()\n    {\n        int i = 1;\n        return text[i] == 'x' ? Verdict.Drop : Verdict.Accept; // HERE\n    }\n}",
        "Verdict Apply(ref Frame frame) => new Box<string>().Ask();\nclass Box<T> where T : class\n{\n    T _value;\n    public Verdict Ask()\n    {\n        bool same = true;\n        same &= _value.Equals(_value); // HERE\n        return Verdict.Accept;\n    }\n}",
        "Verdict Apply(ref Frame frame) => First<string>(null);\nVerdict First<T>(T[] items)\n{\n    int i = 0;\n    T item = items[i]; // HERE\n    return Verdict.Accept;\n}",
        "Verdict Apply(ref Frame frame)\n{\n    var thing = new Thing();\n    return thing.Verdict;\n}\nstruct Thing\n{\n    int[] _table;\n    public Verdict Verdict\n    {\n        get\n        {\n            return (Verdict)_table[3]; // HERE\n        }\n    }\n}",
        "Verdict Apply(ref Frame frame)\n{\n    Sum(new int[2]);\n    return Verdict.Accept;\n}\nint Sum(int[] table)\n{\n    int sum = 0;\n    foreach (int i in Numbers())\n        sum += table[i]; // HERE\n    return sum;\n}\nIEnumerable<int> Numbers()\n{\n    yield return 0;\n    yield return 1;\n    yield return 2;\n}",
        "Verdict Apply(ref Frame frame) { Ask(null).GetAwaiter().GetResult(); return Verdict.Accept; }\nasync System.Threading.Tasks.Task<int> Ask(string text)\n{\n    await System.Threading.Tasks.Task.Yield();\n    seen++;\n    return text.Length; // HERE\n}\nint seen;",
        "int seen;\nVerdict Apply(ref Frame frame)\n{\n    seen++;\n    return this[9];\n}\nVerdict this[int i] => Verdict.Accept;",
        "Verdict Apply(ref Frame frame)\n{\n#line 300\n    int[] none = null;\n    return (Verdict)none[0]; // LINE 301\n}",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Bodies))]
    public void InTheBodyOfApply(string body) => AssertLine($$"""
        // U12: every kind of exception.
        int calls = 0, seen = 0;
        int[] table = new int[4];
        List<string> names = ["a", "b"];
        Verdict Apply(ref Frame frame)
        {
            calls = 1;
        {{body}}
        }
        bool Passes(Exception e)
        {
            seen++;
            return false;
        }
        int Twice(int x)
        {
            seen++;
            return 2 * x;
        }
        int Deep(int levels)
        {
            if (levels == 0)
                return names[7].Length;{{(body.Contains("Deep", StringComparison.Ordinal) ? " // HERE" : "")}}
            return Deep(levels - 1) + 1;
        }
        IEnumerable<int> Endless()
        {
            for (int i = 0; ; i++)
            {
                try
                {
                    yield return table[i];{{(body.Contains("Endless", StringComparison.Ordinal) ? " // HERE" : "")}}
                }
                finally
                {
                    seen++;
                }
            }
        }
        class Closing : IDisposable
        {
            int _closed;
            public void Dispose()
            {
                _closed++;
            }
        }
        class Nested
        {
            public Nested(int value)
            {
                Value = value;
                Value++;
            }
            public int Value { get; }
        }
        class Odd
        {
            public override int GetHashCode()
            {
                int hash = 1;
                return hash;
            }
        }
        """);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void InAScript(string script)
    {
        // What does not compile says nothing about lines.
        if (RuleCompiler.Compile(_folder.Write("10-x.csx", script)).Succeeded)
            AssertLine(script);
    }

    private void AssertLine(string script)
    {
        string[] lines = script.Split('\n');
        int here = Array.FindIndex(lines, line => line.Contains("// HERE", StringComparison.Ordinal));
        Assert.Equal($"10-x.csx:{(here < 0 ? 301 : here + 1)}", Fault(script).At);
    }

    private RuleFault Fault(string script)
    {
        using LoadedRule rule = _folder.Load("10-x.csx", script);
        var entry = new RuleEntry("10-x", rule.Rule, rule.Globals);
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(new byte[60], LinkType.Ethernet, Side.Left);
        var chain = new RuleChain([entry]);
        chain.Run(buffer, new RuleCall { Chain = chain }, 0, new RuleFaults(FaultPolicy.Pass, 16, new BridgeJournal()));
        Assert.NotNull(entry.LastFault);
        return entry.LastFault;
    }
}
