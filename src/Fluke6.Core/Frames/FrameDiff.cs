namespace Fluke6.Frames;

/// <summary>Says in which fields two frames differ: what a rule did to one. Not for the frame path; it allocates.</summary>
internal static class FrameDiff
{
    /// <summary>
    /// The fields that differ, in the order of the headers. Lengths and checksums, which follow from the rest, are listed only where
    /// nothing else differs.
    /// </summary>
    /// <param name="before">Any octets; what cannot be read as a header counts as payload.</param>
    /// <param name="after">Any octets.</param>
    /// <param name="linkType">What both begin with.</param>
    public static IReadOnlyList<FieldChange> Compare(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, LinkType linkType)
    {
        FrameFields old = FrameFields.Read(before, linkType);
        FrameFields now = FrameFields.Read(after, linkType);
        var changes = new List<FieldChange>();
        Compare(old.Fields, now.Fields, changes);
        ComparePayload(before[old.PayloadOffset..old.PayloadEnd], after[now.PayloadOffset..now.PayloadEnd], changes);
        if (changes.Count == 0)
            Compare(old.DerivedFields, now.DerivedFields, changes);
        if (changes.Count == 0 && !before.SequenceEqual(after))
            changes.Add(new FieldChange("octets", $"{before.Length}", $"{after.Length}, others"));
        return changes;
    }

    /// <summary>How many octets the transport, or what the walk through the headers ended at, carries.</summary>
    internal static int PayloadLength(ReadOnlySpan<byte> octets, LinkType linkType)
    {
        LayerWalk.Walk(octets, linkType, out Layers layers);
        return layers.HasTransport ? layers.PayloadEnd - layers.PayloadOffset : 0;
    }

    private static void Compare(
        List<(string Name, string Value)> before, List<(string Name, string Value)> after, List<FieldChange> changes)
    {
        var now = new Dictionary<string, string>(after.Count);
        foreach ((string name, string value) in after)
            now.TryAdd(name, value);

        var known = new HashSet<string>(before.Count);
        foreach ((string name, string value) in before)
        {
            if (!known.Add(name))
                continue;
            string? other = now.GetValueOrDefault(name);
            if (other != value)
                changes.Add(new FieldChange(name, value, other));
        }

        foreach ((string name, string value) in after)
        {
            if (known.Add(name))
                changes.Add(new FieldChange(name, null, value));
        }
    }

    private static void ComparePayload(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, List<FieldChange> changes)
    {
        int same = before.CommonPrefixLength(after);
        if (same == before.Length && same == after.Length)
            return;

        changes.Add(before.Length == after.Length
            ? new FieldChange($"payload at octet {same}", $"{before[same]:x2}", $"{after[same]:x2}")
            : new FieldChange("payload", $"{before.Length} octets", $"{after.Length} octets"));
    }
}
