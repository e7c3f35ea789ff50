using static Tmds.Linux.LibC;

namespace Fluke6.Command;

/// <summary>
/// The terminal that this process was started at, if there was one. SIGHUP says either that it hung up or, as to any daemon, that somebody wants
/// everything read anew: a terminal that hung up is one that cannot be opened any more. tty(4).
/// </summary>
internal sealed class ControllingTerminal
{
    private readonly bool _wasThere = IsThere();

    /// <summary>Whether it was there and is not any more.</summary>
    public bool HungUp => _wasThere && !IsThere();

    private static unsafe bool IsThere()
    {
        int descriptor;
        fixed (byte* path = "/dev/tty\0"u8)
            descriptor = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
        if (descriptor < 0)
            return false;

        _ = close(descriptor);
        return true;
    }
}
