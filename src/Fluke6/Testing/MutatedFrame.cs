using Fluke6.Frames;

namespace Fluke6.Command.Testing;

/// <summary>
/// Changes bytes of frames at random. Every other one gets right checksums again, so that rules do not turn all of them away.
/// </summary>
internal static class MutatedFrame
{
    private const int MostChanges = 5, MostAdded = 20;

    /// <summary>A frame with some bytes changed; sometimes shorter or longer.</summary>
    public static byte[] Of(byte[] original, LinkType linkType, Random random)
    {
        byte[] frame = original.Length == 0 ? new byte[1] : [.. original];
        for (int changes = random.Next(1, MostChanges + 1); changes > 0; changes--)
            frame[random.Next(frame.Length)] = (byte)random.Next(256);
        if (random.Next(4) == 0)
            Array.Resize(ref frame, Math.Max(1, random.Next(frame.Length + MostAdded)));
        if (random.Next(2) == 0)
            FrameFaults.MendChecksums(frame, linkType);
        return frame;
    }
}
