using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>sys/prctl.h</c> and <c>linux/capability.h</c>, what Tmds.LibC lacks of them.</summary>
internal static unsafe partial class Prctl
{
    public const int PR_SET_PDEATHSIG = 1;
    public const int PR_CAPBSET_READ = 23;
    public const int PR_CAPBSET_DROP = 24;
    public const int PR_SET_TIMERSLACK = 29;
    public const int PR_SET_NO_NEW_PRIVS = 38;
    public const int PR_GET_NO_NEW_PRIVS = 39;
    public const int PR_CAP_AMBIENT = 47;
    public const int PR_CAP_AMBIENT_RAISE = 2;
    public const int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    public const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    /// <summary>prctl(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);

    /// <summary>capget(2), of one thread.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int capget(cap_user_header* hdrp, cap_user_data* datap);

    /// <summary>capset(2), of the calling thread.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int capset(cap_user_header* hdrp, cap_user_data* datap);
}

/// <summary><c>struct __user_cap_header_struct</c>.</summary>
internal struct cap_user_header
{
    public uint version;
    public int pid;
}

/// <summary><c>struct __user_cap_data_struct</c>: 32 capabilities; there are two of them.</summary>
internal struct cap_user_data
{
    public uint effective;
    public uint permitted;
    public uint inheritable;
}
