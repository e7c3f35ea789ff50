using System.Globalization;
using Fluke6.Linux.KernelPath;

namespace Fluke6.Linux.Survey;

/// <summary>
/// What the kernel says of a network namespace: each thing is asked for once, when somebody first looks at it. What a right is
/// missing for is empty, and named in <see cref="Unseen"/>.
/// </summary>
/// <param name="Name">The namespace, by name or path; null for the one that we are in.</param>
internal sealed record NetworkFacts(string? Name)
{
    private readonly SortedSet<string> _unseen = new(StringComparer.Ordinal);
    private Dictionary<int, CardFacts> _cards = [];
    private readonly Dictionary<string, int?> _settings = [];

    /// <summary>What could not be looked at for want of a right.</summary>
    public IReadOnlyCollection<string> Unseen => _unseen;

    /// <summary>Names the namespace; equal for two ports exactly if they share it.</summary>
    public string Identity { get => field ??= In(() => NetworkNamespace.Identity); init; }

    /// <summary>The interfaces.</summary>
    public IReadOnlyList<LinkFacts> Links { get => field ??= In(LinkFacts.All); init; }

    /// <summary>Their addresses.</summary>
    public IReadOnlyList<AddressFacts> Addresses { get => field ??= In(AddressFacts.All); init; }

    /// <summary>The routes to other hosts.</summary>
    public IReadOnlyList<RouteFacts> Routes { get => field ??= In(RouteFacts.All); init; }

    /// <summary>The queueing disciplines.</summary>
    public IReadOnlyList<Qdisc> Qdiscs { get => field ??= In(Qdisc.All); init; }

    /// <summary>The chains of nft(8) at interfaces.</summary>
    public IReadOnlyList<NetfilterHook> Hooks { get => field ??= IfAllowed("chains of nft", NetfilterHook.All); init; }

    /// <summary>The packet sockets.</summary>
    public IReadOnlyList<PacketSocketFacts> PacketSockets { get => field ??= In(PacketSocketFacts.All); init; }

    /// <summary>The interface of a name, or of a second name.</summary>
    public LinkFacts? Find(string name)
    {
        int index = In(() =>
        {
            using var control = new InterfaceControl(name);
            return control.IndexOf(InterfaceControl.NameOctets(name));
        });
        return Links.FirstOrDefault(link => link.Index == index);
    }

    /// <summary>The card of an interface.</summary>
    public CardFacts CardOf(LinkFacts link)
    {
        if (!_cards.TryGetValue(link.Index, out CardFacts? card))
            _cards[link.Index] = card = In(() => CardFacts.Of(link.Name));
        return card;
    }

    /// <summary>The same, where a card is as said.</summary>
    public NetworkFacts WithCard(LinkFacts link, CardFacts card) => this with { _cards = new(_cards) { [link.Index] = card } };

    /// <summary>A setting of the kernel's, such as <c>net/ipv4/conf/eth0/forwarding</c>; null if it has none of that name.</summary>
    public int? Setting(string path)
    {
        if (!_settings.TryGetValue(path, out int? setting))
            _settings[path] = setting = In(() => Read(path));
        return setting;
    }

    /// <summary>How many programs see what arrives at an interface, or what leaves by it.</summary>
    public int CountPrograms(LinkFacts link, bool arriving) =>
        IfAllowed("programs at tcx", () => (IReadOnlyList<int>)[BpfObjects.CountAttached(link.Index, arriving)]) is [var count] ? count : 0;

    /// <summary>How many filters of tc(8) see what arrives at an interface, or what leaves by it.</summary>
    public int CountFilters(LinkFacts link, bool arriving) => In(() => Qdisc.CountFilters(link.Index, arriving));

    /// <summary>The Fluke6 that bridges an interface: its process, 0 if that is in another container, null if there is none.</summary>
    public int? HolderOf(LinkFacts link) => In(() => InterfaceLock.Holder(link.Index));

    /// <summary>Does something in the namespace.</summary>
    public T In<T>(Func<T> look) => NetworkNamespace.Run(Name, "", look);

    private static int? Read(string path)
    {
        try
        {
            string text = File.ReadAllText($"/proc/sys/{path}").Trim();
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null;
        }
        // A kernel without IPv6, or without bridges.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private IReadOnlyList<T> IfAllowed<T>(string what, Func<IReadOnlyList<T>> look)
    {
        try
        {
            return In(look);
        }
        catch (PortException exception)
        {
            if (exception.IsPermission)
                _unseen.Add(what);
            return [];
        }
    }
}
