using System.Runtime.InteropServices;
using Fluke6.Linux.Native;

namespace Fluke6.Linux;

/// <summary>Rights of a thread that the kernel grants one by one. capabilities(7).</summary>
[Flags]
internal enum Capabilities : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>CAP_DAC_OVERRIDE: to read, write and list what the owner closed to others.</summary>
    ReadAndWriteAnything = 1UL << 1,

    /// <summary>CAP_NET_ADMIN: to make and to set up interfaces.</summary>
    NetworkAdministration = 1UL << 12,

    /// <summary>CAP_NET_RAW: to open packet sockets.</summary>
    PacketSockets = 1UL << 13,

    /// <summary>CAP_SYS_ADMIN: to enter network namespaces, and much else.</summary>
    SystemAdministration = 1UL << 21,
}

/// <summary>
/// The calling thread's rights, and how it gives them up. Threads that it starts, and programs, get no more than it has.
/// </summary>
internal static unsafe class Privilege
{
    private const int Sets = 2, BitsPerSet = 32;

    /// <summary>The calling thread's rights.</summary>
    public static Capabilities Held
    {
        get
        {
            cap_user_data* sets = stackalloc cap_user_data[Sets];
            Read(sets);
            return (Capabilities)(sets[0].effective | ((ulong)sets[1].effective << BitsPerSet));
        }
    }

    /// <summary>Whether programs that the calling thread starts can have no more rights than it has. PR_SET_NO_NEW_PRIVS.</summary>
    public static bool IsFinal => Prctl.prctl(Prctl.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;

    /// <summary>
    /// Gives up every capability but some, for the calling thread and for whatever program it becomes or starts, for good. The user stays
    /// the same: root still owns root's files. Other threads keep what they have, so that a process gives rights up by becoming a program
    /// again.
    /// </summary>
    /// <param name="kept">What to keep of what the thread has.</param>
    /// <exception cref="PortException">The kernel refused.</exception>
    public static void Restrict(Capabilities kept)
    {
        cap_user_data* sets = stackalloc cap_user_data[Sets];
        Read(sets);
        // Only who may change the set has more to lose by it; without it, no_new_privs keeps out what the thread has not.
        for (int capability = 0; Prctl.prctl(Prctl.PR_CAPBSET_READ, (nuint)capability, 0, 0, 0) is >= 0 and int bounded; capability++)
        {
            if (bounded == 1 && ((ulong)kept & (1UL << capability)) == 0)
                _ = Prctl.prctl(Prctl.PR_CAPBSET_DROP, (nuint)capability, 0, 0, 0);
        }

        for (int i = 0; i < Sets; i++)
        {
            sets[i].permitted &= (uint)((ulong)kept >> (i * BitsPerSet));
            sets[i].effective = sets[i].inheritable = sets[i].permitted;
        }

        var header = new cap_user_header { version = Prctl._LINUX_CAPABILITY_VERSION_3 };
        Require(Prctl.prctl(Prctl.PR_CAP_AMBIENT, Prctl.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
        Require(Prctl.capset(&header, sets));
        // So that an ordinary user's program, which has no set of its own on the disk, gets them, too.
        for (int capability = 0; capability < Sets * BitsPerSet; capability++)
        {
            if ((sets[capability / BitsPerSet].permitted >> (capability % BitsPerSet) & 1) != 0)
                Require(Prctl.prctl(Prctl.PR_CAP_AMBIENT, Prctl.PR_CAP_AMBIENT_RAISE, (nuint)capability, 0, 0));
        }

        Require(Prctl.prctl(Prctl.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    }

    /// <summary>Whether something can be done with some capabilities only: a thread of its own tries.</summary>
    public static bool IsEnough(Capabilities kept, Func<bool> attempt)
    {
        bool done = false;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Restrict(kept);
                done = attempt();
            }
            catch (PortException exception)
            {
                failure = exception;
            }
        })
        {
            IsBackground = true,
            Name = "fewer rights",
        };
        thread.Start();
        thread.Join();
        return failure is null && done;
    }

    private static void Read(cap_user_data* sets)
    {
        var header = new cap_user_header { version = Prctl._LINUX_CAPABILITY_VERSION_3 };
        Require(Prctl.capget(&header, sets));
    }

    private static void Require(int result)
    {
        if (result < 0)
        {
            throw PortException.From("giving up rights", "capabilities", Marshal.GetLastPInvokeError(),
                "--keep-privileges goes on with all of them");
        }
    }
}
