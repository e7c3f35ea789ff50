using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary>A fault of the dashboard itself costs neither the bridge nor the terminal.</summary>
public sealed class ScreenFailureTests : BridgedHosts
{
    // No note of the bridge's own breaks the log: this one comes by reflection, with diagnostics that cannot be enumerated.
    private const string WriteNote = "Write(\"ReloadNote\", \"nobody\", false, 0.0, new Broken());";
    private const string WriteNotes = """
        using System.Reflection;
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy;
        object globals = ((Action<string>)Log).Target!;
        object services = globals.GetType().BaseType!.GetFields(Any).Select(field => field.GetValue(globals)).First(value => value?.GetType().Name == "RuleServices")!;
        object journal = services.GetType().GetProperty("Journal", Any)!.GetValue(services)!;
        Type TypeOf(string name) => journal.GetType().Assembly.GetType($"Fluke6.Journal.{name}")!;
        void Write(string note, params object?[] values) =>
            journal.GetType().GetMethod("Add", Any, [TypeOf("JournalNote")])!.Invoke(journal, [TypeOf(note).GetConstructors()[0].Invoke(values)]);
        sealed class Broken : IReadOnlyList<string>
        {
            public int Count => 1;
            public string this[int index] => throw new NullReferenceException();
            public IEnumerator<string> GetEnumerator() => throw new NullReferenceException();
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }
        void Apply(ref Frame frame) { }

        """;

    [Fact]
    public void OpensAnewAndSaysWhere()
    {
        Rules.Write("a.csx", WriteNotes + WriteNote);
        using TerminalScreen screen = Open(width: 200, height: 50);
        screen.WaitFor("dashboard: it failed and was opened anew, please report this: NullReferenceException: ");
        screen.WaitFor("at Fluke6.Dashboard.");
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, "a +live +[1-9]"), "frames that pass");
        screen.Quit();
    }

    [Fact]
    public void BridgeGoesOnWithoutAScreenThatFailsAgainAndAgain()
    {
        Rules.Write("a.csx", WriteNotes + $"for (int i = 0; i < 50; i++) {WriteNote}");
        using var screen = new TerminalScreen("", Command, 200, 50);
        screen.WaitFor("the bridge goes on without it, as with --headless: Ctrl-C ends it");
        Assert.False(screen.IsOpen);
        _namespaces.Address(Left, "eth0", LeftAddress, LeftAddress6);
        _namespaces.Address(Right, "eth0", RightAddress, RightAddress6);
        Ping();
        screen.Press("C-c");
        Assert.Equal(0, screen.WaitForEnd());
        screen.WaitFor("stopped after");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void NoKeysAtAnySizeMakeItFail(int seed)
    {
        Rules.Write("a.csx", StripSack);
        Rules.Write("b.csx", """
            int count;
            void Apply(ref Frame frame) => Log(string.Join(' ', Enumerable.Range(0, count++ % 100)));
            """);
        using TerminalScreen screen = Open("EDITOR=true");
        var random = new Random(seed);
        string[] keys = ["Tab", "BTab", "Up", "Down", "Left", "Right", "PageUp", "PageDown", "Home", "End", "Enter", "Escape", "Space", "j", "k", "+", "-", "r", "s", "S", "N", "p", "z", "m", "/", "?", "F1", "M-x"];
        for (int round = 0; round < 25; round++)
        {
            screen.Resize(random.Next(4, 220), random.Next(2, 60));
            screen.Press([.. Enumerable.Range(0, 40).Select(_ => keys[random.Next(keys.Length)])]);
            if (round % 5 == 0)
                Ping();
            screen.Click(random.Next(80), random.Next(24));
            screen.Wheel(random.Next(80), random.Next(24), random.Next(2) == 0);
        }

        screen.Resize(200, 50);
        screen.Press("Escape", "Escape", "Escape");
        screen.WaitFor(text => Regex.IsMatch(text, "Log"), "the log");
        Assert.DoesNotContain("it failed and was opened anew", screen.Text, StringComparison.Ordinal);
        screen.Quit();
    }
}
