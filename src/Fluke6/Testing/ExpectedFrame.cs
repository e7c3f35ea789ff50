namespace Fluke6.Command.Testing;

/// <summary>A frame that is to depart.</summary>
/// <param name="Line">Where it stands in its file, from 1.</param>
/// <param name="Side">By which side.</param>
internal sealed record ExpectedFrame(int Line, Side Side)
{
    /// <summary>Whether it is the one that arrived, unchanged.</summary>
    public bool IsSame { get; set; }

    /// <summary>The frame as <see cref="Frames.FramePrinter"/> prints it, where the test says that; null otherwise.</summary>
    public string? Words { get; set; }

    /// <summary>
    /// With <see cref="Words"/>, the DNS message that is its payload, as <see cref="PrintedDns"/> prints it; empty if the test does not
    /// say.
    /// </summary>
    public IReadOnlyList<string> Message { get; set; } = [];

    /// <summary>The frame, where it is another one.</summary>
    public byte[] Octets { get; set; } = [];
}
