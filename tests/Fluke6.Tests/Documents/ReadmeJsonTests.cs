using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Snapshots;

namespace Fluke6.Command.Tests.Documents;

/// <summary>The fields that the README promises to programs are those that are written, each way.</summary>
public sealed partial class ReadmeJsonTests
{
    private static readonly string[] s_named =
        [.. MarkdownDocument.Readme.Spans.Where(span => span.Section == "For programs" && Name().IsMatch(span.Text)).Select(span => span.Text).Distinct()];

    private static readonly string[] s_fields =
    [
        "ready", "stats", "address", "port",
        .. typeof(BridgeEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => (string)kind.TypeDiscriminator!),
        .. FieldsOf([typeof(BridgeSnapshot), typeof(ReadyRecord), .. typeof(BridgeEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => kind.DerivedType)]),
    ];

    // Those that stand in a snapshot only where a client of the socket asks for them.
    private static readonly string[] s_namedForTheSocket =
        [.. Code().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs/control.md"))).Select(match => match.Groups[1].Value)];

    // What is not a field's name is the value of one.
    private static readonly string[] s_values =
        [.. Enum.GetNames<PortState>(), .. Enum.GetNames<RuleState>(), .. Enum.GetNames<TcpState>(), "type"];

    // Names of counts, one of which stands there for each reason that there was.
    private static readonly string[] s_reasons = [.. Enum.GetNames<ReceiveLoss>().Select(Camel)];

    [Fact]
    public void WhatTheReadmeNamesIsWritten() => Assert.Empty(s_named.Except(s_fields).Except(s_values.Select(Camel)).Except(s_reasons).Order());

    [Fact]
    public void WhatIsWrittenTheReadmeNames() => Assert.Empty(s_fields.Concat(s_reasons).Except(s_named).Except(s_namedForTheSocket).Order());

    private static string Camel(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);

    [GeneratedRegex(@"^[a-z]\w*$")]
    private static partial Regex Name();

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Code();

    private static IEnumerable<string> FieldsOf(IEnumerable<Type> types)
    {
        var names = new HashSet<string>();
        var seen = new HashSet<Type>();
        var next = new Stack<Type>(types);
        while (next.TryPop(out Type? type))
        {
            if (type.IsGenericType)
                Array.ForEach(type.GetGenericArguments(), next.Push);
            // What is not one of these is a number, a text, a list, or has a converter.
            if (type.Namespace != typeof(BridgeSnapshot).Namespace || !seen.Add(type))
                continue;

            foreach (JsonPropertyInfo property in SnapshotJson.Default.GetTypeInfo(type)!.Properties.Where(property => property.Get is not null))
            {
                names.Add(property.Name);
                next.Push(property.PropertyType);
            }
        }

        return names;
    }
}
