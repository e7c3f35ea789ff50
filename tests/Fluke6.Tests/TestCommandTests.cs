using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Fluke6.Command.Tests;

/// <summary>Tests beside rules say what is wrong, and in which fields.</summary>
public sealed class TestCommandTests : IDisposable
{
    private const string Syn = """
        left
          0200000000020200000000010800
          4500003c1c46400040069a72c0000201c0000202
          9c401f901122334400000000a002faf0e6920000020405b40402080a0001e2400000000001030307

        """;

    private const string Arp = "ffffffffffff02000000000108060001080006040001020000000001c0000201000000000000c0000202";

    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ExamplesPassTheirTests()
    {
        string[] files = Directory.GetFiles(FlukeProcess.Examples, "*.test");
        Assert.Equal(
            Directory.GetFiles(FlukeProcess.Examples, "*.csx").Select(Path.GetFileNameWithoutExtension).Order(),
            files.Select(Path.GetFileNameWithoutExtension).Order());
        int tests = files.SelectMany(File.ReadLines).Count(line => line.StartsWith("## ", StringComparison.Ordinal));

        using var fluke = new FlukeProcess("test", FlukeProcess.Examples);

        Assert.Equal(0, fluke.WaitForExit(TimeSpan.FromMinutes(5)));
        Assert.Equal([$"{tests} passed, 0 failed"], fluke.Output);
    }

    [Fact]
    public void ReadmesTestPasses()
    {
        File.Copy(FlukeProcess.Example("tcp-clamp-mss"), Path.Combine(_folder.Path, "clamp.csx"));
        _folder.Write("clamp.test", Documents.MarkdownDocument.Readme.Blocks.Single(block => block.Text.StartsWith("## SYN", StringComparison.Ordinal)).Text);

        Assert.Equal(["1 passed, 0 failed"], Run(_folder.Path).Output);
    }

    [Fact]
    public void RuleThatDoesNotReturnFailsItsTestAndTheOthersGoOn()
    {
        _folder.Write("hang.csx", """
            void Apply(ref Frame frame)
            {
                while (frame.Length == 74)
                {
                }
            }
            """);
        string file = _folder.Write("hang.test", $"## hangs\n{Syn}out right same\n\n## passes\nleft\n  {Arp}\nout right same\n");

        (int status, string[] output, _) = Run(_folder.Path);

        Assert.Equal(1, status);
        Assert.Equal($"FAILED {file}:1: hangs", output[0]);
        Assert.Matches(@"^  .*hang\.test:2: rule hang did not return within 10 s at hang\.csx:[3-5]$", output[1]);
        Assert.Equal("1 passed, 1 failed", output[^1]);
    }

    [Fact]
    public void FuzzingFindsWhatBreaksWithTheFewestChangesAndTheSameEachTime()
    {
        _folder.Write("last.csx", """
            void Apply(ref Frame frame)
            {
                if (frame.Length == 74 && frame.Octets[73] != 7)
                    throw new InvalidOperationException("not 7");
            }
            """);
        _folder.Write("last.test", $"## passes\n{Syn}out right same\n");

        (int status, string[] output, _) = Run(_folder.Path, "--fuzz", "5000", "--seed", "3");

        Assert.Equal(1, status);
        Assert.Contains("with this frame instead, last threw at last.csx:4: InvalidOperationException: not 7: ", output[1]);
        string original = string.Concat(Syn.Split('\n')[1..].Select(line => line.Trim()));
        Assert.StartsWith(original[..^2], output[1].Split(": ")[^1]);
        Assert.Equal("1 passed, 1 failed", output[^1]);
        Assert.Equal(output, Run(_folder.Path, "--fuzz", "5000", "--seed", "3").Output);
        Assert.Equal((0, "1 passed, 0 failed"), (Run(_folder.Path).Status, Run(_folder.Path).Output[^1]));
    }

    [Fact]
    public void RulesThatAllocateFailUnlessTheTestAllowsIt()
    {
        _folder.Write("new.csx", "byte[] last = [];\nvoid Apply(ref Frame frame) => last = new byte[100];\n");
        string file = _folder.Write("new.test", $"## not allowed\nleft\n  {Arp}\nout right same\n\n## allowed\nallocates\nleft\n  {Arp}\nout right same\n");

        (int status, string[] output, _) = Run(_folder.Path);

        Assert.Equal(1, status);
        Assert.Matches($@"^  {Regex.Escape(file)}:1: the rules allocate 1[0-9]{{2}} bytes for these frames; write 'allocates' if they may$", output[1]);
        Assert.Equal("1 passed, 1 failed", output[^1]);
    }

    [Fact]
    public void JUnitsFileCountsTheTests()
    {
        File.Copy(FlukeProcess.Example("tcp-clamp-mss"), Path.Combine(_folder.Path, "clamp.csx"));
        string file = _folder.Write("clamp.test", $"## <clamped> & \u0001\n{Syn}out right same\n\n## passed\nset mss=1460\n{Syn}out right same\n");
        string path = Path.Combine(_folder.Path, "results.xml");

        Assert.Equal(1, Run(_folder.Path, "--junit", path).Status);

        XElement suites = XDocument.Load(path).Root!, suite = suites.Element("testsuite")!;
        Assert.Equal(("2", "1"), (suites.Attribute("tests")!.Value, suites.Attribute("failures")!.Value));
        Assert.Equal((file, "2", "1"), (suite.Attribute("name")!.Value, suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
        XElement[] cases = [.. suite.Elements("testcase")];
        Assert.StartsWith("<clamped> & ", cases[0].Attribute("name")!.Value);
        Assert.Contains("mss 1460 → 1220", cases[0].Element("failure")!.Value);
        Assert.Null(cases[1].Element("failure"));
    }

    [Fact]
    public void FailureShowsBothFramesAndTheFieldsThatDiffer()
    {
        File.Copy(FlukeProcess.Example("tcp-clamp-mss"), Path.Combine(_folder.Path, "clamp.csx"));
        string file = _folder.Write("clamp.test", $"## clamped\n{Syn}out right same\n\n## passed\nset mss=1460\n{Syn}out right same\n");

        (int status, string[] output, string[] errors) = Run(_folder.Path);

        Assert.Equal(1, status);
        Assert.Empty(errors);
        Assert.Equal($"FAILED {file}:1: clamped", output[0]);
        Assert.StartsWith($"  {file}:6: another frame departed to the right", output[1]);
        Assert.Contains("mss 1460", output[2]);
        Assert.Contains("mss 1220", output[3]);
        Assert.Equal("      tcp option mss 1460 → 1220", output[4]);
        Assert.Equal("1 passed, 1 failed", output[^1]);
    }

    [Fact]
    public void UpdateRewritesWhatComesOutOtherwiseAndNothingElse()
    {
        File.Copy(FlukeProcess.Example("tcp-clamp-mss"), Path.Combine(_folder.Path, "clamp.csx"));
        string passed = $"## passed\nset mss=1460\n{Syn}out right same   # as it was\n";
        string file = _folder.Write("clamp.test", $"{passed}\n## clamped\n{Syn}verdict Drop\nhits 7\n\n# stays\n");

        (int status, string[] output, _) = Run(_folder.Path, "--update");

        Assert.Equal(0, status);
        Assert.Equal([$"updated {file}: clamped", "2 passed, 0 failed"], output);
        Assert.StartsWith(passed, File.ReadAllText(file));
        Assert.EndsWith("\nhits 1\n\n# stays\n", File.ReadAllText(file));
        Assert.Equal(["2 passed, 0 failed"], Run(_folder.Path, "--update").Output);
    }

    [Fact]
    public void RecordAddsATestAndLeavesTheOthers()
    {
        string capture = Path.Combine(AppContext.BaseDirectory, "Captures", "frames.pcap");
        string rule = _folder.Write("all.csx", "Verdict Apply(ref Frame frame) => frame.TryGetArp(out _) ? Verdict.Drop : Verdict.Continue;\n");
        string file = Path.Combine(_folder.Path, "all.test");

        (int status, string[] output, _) = Run(rule, "--record", capture);

        Assert.Equal((0, "1 passed, 0 failed"), (status, output[^1]));
        Assert.Matches($"^recorded [1-9][0-9]* frames of {Regex.Escape(capture)} in {Regex.Escape(file)}:1$", output[0]);
        Assert.Equal(["1 passed, 0 failed"], Run(file).Output);

        File.AppendAllText(file, $"\n## wrong\nleft\n  {Arp}\nout right same");
        (status, output, _) = Run(rule, "--record", capture);
        Assert.Equal((1, "2 passed, 1 failed"), (status, output[^1]));

        _folder.Write("all.csx", "Verdict Apply(ref Frame frame) => Verdict.Nonsense;");
        string before = File.ReadAllText(file);
        Assert.Equal(3, Run(rule, "--record", capture).Status);
        Assert.Equal(before, File.ReadAllText(file));
    }

    [Fact]
    public void WhatAlwaysHoldsIsCheckedWithoutAsking()
    {
        _folder.Write("bad.csx", """
            Verdict Apply(ref Frame frame)
            {
                if (frame.Length > 70)
                    throw new InvalidOperationException("no");
                return Verdict.Continue;
            }
            """);
        _folder.Write("bad.test", $"## throws\n{Syn}out right same\n");

        (int status, string[] output, _) = Run(_folder.Path);

        Assert.Equal(1, status);
        Assert.Contains(output, line => line.Contains("bad threw at bad.csx:4: InvalidOperationException: no", StringComparison.Ordinal));
    }

    [Fact]
    public void FramesMayStandInThePrintersWords()
    {
        const string Words = "IP (ttl 64, id 7238, DF) 192.0.2.1.40000 > 192.0.2.2.8080: Flags [S], seq 287454020, win 64000, options [mss {0}], length 0";
        File.Copy(FlukeProcess.Example("tcp-clamp-mss"), Path.Combine(_folder.Path, "clamp.csx"));
        string file = _folder.Write("clamp.test", $"""
            ## words
            ip
            left {Words.Replace("{0}", "1460", StringComparison.Ordinal)}
            out right {Words.Replace("{0}", "1220", StringComparison.Ordinal)}
            hits 1
            right IP6 (hlim 64, flowlabel 0x00012) 2001:db8::1.5 > 2001:db8::2.53: UDP, length 3
              010203
            out left same
            hits 1

            """);
        Assert.Equal((0, "1 passed, 0 failed"), (Run(file).Status, Run(file).Output[^1]));

        File.AppendAllText(file, "\n## none\nleft IP (ttl 64, id 1, DF) 192.0.2.1.1 > 192.0.2.2.2: Flags [Q], seq 1, win 1, length 0\n");
        (int status, _, string[] errors) = Run(file);
        Assert.Equal(2, status);
        Assert.Contains("not understood, or not as it would be printed", Assert.Single(errors));
    }

    [Fact]
    public void MistakesHaveTheirStatus()
    {
        _folder.Write("broken.csx", "Verdict Apply(ref Frame frame) => Verdict.Nonsense;");
        string file = _folder.Write("broken.test", "## x\nleft\n  zz\n");
        Assert.Equal(3, Run(_folder.Path).Status);
        File.Copy(FlukeProcess.Example("tcp-clamp-mss"), Path.Combine(_folder.Path, "broken.csx"), overwrite: true);
        (int status, _, string[] errors) = Run(_folder.Path);
        Assert.Equal((2, $"fluke6: {file}:3: not understood, or not as it would be printed: zz"), (status, Assert.Single(errors)));
    }

    [Fact]
    public void RuleThatEndsTheProgramIsNoSuccess()
    {
        _folder.Write("ends.csx", "Verdict Apply(ref Frame frame)\n{\n    Environment.Exit(0);\n    return Verdict.Continue;\n}\n");
        _folder.Write("ends.test", $"## ends\n{Syn}out right same\n");
        (int status, string[] output, string[] errors) = Run(_folder.Path);
        Assert.Equal((1, "fluke6: Environment.Exit(0) of a rule ended the program before the tests were done"), (status, Assert.Single(errors)));
        Assert.Empty(output);
    }

    [Fact]
    public void WhatCannotBeRunIsAMistakeOfUse()
    {
        string missing = Path.Combine(_folder.Path, "missing.test");
        Assert.Equal((2, $"fluke6: no file '{missing}' to take tests from"), Mistake(missing));
        Assert.Equal((2, $"fluke6: no file '*.test' in '{_folder.Path}' to take tests from"), Mistake(_folder.Path));
        Assert.Equal(2, Mistake().Status);
        Assert.StartsWith("fluke6: --record wants one rule", Mistake(_folder.Path, "--record", "in.pcap").Error);
        string alone = _folder.Write("alone.test", "## x\nend\n");
        Assert.StartsWith($"fluke6: no rule '{Path.Combine(_folder.Path, "alone.csx")}'", Mistake(alone).Error);
        Assert.StartsWith($"fluke6: '--junit {alone}' would overwrite rules or tests: name another file", Mistake(alone, "--junit", alone).Error);

        static (int Status, string Error) Mistake(params string[] arguments)
        {
            (int status, _, string[] errors) = Run(arguments);
            return (status, Assert.Single(errors));
        }
    }

    private static (int Status, string[] Output, string[] Errors) Run(params string[] arguments)
    {
        using FlukeProcess fluke = FlukeProcess.Unprivileged(["test", .. arguments]);
        int status = fluke.WaitForExit();
        return (status, [.. fluke.Output], [.. fluke.Errors]);
    }
}
