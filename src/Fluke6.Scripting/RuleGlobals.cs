using System.Diagnostics.CodeAnalysis;
using System.Net;
using Fluke6.Engine;
using Fluke6.Impairments;
using Fluke6.Rules;
using Fluke6.Scripting.Filters;
using Fluke6.Streams;
using Fluke6.TcpServices;
using PacketDotNet;

namespace Fluke6.Scripting;

/// <summary>The members that a script calls without naming an object: the rule's services, and those that only scripts have.</summary>
public sealed class RuleGlobals : RuleInstance
{
    private readonly HashSet<string> _services = new(StringComparer.Ordinal);
    private readonly List<(string Text, ScriptPoint? At)> _advice = [];

    /// <summary>The globals of one version of a rule.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="counters">Where what it sends is counted; kept across reloads.</param>
    /// <param name="services">The bridge's.</param>
    /// <param name="parameters">The values that <c>--set NAME=VALUE</c> gave.</param>
    internal RuleGlobals(
        string name, RuleCounters counters, RuleServices services, IReadOnlyDictionary<string, string>? parameters = null)
        : base(name, counters, services, parameters)
    {
    }

    /// <summary>
    /// Sends a packet out of a port, after the frames at hand. Lengths and checksums go out as the packet holds them: call its
    /// <c>UpdateCalculatedValues</c> and checksum methods first. Of a packet that <c>ToPacket</c> made, what was not changed goes out as it
    /// came, padding included. Allocates.
    /// </summary>
    /// <param name="side">Which port.</param>
    /// <param name="packet">The whole frame, from its link header on.</param>
    /// <exception cref="InvalidOperationException">
    /// Something was changed that PacketDotNet does not write as it read it: see <see cref="PacketDotNetFrame"/>'s <c>Replace</c>.
    /// </exception>
    public void Send(Side side, Packet packet) =>
        Send(side, PacketOrigin.Octets(packet) ?? throw new InvalidOperationException(
            "PacketDotNet does not write what was changed here as it read it: edit the frame with its own views, and send frame.Copy()."));

    /// <summary>
    /// Asks the rule about no other frames than those that a filter in libpcap's language takes, as tcpdump would take them from a file: pcap-filter(7). VLAN
    /// tags are in the frame, and a super-segment is one frame. <c>tcp[...]</c> and <c>udp[...]</c> look into IPv4 alone; <see cref="Guard"/>'s names
    /// mean IPv6 as well. The kernel forwards the rest where the filter goes by addresses, protocols, ports, VLANs, or TCP's SYN, FIN and RST alone.
    /// </summary>
    /// <param name="filter">Such as <c>"icmp or port 53"</c>.</param>
    /// <exception cref="FormatException">It is no filter; the message is libpcap's.</exception>
    /// <exception cref="DllNotFoundException">There is no libpcap.</exception>
    /// <exception cref="InvalidOperationException">The top level is over, or all guards together are too many.</exception>
    public void When(string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        When(PcapFilter.Compile(filter));
        if (PcapFilter.Advise(filter) is { } text)
            _advice.Add((text, Position.Point));
    }

    /// <summary>What the author may not have meant, and where it stands.</summary>
    internal IReadOnlyList<(string Text, ScriptPoint? At)> Advice => _advice;

    /// <summary>A bad network by numbers, for the frames of both directions, each for itself.</summary>
    /// <param name="seed">What its random numbers begin with: the same seed hits the same packets.</param>
    public Impairment Impair(long seed = 0) => new(this, from: null, seed);

    /// <summary>A bad network by numbers, for the frames that come from a side: <c>Impair(Side.Left, seed: 7).Loss(Bernoulli(0.05))</c>.</summary>
    /// <param name="from">The side.</param>
    /// <param name="seed">What its random numbers begin with: the same seed hits the same packets.</param>
    public Impairment Impair(Side from, long seed = 0) => new(this, from, seed);

    /// <summary>Every n-th packet is lost: <c>Impair().Loss(Every(100))</c>.</summary>
    /// <exception cref="ArgumentException">It is below 1.</exception>
    [SuppressMessage("Performance", "CA1822", Justification = "Scripts call it beside the timer's Every, on the same object.")]
    public LossModel Every(int packets) => ImpairmentModels.EveryNth(packets);

    /// <summary>A relay that has a real resolver answer the DNS queries which the rule gives it; ends with this version of the rule.</summary>
    /// <param name="resolver">The resolver's address, as seen from the host that the bridge runs on, and its UDP port.</param>
    public DnsRelay RelayDns(IPEndPoint resolver) => new(this, resolver);

    /// <summary>
    /// A pcapng file of the frames that the rule puts into it: <c>var seen = CaptureTo("seen.pcapng");</c> at the top level, <c>seen.Add(ref frame);</c> in
    /// <c>Apply</c>. It is opened when the first frame is there; a version of the rule that follows goes on with the same file.
    /// </summary>
    /// <param name="file">The file's path, seen from the folder in which the bridge runs. One that is there is overwritten.</param>
    /// <param name="maxBytes">How long the file may get, in bytes: 1 GiB.</param>
    /// <exception cref="ArgumentException">There is no folder for it, or it is one.</exception>
    public RuleCapture CaptureTo(string file, long maxBytes = 1L << 30) => new(this, file, maxBytes);

    /// <summary>
    /// A TCP service on every address and port: <c>ServeTcp("echo", (connection, octets) => connection.Write(octets))</c> is an echo. To be
    /// called from the top level; <c>Apply</c> then returns <see cref="TcpService.Answer"/>.
    /// </summary>
    /// <param name="name">Tells it from other services of the rule: after a reload, the service of that name has its connections.</param>
    /// <param name="handler">Takes the octets that clients send.</param>
    /// <exception cref="ArgumentException">The name is empty, or another service of the rule has it.</exception>
    public TcpService ServeTcp(string name, TcpHandler handler) => ServeTcp(name, new TcpServiceOptions(), handler);

    /// <summary>A TCP service on the addresses and ports that the options name.</summary>
    /// <param name="name">Tells it from other services of the rule: after a reload, the service of that name has its connections.</param>
    /// <param name="options">Whom to answer, and how.</param>
    /// <param name="handler">Takes the octets that clients send.</param>
    /// <exception cref="ArgumentException">The name is empty, or another service of the rule has it; an option is out of its range.</exception>
    public TcpService ServeTcp(string name, TcpServiceOptions options, TcpHandler handler)
    {
        var service = new TcpService(this, name, handler, options);
        return _services.Add(name)
            ? service
            : throw new ArgumentException($"the rule has a TCP service \"{name}\" already: give this one another name");
    }

    /// <summary>
    /// Rewrites the data of TCP connections in flight, also to another length: <c>RewriteTcp(new() { Port = 80 }, (stream, data) => ...)</c>. To be
    /// called from the top level; <c>Apply</c> then returns <see cref="TcpStreams.Rewrite"/>.
    /// </summary>
    /// <param name="options">Which connections, and what may wait.</param>
    /// <param name="handler">Decides about the bytes of each direction, in their order.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TcpStreams RewriteTcp(TcpStreamOptions options, TcpStreamHandler handler) => new(this, options, handler);

    /// <summary>
    /// Replaces a text by another, also of another length, wherever it stands in the data of TCP connections, in both directions and across
    /// segments: <c>ReplaceTcp("cat"u8, "mouse"u8, new() { Port = 80 })</c>. To be called from the top level; <c>Apply</c> then returns
    /// <see cref="TcpStreams.Rewrite"/>.
    /// </summary>
    /// <param name="old">What is replaced; at least one byte.</param>
    /// <param name="new">What goes out in its place; it may be empty.</param>
    /// <param name="options">Which connections; null for all.</param>
    /// <exception cref="ArgumentException">There is nothing to replace, or an option is out of its range.</exception>
    public TcpStreams ReplaceTcp(ReadOnlySpan<byte> old, ReadOnlySpan<byte> @new, TcpStreamOptions? options = null) =>
        new(this, options ?? new TcpStreamOptions(), new TextReplacement(old, @new).Handle);
}
