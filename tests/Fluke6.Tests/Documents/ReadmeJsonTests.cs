using System.Text.RegularExpressions;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Ports;

namespace Fluke6.Command.Tests.Documents;

/// <summary>The fields that the README promises to programs are those that are written, each way.</summary>
public sealed partial class ReadmeJsonTests
{
    private static readonly string[] s_named =
        [.. MarkdownDocument.Readme.Spans.Where(span => span.Section == "For programs" && Name().IsMatch(span.Text)).Select(span => span.Text).Distinct()];

    private static readonly string[] s_fields =
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Reports"), "*.cs").Select(File.ReadAllText)
            .Where(source => source.Contains("Utf8JsonWriter", StringComparison.Ordinal))
            .SelectMany(source => Field().Matches(source).Select(match => match.Groups[1].Value)).Concat(Enum.GetNames<TcpFeature>().Select(Camel)).Distinct()];

    // What is not a field's name is the value of one.
    private static readonly string[] s_values =
        [.. Enum.GetNames<PortState>(), .. Enum.GetNames<RuleState>(), .. Enum.GetNames<TcpState>(), "type"];

    // Names of counts, one of which stands there for each reason that there was.
    private static readonly string[] s_reasons = [.. Enum.GetNames<ReceiveLoss>().Select(Camel)];

    [Fact]
    public void WhatTheReadmeNamesIsWritten() => Assert.Empty(s_named.Except(s_fields).Except(s_values.Select(Camel)).Except(s_reasons).Order());

    [Fact]
    public void WhatIsWrittenTheReadmeNames() => Assert.Empty(s_fields.Concat(s_reasons).Except(s_named).Order());

    private static string Camel(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);

    [GeneratedRegex(@"^[a-z]\w*$")]
    private static partial Regex Name();

    // json.WriteNumber("name", ...), and the methods that write a part: WriteOffer(json, "name", ...), Write("type", json => ...).
    [GeneratedRegex("\\bWrite\\w*\\((?:json, )?\"(\\w+)\"")]
    private static partial Regex Field();
}
