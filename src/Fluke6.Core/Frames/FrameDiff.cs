using Fluke6.Wire;

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
        LayerWalk.Walk(before, linkType, out Layers oldLayers);
        LayerWalk.Walk(after, linkType, out Layers newLayers);
        FrameSections sections = Differing(before, oldLayers, after, newLayers);
        FrameFields old = FrameFields.Read(before, linkType, oldLayers, sections);
        FrameFields now = FrameFields.Read(after, linkType, newLayers, sections);
        var changes = new List<FieldChange>();
        Compare(old.Fields, now.Fields, changes);
        ComparePayload(before[old.PayloadOffset..old.PayloadEnd], after[now.PayloadOffset..now.PayloadEnd], changes);
        if (changes.Count == 0)
        {
            sections |= FrameSections.Derived;
            Compare(
                FrameFields.Read(before, linkType, oldLayers, sections).DerivedFields,
                FrameFields.Read(after, linkType, newLayers, sections).DerivedFields,
                changes);
        }

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

    /// <summary>
    /// The headers in which the frames may differ. Where a rule edited one of them, as most do, the words of the others are not worth finding:
    /// a replay in which every frame is edited does this for each.
    /// </summary>
    private static FrameSections Differing(ReadOnlySpan<byte> before, in Layers old, ReadOnlySpan<byte> after, in Layers now)
    {
        bool areLaidOutAlike = old.StoppedAt == LayerStop.Complete && now.StoppedAt == LayerStop.Complete
            && old.HasTransport && now.HasTransport && old.Network == now.Network && old.Transport == now.Transport
            && old.Transport is IpProtocol.Tcp or IpProtocol.Udp
            && (old.NetworkOffset, old.TransportOffset, old.PayloadOffset) == (now.NetworkOffset, now.TransportOffset, now.PayloadOffset);
        if (!areLaidOutAlike)
            return FrameSections.All;

        return (Differ(before, after, 0, old.NetworkOffset) ? FrameSections.Link : 0)
            | (Differ(before, after, old.NetworkOffset, old.TransportOffset) ? FrameSections.Network : 0)
            | (Differ(before, after, old.TransportOffset, old.PayloadOffset) ? FrameSections.Transport : 0);
    }

    private static bool Differ(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int start, int end) =>
        !before[start..end].SequenceEqual(after[start..end]);

    private static void Compare(List<FrameField> before, List<FrameField> after, List<FieldChange> changes)
    {
        // Names are numbered where a header has several, so each is there once; most stand in the same place.
        for (int i = 0; i < before.Count; i++)
        {
            FrameField old = before[i];
            int place = PlaceOf(old.Name, after, i);
            if (place < 0)
                changes.Add(new FieldChange(old.Name, old.Text, null));
            else if (!old.ReadsAs(after[place]))
                changes.Add(new FieldChange(old.Name, old.Text, after[place].Text));
        }

        for (int i = 0; i < after.Count; i++)
        {
            FrameField now = after[i];
            if (PlaceOf(now.Name, before, i) < 0)
                changes.Add(new FieldChange(now.Name, null, now.Text));
        }
    }

    private static int PlaceOf(string name, List<FrameField> fields, int likely)
    {
        if (likely < fields.Count && fields[likely].Name == name)
            return likely;

        for (int i = 0; i < fields.Count; i++)
        {
            if (fields[i].Name == name)
                return i;
        }

        return -1;
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
