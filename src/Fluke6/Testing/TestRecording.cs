using Fluke6.Captures;

namespace Fluke6.Command.Testing;

/// <summary>Writes the frames of a capture down as a test, which is yet to say what comes of them.</summary>
internal static class TestRecording
{
    /// <summary>Adds the test to a file.</summary>
    /// <param name="file">The file, which is made if it is not there.</param>
    /// <param name="capture">The capture.</param>
    /// <returns>The line at which the test begins, from 1, and how many frames it has.</returns>
    /// <exception cref="CommandFailure">The capture cannot be read, or the file not be written.</exception>
    public static (int Line, int Frames) Add(string file, string capture)
    {
        try
        {
            string[] before = File.Exists(file) ? File.ReadAllLines(file) : [];
            var lines = new List<string> { $"## recorded from {Path.GetFileName(capture)}" };
            TimeSpan last = TimeSpan.Zero;
            int frames = 0;
            foreach ((Side from, Frames.LinkType linkType, byte[] octets, TimeSpan time) in CapturedPackets.All(capture))
            {
                if (octets.Length == 0)
                    continue;
                if (frames++ == 0 && linkType == Frames.LinkType.RawIp)
                    lines.Add("ip");
                if (time > last)
                    lines.Add(FormattableString.Invariant($"after {(decimal)(time - last).Ticks / TimeSpan.TicksPerMillisecond} ms"));
                last = time;
                lines.Add(from == Side.Left ? "left" : "right");
                lines.AddRange(TestOutcome.Hex(octets, linkType));
            }

            if (frames == 0)
                throw new CommandFailure(ExitCode.Failed, $"{capture} has no frames to record");

            if (before.Length > 0)
                lines.Insert(0, "");
            // Whole, since the last line of a file that a person wrote may lack its end.
            File.WriteAllLines(file, [.. before, .. lines]);
            return (before.Length + (before.Length > 0 ? 2 : 1), frames);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CaptureReadException)
        {
            throw new CommandFailure(ExitCode.Failed, exception.Message.TrimEnd('.'));
        }
    }
}
