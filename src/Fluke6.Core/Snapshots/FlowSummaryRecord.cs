namespace Fluke6.Snapshots;

/// <summary>The flows that the table holds, and their TCP handshakes, in sum.</summary>
internal sealed record FlowSummaryRecord
{
    /// <summary>How many of the table's flows were looked at: the last seen ones.</summary>
    public int LookedAt { get; init; }

    /// <summary>How many there are of each protocol, the most frequent first.</summary>
    public IReadOnlyList<NamedCount> Protocols { get => field ?? []; init; }

    /// <summary>TCP handshakes that were completed.</summary>
    public int Handshakes { get; init; }

    /// <summary>The MSS that clients offered, and the one that was delivered, the most frequent first.</summary>
    public IReadOnlyList<SegmentCount> Segments { get => field ?? []; init; }

    /// <summary>How many clients offered each option, and how many connections use it.</summary>
    public IReadOnlyList<OptionCount> Options { get => field ?? []; init; }

    /// <summary>Options that were stripped from one SYN alone.</summary>
    public IReadOnlyList<OneSidedRecord> OneSided { get => field ?? []; init; }
}

/// <summary>So many of a name.</summary>
internal sealed record NamedCount(string Name, int Count);

/// <summary>So many handshakes with an MSS.</summary>
internal sealed record SegmentCount(int Offered, int Delivered, int Count);

/// <summary>So many handshakes with an option.</summary>
internal sealed record OptionCount(string Option, int Offered, int InForce);

/// <summary>A strip in words, the first connection that it was seen in, and how many more there are.</summary>
internal sealed record OneSidedRecord(string Text, string Source, string Destination, int More);
