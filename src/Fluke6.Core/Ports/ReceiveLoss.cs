namespace Fluke6.Ports;

/// <summary>Why a frame that arrived at a port never reached the bridge.</summary>
internal enum ReceiveLoss : byte
{
    /// <summary>The packet socket's buffer was full: frames came faster than the bridge took them.</summary>
    SocketFull,

    /// <summary>
    /// The TAP or TUN interface's own queue was full, or the kernel refused to queue: it counts these as the interface's dropped ones.
    /// </summary>
    QueueFull,

    /// <summary>The frame was longer than a buffer takes; what came of it was thrown away.</summary>
    Truncated,

    /// <summary>A super-segment that could not be cut into wire-sized frames, as <c>--no-offload</c> asks.</summary>
    NotCut,

    /// <summary>A super-segment of a kind that the kernel does not hand over, such as SCTP's.</summary>
    NotHandedOver,

    /// <summary>Reading failed otherwise; the port's errors tell the errno.</summary>
    ReadFailed,

    /// <summary>The bridge had sent the frame itself, and it came back in a loop.</summary>
    Loop,

    /// <summary>The frame still waited when the bridge stopped.</summary>
    Unread,
}

/// <summary>How reports call a <see cref="ReceiveLoss"/>.</summary>
internal static class ReceiveLossExtensions
{
    /// <summary>Such as <c>socketFull</c>.</summary>
    public static string Name(this ReceiveLoss loss)
    {
        string name = loss.ToString();
        return $"{char.ToLowerInvariant(name[0])}{name[1..]}";
    }
}
