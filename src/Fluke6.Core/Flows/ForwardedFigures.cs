using System.Runtime.InteropServices;

namespace Fluke6.Flows;

/// <summary>What the kernel forwarded of a flow, as its program writes it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ForwardedFigures
{
    /// <summary>Where the program writes the times, by the clock that never goes back, and whether the upper end sent the first frame.</summary>
    public const int FirstSeenAt = 32, LastSeenAt = 40, UpperBeganAt = 48, Length = 56;

    /// <summary>Frames that arrived on the left port, and their bytes.</summary>
    public long FramesFromLeft { get; init; }

    /// <inheritdoc cref="FramesFromLeft"/>
    public long BytesFromLeft { get; init; }

    /// <summary>Frames that arrived on the right port, and their bytes.</summary>
    public long FramesFromRight { get; init; }

    /// <inheritdoc cref="FramesFromRight"/>
    public long BytesFromRight { get; init; }

    /// <summary>When the first frame was forwarded, by <see cref="Moment.Monotonic"/>.</summary>
    public long FirstSeen { get; init; }

    /// <summary>When the last frame was forwarded, by <see cref="Moment.Monotonic"/>.</summary>
    public long LastSeen { get; init; }

    /// <summary>Not 0 if the flow's upper end sent the first frame.</summary>
    public long UpperBegan { get; init; }

    /// <summary>Frames in both directions.</summary>
    public long Frames => FramesFromLeft + FramesFromRight;

    /// <summary>Where the program counts the frames of a side.</summary>
    public static int FramesAt(Side side) => side == Side.Left ? 0 : 16;

    /// <summary>Where the program counts the bytes of a side.</summary>
    public static int BytesAt(Side side) => FramesAt(side) + 8;
}
