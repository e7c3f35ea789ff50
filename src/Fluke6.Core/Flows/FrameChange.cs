using Fluke6.Frames;

namespace Fluke6.Flows;

/// <summary>A frame that rules changed, before and after.</summary>
internal sealed record FrameChange
{
    /// <summary>When it arrived, UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>The flow that it arrived in.</summary>
    public required FlowKey Flow { get; init; }

    /// <summary>The rules that changed it, a bit each; <see cref="RuleNames"/> has their names.</summary>
    public required ulong Rules { get; init; }

    /// <summary>The port that it arrived on.</summary>
    public required Side From { get; init; }

    /// <summary>What became of it.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What it begins with.</summary>
    public required LinkType LinkType { get; init; }

    /// <summary>Its first octets as it arrived.</summary>
    public required byte[] Before { get; init; }

    /// <summary>Its first octets as it left.</summary>
    public required byte[] After { get; init; }

    /// <summary>How many octets it had when it arrived.</summary>
    public required int LengthBefore { get; init; }

    /// <summary>How many octets it had when it left.</summary>
    public required int LengthAfter { get; init; }

    /// <summary>What was changed, field by field. Payload past the octets that are kept is not compared.</summary>
    public IReadOnlyList<FieldChange> Differences()
    {
        // Filled up to the length that the headers speak of, or they would be taken for cut short.
        byte[] before = new byte[LengthBefore], after = new byte[LengthAfter];
        Before.CopyTo(before, 0);
        After.CopyTo(after, 0);
        return FrameDiff.Compare(before, after, LinkType);
    }
}
