using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Model;

/// <summary>A capture's figures.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Time">Since it began.</param>
/// <param name="Packets">In the file.</param>
/// <param name="Bytes">The file's length, in octets.</param>
/// <param name="Lost">Packets that are not in the file.</param>
/// <param name="Failure">Why nothing more is written; null while all is well.</param>
internal sealed record CaptureFigures(string Path, TimeSpan Time, long Packets, long Bytes, long Lost, string? Failure)
{
    /// <summary>The figures of the capture that is being written; null if there is none.</summary>
    public static CaptureFigures? Of(BridgeSnapshot snapshot) => snapshot.Capture is not { Running: true } capture ? null
        : new CaptureFigures(capture.File, snapshot.Time - capture.Started, capture.Packets, capture.Octets, capture.Lost, capture.Error);

    /// <summary>All but the file.</summary>
    public override string ToString() => $"{Figures.Clock(Time)}, {Packets:N0} {Unit}, {Figures.Short(Bytes)}B, {Losses}";

    /// <summary>As much of it as some columns hold. What is lost comes first: it cannot be looked up in the file.</summary>
    public string In(int columns)
    {
        string packets = $"{Figures.Short(Packets)} {Unit}";
        string[] texts =
        [
            $"{this}", $"{Figures.Clock(Time)}, {packets}, {Figures.Short(Bytes)}B, {Losses}", $"{Figures.Clock(Time)}, {packets}, {Losses}",
            $"{packets}, {Losses}", Losses,
        ];
        return texts.FirstOrDefault(text => text.Length <= columns, Losses);
    }

    private string Unit => Packets == 1 ? "packet" : "packets";

    private string Losses => $"{Lost:N0} lost" + (Failure is null ? "" : $", FAILED: {Failure}");
}
