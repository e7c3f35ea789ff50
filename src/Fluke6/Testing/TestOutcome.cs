using Fluke6.Bridging;
using Fluke6.Frames;

namespace Fluke6.Command.Testing;

/// <summary>The outcome of a step of a test, and how a test says that.</summary>
/// <param name="Step">The step.</param>
/// <param name="Departed">The frames that departed.</param>
/// <param name="Verdict">The verdict on the frame that arrived.</param>
/// <param name="Log">The lines that the rules logged.</param>
/// <param name="Hits">How many hits the rules have by now that the test asks about.</param>
/// <param name="LinkType">The header that frames begin with.</param>
/// <param name="IsExpected">Whether the test says so already.</param>
internal sealed record TestOutcome(
    TestStep Step,
    IReadOnlyList<DepartedFrame> Departed,
    Verdict Verdict,
    IReadOnlyList<string> Log,
    IReadOnlyList<(string? Rule, long Hits)> Hits,
    LinkType LinkType,
    bool IsExpected)
{
    /// <summary>The lines of a test that expect just this.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (DepartedFrame frame in Departed)
        {
            string side = frame.Side == Side.Left ? "left" : "right";
            if (Step.From is not null && frame.Octets.AsSpan().SequenceEqual(Step.Frame))
            {
                yield return $"out {side} same";
                continue;
            }

            yield return $"out {side}";
            foreach (string line in Hex(frame.Octets, LinkType))
                yield return line;
        }

        if (Step.From is not null && Verdict is Verdict.Drop or Verdict.Accept or Verdict.Hold)
            yield return $"verdict {Verdict}";
        foreach (string line in Log)
            yield return $"log {line}";
        foreach ((string? rule, long hits) in Hits)
            yield return rule is null ? $"hits {hits}" : $"hits {rule} {hits}";
    }

    /// <summary>A frame in indented lines, a header in each.</summary>
    public static IReadOnlyList<string> Hex(byte[] octets, LinkType linkType)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, linkType, Side.Left);
        Layers layers = buffer.Layers;
        (int End, string Name)[] parts =
        [
            (layers.NetworkOffset, "link"), (layers.TransportOffset, $"{layers.EtherType}"),
            (layers.HasTransport ? layers.PayloadOffset : 0, $"{layers.Transport}"), (layers.HasTransport ? layers.PayloadEnd : layers.NetworkEnd, "payload"),
            (octets.Length, "padding"),
        ];
        var lines = new List<string>();
        int start = 0;
        foreach ((int end, string name) in parts)
        {
            if (end > start)
                lines.Add($"  {Convert.ToHexStringLower(octets.AsSpan(start, end - start))}  # {name}");
            start = Math.Max(start, end);
        }

        return lines;
    }
}
