using System.Globalization;
using System.Text.RegularExpressions;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Snapshots;

/// <summary>
/// Words, all of which a flow must match: an address, a prefix (<c>2001:db8::/32</c>, <c>192.0.2.0/24</c>), a port (<c>80</c> or <c>:80</c>),
/// an address with a port, a protocol, a TCP state, a rule's name or part of one, or part of an address as it is written.
/// </summary>
internal sealed partial class FlowFilterText
{
    private static readonly string[] s_protocols = [.. Enum.GetNames<EtherType>(), .. Enum.GetNames<IpProtocol>(), "ICMP"];
    private static readonly string[] s_states = ["syn", "established", "closing", "closed", "reset"];
    private readonly List<Word> _words = [];
    private readonly RuleNames _names;

    /// <exception cref="FormatException">A word means nothing; the message says which and why, in one line.</exception>
    public FlowFilterText(string text, RuleNames names)
    {
        Text = text;
        _names = names;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            _words.Add(Read(word));
    }

    /// <summary>As it was typed.</summary>
    public string Text { get; }

    /// <summary>Whether a flow matches all words.</summary>
    public bool Matches<T>(in T flow)
        where T : struct, IFlowTraits
    {
        foreach (Word word in _words)
        {
            if (!(word.IsEnd is { } isEnd ? isEnd(flow.Source) || isEnd(flow.Destination) : SaysSomewhere(flow, word.Text)))
                return false;
        }

        return true;
    }

    /// <summary>Whether a flow matches all words.</summary>
    public bool Matches(FlowRecord flow) => Matches(new Traits(flow));

    private Word Read(string word)
    {
        if (long.TryParse(word.StartsWith(':') ? word.AsSpan(1) : word, NumberStyles.None, CultureInfo.InvariantCulture, out long port))
        {
            if (port > ushort.MaxValue)
                throw new FormatException($"no port is {port}; the last is {ushort.MaxValue}");
            return new Word(word, end => end.Port == port);
        }

        if (word.Contains('/'))
            return new Word(word, Prefix(word));
        if (Whole(word) is { } whole)
            return new Word(word, whole);
        if (!MeansSomething(word))
            throw new FormatException($"'{word}' is no address, prefix, port, protocol, TCP state, nor {Rule}");

        return new Word(word, null);
    }

    // A whole address is that one and no longer one: 10.0.0.2 is not 10.0.0.20.
    private static Predicate<FlowEndpoint>? Whole(string word)
    {
        if (Address(word) is { } address)
            return address;

        int colon = word.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(word.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            && Address(word.AsSpan(0, colon).Trim("[]")) is { } host
            ? end => end.Port == port && host(end)
            : null;
    }

    private static Predicate<FlowEndpoint>? Address(ReadOnlySpan<char> text)
    {
        if (Ipv4Address.TryParse(text, CultureInfo.InvariantCulture, out Ipv4Address address4))
            return end => end.Family == FlowFamily.Ipv4 && end.Ipv4 == address4;
        if (Ipv6Address.TryParse(text, CultureInfo.InvariantCulture, out Ipv6Address address6))
            return end => end.Family == FlowFamily.Ipv6 && end.Ipv6 == address6;
        return null;
    }

    private static Predicate<FlowEndpoint> Prefix(string word)
    {
        int slash = word.IndexOf('/');
        ReadOnlySpan<char> address = word.AsSpan(0, slash), digits = word.AsSpan(slash + 1);
        bool is6 = Ipv6Address.TryParse(address, CultureInfo.InvariantCulture, out Ipv6Address address6);
        if (!Ipv4Address.TryParse(address, CultureInfo.InvariantCulture, out Ipv4Address address4) && !is6)
            throw new FormatException($"'{address}' in '{word}' is no address; a prefix is such as 192.0.2.0/24 or 2001:db8::/32");
        int most = is6 ? 128 : 32;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > most)
            throw new FormatException($"'{digits}' in '{word}' is no prefix length; it goes from 0 to {most}");

        if (is6)
        {
            var prefix = new Ipv6Prefix(address6, length);
            return end => end.Family == FlowFamily.Ipv6 && prefix.Contains(end.Ipv6);
        }

        uint mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
        uint wanted = address4.Value & mask;
        return end => end.Family == FlowFamily.Ipv4 && (end.Ipv4.Value & mask) == wanted;
    }

    // Only so many rules have a number of their own in flows.
    private string Rule => _names[RuleNames.Capacity - 2] is null ? "rule"
        : $"one of the first {RuleNames.Capacity - 1} rules; flows that the others hit say 'other rules'";

    // Whether some flow could say it. Without this a slip of the fingers would look like a network without traffic.
    private bool MeansSomething(string word) =>
        PartOfAddress().IsMatch(word)
        || s_protocols.Contains(word, StringComparer.OrdinalIgnoreCase)
        || s_states.Contains(word, StringComparer.OrdinalIgnoreCase)
        || _names.In(ulong.MaxValue).Any(name => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool SaysSomewhere<T>(in T flow, string word)
        where T : struct, IFlowTraits =>
        flow.Protocol.Equals(word, StringComparison.OrdinalIgnoreCase)
        || flow.StateInWords.Equals(word, StringComparison.OrdinalIgnoreCase)
        || flow.Rules.Any(name => name.Contains(word, StringComparison.OrdinalIgnoreCase))
        || flow.Source.ToString().Contains(word, StringComparison.OrdinalIgnoreCase)
        || flow.Destination.ToString().Contains(word, StringComparison.OrdinalIgnoreCase);

    // Also an EtherType or protocol that has no name here, such as 0x88cc.
    [GeneratedRegex(@"^(?:[0-9a-f.:\[\]]+|0x[0-9a-f]{1,4})$", RegexOptions.IgnoreCase)]
    private static partial Regex PartOfAddress();

    /// <summary>A word, and what an end must be that it names; null where it may stand anywhere.</summary>
    private readonly record struct Word(string Text, Predicate<FlowEndpoint>? IsEnd);

    private readonly struct Traits(FlowRecord flow) : IFlowTraits
    {
        public FlowEndpoint Source => flow.Source;

        public FlowEndpoint Destination => flow.Destination;

        public string Protocol => flow.Protocol;

        public string StateInWords => flow.StateInWords;

        public IEnumerable<string> Rules => flow.Rules;
    }
}
