using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>The names of error numbers. errno(3).</summary>
internal static class Errno
{
    /// <summary>The name, such as <c>ENETDOWN</c>; for a number that ports hardly meet, <c>errno 123</c>.</summary>
    public static string Name(int number) => Names.TryGetValue(number, out string? name) ? name : $"errno {number}";

    // Numbers differ between architectures, so the names are looked up by what this machine's library says.
    private static readonly Dictionary<int, string> Names = new()
    {
        [EPERM] = nameof(EPERM),
        [ENOENT] = nameof(ENOENT),
        [EINTR] = nameof(EINTR),
        [EIO] = nameof(EIO),
        [ENXIO] = nameof(ENXIO),
        [EBADF] = nameof(EBADF),
        [EAGAIN] = nameof(EAGAIN),
        [ENOMEM] = nameof(ENOMEM),
        [EACCES] = nameof(EACCES),
        [EFAULT] = nameof(EFAULT),
        [EBUSY] = nameof(EBUSY),
        [EEXIST] = nameof(EEXIST),
        [ENODEV] = nameof(ENODEV),
        [ENOTDIR] = nameof(ENOTDIR),
        [EINVAL] = nameof(EINVAL),
        [ENFILE] = nameof(ENFILE),
        [EMFILE] = nameof(EMFILE),
        [EFBIG] = nameof(EFBIG),
        [ENOSPC] = nameof(ENOSPC),
        [EROFS] = nameof(EROFS),
        [EDQUOT] = nameof(EDQUOT),
        [ENOTTY] = nameof(ENOTTY),
        [EPIPE] = nameof(EPIPE),
        [ENOSYS] = nameof(ENOSYS),
        [EPROTO] = nameof(EPROTO),
        [EBADFD] = nameof(EBADFD),
        [EMSGSIZE] = nameof(EMSGSIZE),
        [EOPNOTSUPP] = nameof(EOPNOTSUPP),
        [EAFNOSUPPORT] = nameof(EAFNOSUPPORT),
        [EADDRNOTAVAIL] = nameof(EADDRNOTAVAIL),
        [ENETDOWN] = nameof(ENETDOWN),
        [ENETUNREACH] = nameof(ENETUNREACH),
        [ENOBUFS] = nameof(ENOBUFS),
        [EHOSTUNREACH] = nameof(EHOSTUNREACH),
    };
}
