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
        using var live = new LiveBridge(null, ("prefix", value));
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
        using var live = new LiveBridge(null, ("prefix", "ten"));
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
        using var live = new LiveBridge(null, (key, "10.9.0.0/24"), ("prefix", "2001:db8:9::/64"));
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
        using var live = new LiveBridge(null, ("20-six.prefix", "10.9.0.0/24"), ("prefix", "10.9.0.0/24"));
        live.Folder.Write("10-four.csx", Ipv4);
        live.Folder.Write("20-six.csx", Ipv6);
        Assert.Matches(@"^20-six\.csx\(1,\d+\): error FLUKE002: FormatException: --set 20-six\.prefix=10\.9\.0\.0/24: ", Assert.Single(live.Start()).ToString());
    }

    [Fact]
    public void WhatNoRuleAsksForIsUnusedAlsoWhereItIsForOneRule()
    {
        using var live = new LiveBridge(
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
        using var live = new LiveBridge(null, ("addresses", "2001:db8::1,2001:db8::2"));
        live.Folder.Write("10-four.csx", "var all = Param(\"addresses\", new[] { Ipv4Address.Parse(\"192.0.2.1\") });\nvoid Apply(ref Frame frame) { }\n");
        live.Folder.Write("20-six.csx", "var all = Param(\"addresses\", new[] { Ipv6Address.Parse(\"::1\") });\nvoid Apply(ref Frame frame) { }\n");
        Assert.False(Assert.Single(live.Start()).IsError);
        Assert.Equal("192.0.2.1", live.Rule("10-four").Context!.Parameters["addresses"]);
        Assert.Equal("2001:db8::1,2001:db8::2", live.Rule("20-six").Context!.Parameters["addresses"]);
    }

    [Fact]
    public void WhatNoRuleCanEverAskForIsUnknownWithTheNameThatWasMeant()
    {
        using var live = new LiveBridge(
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
        using var live = new LiveBridge(null, ("mms", "1300"));
        if (script is not null)
            live.Folder.Write("10-x.csx", script);
        live.Start();
        Assert.Equal(["mms"], live.Rules.UnusedParameters);
        Assert.Empty(live.Rules.UnknownParameters);
    }

    [Fact]
    public void WithoutAnyRuleEveryParameterIsUnknown()
    {
        using var live = new LiveBridge();
        using var rules = new RuleSet(live.Bridge, [], new Dictionary<string, string> { ["mss"] = "1300" });
        Assert.Empty(rules.LoadAll());
        Assert.Equal([("mss", null)], rules.UnknownParameters);
    }
}
