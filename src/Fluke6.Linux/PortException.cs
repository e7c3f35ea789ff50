using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>A port that could not be opened, or two that cannot be bridged: one line that says what failed and what to do.</summary>
internal sealed class PortException : Exception
{
    /// <summary>A refusal of Fluke6's own.</summary>
    /// <param name="message">One line: what is wrong and what to do instead.</param>
    public PortException(string message)
        : base(message)
    {
    }

    /// <summary>A system call that failed.</summary>
    /// <param name="operation">What was tried, such as <c>opening a packet socket</c>.</param>
    /// <param name="interfaceName">On which interface.</param>
    /// <param name="errno">Why the kernel refused.</param>
    /// <param name="advice">What to do about it.</param>
    internal PortException(string operation, string interfaceName, int errno, string advice)
        : base($"{interfaceName}: {operation}: {Linux.Errno.Name(errno)}: {advice}")
    {
        Operation = operation;
        InterfaceName = interfaceName;
        Errno = errno;
    }

    /// <summary>The operation that failed; empty for a refusal of Fluke6's own.</summary>
    public string Operation { get; } = "";

    /// <summary>On which interface; empty where it is about both.</summary>
    public string InterfaceName { get; } = "";

    /// <summary>The kernel's reason; 0 for a refusal of Fluke6's own.</summary>
    public int Errno { get; }

    /// <summary>Whether a right was missing.</summary>
    public bool IsPermission => Errno == EPERM || Errno == EACCES;

    /// <summary>Says what to do where a right is missing, and otherwise <paramref name="advice"/>.</summary>
    internal static PortException From(string operation, string interfaceName, int errno, string advice) =>
        new(operation, interfaceName, errno, errno == EPERM || errno == EACCES
            ? "run as root, or with CAP_NET_ADMIN and CAP_NET_RAW"
            : advice);
}
