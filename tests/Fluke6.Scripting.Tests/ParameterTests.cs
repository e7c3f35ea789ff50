using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>Parameters for all rules and for one.</summary>
public sealed class ParameterTests
{
    private const string Ipv4 = "var prefix = Param(\"prefix\", Ipv4Prefix.Parse(\"10.5.0.0/24\"));\nvoid Apply(ref Frame frame) { }\n";
    private const string Ipv6 = "var prefix = Param(\"prefix\", Ipv6Prefix.Parse(\"2001:db8:5::/64\"));\nvoid Apply(ref Frame frame) { }\n";

    [Theory]
    [InlineData("10.9.0.0/24", "10.9.0.0/24", "2001:db8:5::/64", "20-six")]
    [InlineData("2001:db8:9::/64", "10.5.0.0/24", "2001:db8:9::/64", "10-four")]
    public void ValueForAllRulesGoesToThoseThatItFitsAndTheOthersKeepTheirDefaults(string value, string four, string six, string warned)
    {
        using var live = new ScriptedBridge(null, ("prefix", value));
        live.Folder.Write("10-four.csx", Ipv4);
        live.Folder.Write("20-six.csx", Ipv6);
        RuleDiagnostic warning = Assert.Single(live.Start());
        Assert.False(warning.IsError);
        Assert.Equal($"{warned}.csx", warning.File);
        Assert.Equal(
            $"--set prefix={value} does not fit this rule, which keeps its default; type --set {warned}.prefix=... for this one alone", warning.Message);
        Assert.Equal(four, live.Rule("10-four").Context!.Parameters["prefix"]);
        Assert.Equal(six, live.Rule("20-six").Context!.Parameters["prefix"]);
        Assert.Empty(live.Rules.UnusedParameters);

        // Saved anew, it keeps its default again, and says so in the log.
        Assert.True(live.Save($"{warned}.csx", "// again\n" + (warned == "20-six" ? Ipv6 : Ipv4)).Ok);
        Assert.Contains(live.Notes.OfType<LogNote>(), note => note.Rule == warned && note.Message == warning.Message);
    }

    [Fact]
    public void ValueThatFitsNoRuleIsAnErrorOfEach()
    {
        using var live = new ScriptedBridge(null, ("prefix", "ten"));
        live.Folder.Write("10-four.csx", Ipv4);
        live.Folder.Write("20-six.csx", Ipv6);
        IReadOnlyList<RuleDiagnostic> errors = live.Start();
        Assert.Equal(2, errors.Count);
        Assert.All(errors, error => Assert.StartsWith("FormatException: --set prefix=ten: ", error.Message));
        Assert.All(errors, error => Assert.True(error.IsError));
    }

    [Theory]
    [InlineData("10-four.prefix")]
    [InlineData("four.prefix")]
    public void ValueForOneRuleGoesBeforeTheOneForAll(string key)
    {
        using var live = new ScriptedBridge(null, (key, "10.9.0.0/24"), ("prefix", "2001:db8:9::/64"));
        live.Folder.Write("10-four.csx", Ipv4);
        live.Folder.Write("20-six.csx", Ipv6);
        Assert.Empty(live.Start());
        Assert.Equal("10.9.0.0/24", live.Rule("10-four").Context!.Parameters["prefix"]);
        Assert.Equal("2001:db8:9::/64", live.Rule("20-six").Context!.Parameters["prefix"]);
        Assert.Empty(live.Rules.UnusedParameters);
    }

    [Fact]
    public void ValueForOneRuleThatDoesNotFitItIsAnError()
    {
        using var live = new ScriptedBridge(null, ("20-six.prefix", "10.9.0.0/24"), ("prefix", "10.9.0.0/24"));
        live.Folder.Write("10-four.csx", Ipv4);
        live.Folder.Write("20-six.csx", Ipv6);
        Assert.Matches(@"^20-six\.csx\(1,\d+\): error FLUKE002: FormatException: --set 20-six\.prefix=10\.9\.0\.0/24: ", Assert.Single(live.Start()).ToString());
    }

    [Fact]
    public void WhatNoRuleAsksForIsUnusedAlsoWhereItIsForOneRule()
    {
        using var live = new ScriptedBridge(
            null, ("four.prefix", "10.9.0.0/24"), ("six.prefix", "::/64"), ("four.mss", "1"), ("prefix", "10.8.0.0/24"), ("a.b.c", "2"));
        live.Folder.Write("10-four.csx", Ipv4);
        live.Folder.Write("30-a.b.csx", "var c = Param(\"c\", 1);\nvoid Apply(ref Frame frame) { }\n");
        Assert.Empty(live.Start());
        // The one for all is not read either, since the only rule that asks has one of its own.
        Assert.Equal(["four.mss", "prefix", "six.prefix"], live.Rules.UnusedParameters);
        Assert.Equal("2", live.Rule("30-a.b").Context!.Parameters["c"]);
    }

    [Fact]
    public void ListThatDoesNotFitKeepsTheDefault()
    {
        using var live = new ScriptedBridge(null, ("addresses", "2001:db8::1,2001:db8::2"));
        live.Folder.Write("10-four.csx", "var all = Param(\"addresses\", new[] { Ipv4Address.Parse(\"192.0.2.1\") });\nvoid Apply(ref Frame frame) { }\n");
        live.Folder.Write("20-six.csx", "var all = Param(\"addresses\", new[] { Ipv6Address.Parse(\"::1\") });\nvoid Apply(ref Frame frame) { }\n");
        Assert.False(Assert.Single(live.Start()).IsError);
        Assert.Equal("192.0.2.1", live.Rule("10-four").Context!.Parameters["addresses"]);
        Assert.Equal("2001:db8::1,2001:db8::2", live.Rule("20-six").Context!.Parameters["addresses"]);
    }

    [Fact]
    public void WhatNoRuleCanEverAskForIsUnknownWithTheNameThatWasMeant()
    {
        using var live = new ScriptedBridge(
            null, ("mms", "1300"), ("four.prefix", "10.9.0.0/24"), ("fuor.prefix", "10.9.0.0/24"), ("rate", "1"), ("late", "2"), ("prefix", "10.8.0.0/24"));
        live.Folder.Write("10-four.csx", Ipv4);
        live.Folder.Write("20-loads.csx", "#load \"more.inc\"\nvoid Apply(ref Frame frame) { }\n");
        live.Folder.Write("more.inc", "int mss = Param(\"mss\", 1220);\n");
        // Asked for only once a frame came, and only if another parameter says so.
        live.Folder.Write("30-late.csx", "const string Name = \"late\";\nvoid Apply(ref Frame frame) { if (Param(\"on\", false)) Log($\"{Param<int>(Name, 1)}\"); }\n");
        Assert.Empty(live.Start());
        Assert.Equal([("fuor.prefix", "four.prefix"), ("mms", "mss"), ("rate", "late")], live.Rules.UnknownParameters);
        Assert.Equal(["fuor.prefix", "late", "mms", "prefix", "rate"], live.Rules.UnusedParameters);
    }

    [Theory]
    // The name is made up as the rule runs; the rule does not compile; the folder is still to be filled.
    [InlineData("int x = Param($\"m{1 + 1}\", 1);\nvoid Apply(ref Frame frame) { }\n")]
    [InlineData("T Ask<T>(string name, T other) where T : ISpanParsable<T> => Param(name, other);\nvoid Apply(ref Frame frame) { }\n")]
    [InlineData("int x = Param(\"mss\", 1)\nvoid Apply(ref Frame frame) { }\n")]
    [InlineData(null)]
    public void WhatARuleMayAskForYetIsNotUnknown(string? script)
    {
        using var live = new ScriptedBridge(null, ("mms", "1300"));
        if (script is not null)
            live.Folder.Write("10-x.csx", script);
        live.Start();
        Assert.Equal(["mms"], live.Rules.UnusedParameters);
        Assert.Empty(live.Rules.UnknownParameters);
    }

    [Fact]
    public void WithoutAnyRuleEveryParameterIsUnknown()
    {
        using var live = new ScriptedBridge();
        using var rules = new RuleSet(live.Bridge, [], new Dictionary<string, string> { ["mss"] = "1300" });
        Assert.Empty(rules.LoadAll());
        Assert.Equal([("mss", null)], rules.UnknownParameters);
    }

    private const string Clamp = "var mss = Param<ushort>(\"mss\", 1220, \"the largest MSS\", 536, 9000);\nvoid Apply(ref Frame frame) { }\n";

    [Theory]
    [InlineData("535")]
    [InlineData("9001")]
    [InlineData("70000")]
    [InlineData("-1")]
    [InlineData("many")]
    public void ValueOutOfItsRangeIsAnErrorThatNamesTheRangeAndTheRule(string value)
    {
        using var live = new ScriptedBridge(null, ("mss", value));
        live.Folder.Write("10-clamp.csx", Clamp);
        Assert.Equal($"10-clamp.csx(1,11): error FLUKE002: FormatException: --set mss={value}: 10-clamp takes 536 to 9000", $"{Assert.Single(live.Start())}");
    }

    [Theory]
    [InlineData("536")]
    [InlineData("9000")]
    public void EndsOfARangeAreInIt(string value)
    {
        using var live = new ScriptedBridge(null, ("mss", value));
        live.Folder.Write("10-clamp.csx", Clamp);
        Assert.Empty(live.Start());
        Assert.Equal(value, live.Rule("10-clamp").Context!.Parameters["mss"]);
    }

    [Fact]
    public void ValueForAllRulesMayBeOutOfTheRangeOfOne()
    {
        using var live = new ScriptedBridge(null, ("mss", "100"));
        live.Folder.Write("10-clamp.csx", Clamp);
        live.Folder.Write("20-any.csx", "var mss = Param(\"mss\", 1);\nvoid Apply(ref Frame frame) { }\n");
        Assert.False(Assert.Single(live.Start()).IsError);
        Assert.Equal("1220", live.Rule("10-clamp").Context!.Parameters["mss"]);
        Assert.Equal("100", live.Rule("20-any").Context!.Parameters["mss"]);
    }

    [Fact]
    public void EachValueOfAListIsWithinTheRange()
    {
        using var live = new ScriptedBridge(null, ("ports", "80,0"));
        live.Folder.Write("10-x.csx", "var ports = Param(\"ports\", new[] { 443 }, \"which ports\", 1, 65535);\nvoid Apply(ref Frame frame) { }\n");
        Assert.EndsWith("--set ports=0: 10-x takes 1 to 65535", $"{Assert.Single(live.Start())}".Replace("ports=80,0", "ports=0", StringComparison.Ordinal));
    }

    [Fact]
    public void DefaultOutOfTheRangeIsAnErrorWhateverIsGiven()
    {
        using var live = new ScriptedBridge(null, ("mss", "1000"));
        live.Folder.Write("10-x.csx", "var mss = Param(\"mss\", 70, \"the largest MSS\", 536, 9000);\nvoid Apply(ref Frame frame) { }\n");
        Assert.EndsWith("ArgumentException: Param(\"mss\"): the default, 70, is not from 536 to 9000", $"{Assert.Single(live.Start())}");
    }

    [Fact]
    public void WhatThereIsToSetIsReadFromTheTextAlone()
    {
        using var folder = new ScriptFolder();
        CompiledRule rule = RuleCompiler.Compile(folder.Write("10-x.csx", """
            const int Most = 14;
            class Speaker(RuleContext rule) { public int Volume => rule.Param("volume", 7, maximum: 11, minimum: 0, description: "how loud"); }
            throw new Exception("nothing is run");
            var mac = Param("mac", MacAddress.Parse("02:00:00:00:00:06"), "who " + "speaks");
            var addresses = Param("addresses", new[] { Ipv6Address.Parse("::1"), Ipv6Address.AllNodes });
            var shift = Param<byte>("shift", 0x2, "how far", 0, Most);
            var edns = Param("edns", true);
            var names = Param<DnsName>("names", []);
            var again = Param("edns", false, "described once");
            void Apply(ref Frame frame) => Param("rate", 0.5);
            """));
        Assert.DoesNotContain(rule.Diagnostics, diagnostic => diagnostic.IsError);
        Assert.Equal(
            [
                new AskedParameter("addresses", "Ipv6Address,...", "::1,Ipv6Address.AllNodes", "", ""),
                new AskedParameter("edns", "bool", "false", "", "described once"),
                new AskedParameter("mac", "MacAddress", "02:00:00:00:00:06", "", "who speaks"),
                new AskedParameter("names", "DnsName,...", "", "", ""),
                new AskedParameter("rate", "double", "0.5", "", ""),
                new AskedParameter("shift", "byte", "2", "0 to 14", "how far"),
                new AskedParameter("volume", "int", "7", "0 to 11", "how loud"),
            ],
            rule.Parameters);
    }

    [Fact]
    public void EveryParameterOfTheExamplesIsDescribed()
    {
        string[] examples = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Examples"), "*.csx");
        Assert.NotEmpty(examples);
        AskedParameter[] parameters = [.. examples.SelectMany(path => RuleCompiler.Compile(path).Parameters!)];
        Assert.Contains(parameters, parameter => parameter is { Name: "mss", Range: "1 to 65535" });
        Assert.DoesNotContain(parameters, parameter => parameter.Description.Length == 0);
    }
}
