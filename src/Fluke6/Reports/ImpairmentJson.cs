using System.Text.Json;
using Fluke6.Engine;
using Fluke6.Impairments;

namespace Fluke6.Command.Reports;

/// <summary>The figures of a rule's impairments, as JSON.</summary>
internal static class ImpairmentJson
{
    /// <summary>Writes the rule's array of directions; nothing for a rule that has none.</summary>
    public static void Write(Utf8JsonWriter json, RuleEntry rule)
    {
        IReadOnlyList<Impairment> impairments = Impairment.Of(rule.Context);
        if (impairments.Count == 0)
            return;

        json.WriteStartArray("impairments");
        for (int i = 0; i < impairments.Count; i++)
        {
            foreach (ImpairmentFigures figures in impairments[i].Figures)
                Write(json, i + 1, figures);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, int number, ImpairmentFigures figures)
    {
        json.WriteStartObject();
        json.WriteNumber("impairment", number);
        json.WriteString("from", figures.From == Side.Left ? "left" : "right");
        json.WriteNumber("packets", figures.Packets);
        json.WriteNumber("bytes", figures.Bytes);
        json.WriteNumber("departed", figures.Departed);
        json.WriteNumber("bitsPerSecond", figures.BitsPerSecond);
        json.WriteNumber("lost", figures.Lost);
        json.WriteNumber("queueDropped", figures.QueueDropped);
        json.WriteNumber("noRoom", figures.NoRoom);
        json.WriteNumber("lossRatio", Rounded(figures.LossRatio));
        json.WriteNumber("lossPeriods", figures.LossPeriods);
        json.WriteNumber("meanLossPeriod", Rounded(figures.MeanLossPeriod));
        json.WriteNumber("longestLossPeriod", figures.LongestLossPeriod);
        json.WriteNumber("delayLeast", Milliseconds(figures.LeastDelay));
        json.WriteNumber("delayMean", Milliseconds(figures.MeanDelay));
        json.WriteNumber("delayMedian", Milliseconds(figures.MedianDelay));
        json.WriteNumber("delay99", Milliseconds(figures.DelayOf99));
        json.WriteNumber("delayMost", Milliseconds(figures.MostDelay));
        json.WriteNumber("delayVariation99", Milliseconds(figures.VariationOf99));
        json.WriteNumber("latenessMedian", Milliseconds(figures.MedianLateness));
        json.WriteNumber("lateness99", Milliseconds(figures.LatenessOf99));
        json.WriteNumber("reordered", figures.Reordered);
        json.WriteNumber("reorderedRatio", Rounded(figures.ReorderedRatio));
        json.WriteNumber("reorderingExtent", figures.LargestReorderingExtent);
        json.WriteNumber("duplicated", figures.Duplicated);
        json.WriteNumber("duplicationRatio", Rounded(figures.DuplicationRatio));
        json.WriteNumber("corrupted", figures.Corrupted);
        json.WriteNumber("corruptedBits", figures.CorruptedBits);
        json.WriteNumber("queued", figures.Queued);
        json.WriteNumber("mostQueued", figures.MostQueued);
        json.WriteEndObject();
    }

    private static double Rounded(double value) => Math.Round(value, 6);

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 4);
}
