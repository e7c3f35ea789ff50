using System.Globalization;
using Fluke6.Flows;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Dashboard.Model;

/// <summary>
/// Words, all of which a flow must match: an address, a prefix (<c>2001:db8::/32</c>, <c>192.0.2.0/24</c>), a port (<c>80</c> or <c>:80</c>),
/// a protocol, a TCP state, a rule's name or part of one, or part of an address as it is written.
/// </summary>
internal sealed class FlowFilterText
{
    private readonly List<FlowFilter> _words = [];
    private readonly RuleNames _names;

    public FlowFilterText(string text, RuleNames names)
    {
        Text = text;
        _names = names;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            _words.Add(Word(word));
    }

    /// <summary>As it was typed.</summary>
    public string Text { get; }

    /// <summary>Whether a flow matches all words.</summary>
    public bool Matches(in FlowSnapshot flow)
    {
        foreach (FlowFilter word in _words)
        {
            if (!word(flow))
                return false;
        }

        return true;
    }

    private FlowFilter Word(string word)
    {
        if (ushort.TryParse(word.TrimStart(':'), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            return (in FlowSnapshot flow) => flow.Source.Port == port || flow.Destination.Port == port;

        int slash = word.IndexOf('/');
        if (slash > 0 && int.TryParse(word.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length))
        {
            if (length <= 128 && Ipv6Address.TryParse(word.AsSpan(0, slash), CultureInfo.InvariantCulture, out Ipv6Address address6))
            {
                var prefix = new Ipv6Prefix(address6, length);
                return (in FlowSnapshot flow) => flow.Key.Family == FlowFamily.Ipv6
                    && (prefix.Contains(flow.Source.Ipv6) || prefix.Contains(flow.Destination.Ipv6));
            }

            if (length <= 32 && Ipv4Address.TryParse(word.AsSpan(0, slash), CultureInfo.InvariantCulture, out Ipv4Address address4))
            {
                uint mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
                uint wanted = address4.Value & mask;
                return (in FlowSnapshot flow) => flow.Key.Family == FlowFamily.Ipv4
                    && ((flow.Source.Ipv4.Value & mask) == wanted || (flow.Destination.Ipv4.Value & mask) == wanted);
            }
        }

        if (Ipv6Address.TryParse(word, CultureInfo.InvariantCulture, out Ipv6Address whole))
            return (in FlowSnapshot flow) => flow.Key.Family == FlowFamily.Ipv6 && (flow.Source.Ipv6 == whole || flow.Destination.Ipv6 == whole);

        return (in FlowSnapshot flow) => SaysSomewhere(flow, word);
    }

    private bool SaysSomewhere(in FlowSnapshot flow, string word) =>
        flow.Key.ProtocolName.Equals(word, StringComparison.OrdinalIgnoreCase)
        || FlowText.State(flow.State).Equals(word, StringComparison.OrdinalIgnoreCase)
        || _names.In(flow.Rules).Any(name => name.Contains(word, StringComparison.OrdinalIgnoreCase))
        || flow.Source.ToString().Contains(word, StringComparison.OrdinalIgnoreCase)
        || flow.Destination.ToString().Contains(word, StringComparison.OrdinalIgnoreCase);
}
