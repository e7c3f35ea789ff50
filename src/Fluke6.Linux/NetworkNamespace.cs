using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>Opens things inside a named network namespace. ip-netns(8), setns(2).</summary>
internal static class NetworkNamespace
{
    /// <summary>
    /// Runs <paramref name="open"/> in a namespace. A thread of its own enters it and ends: a namespace belongs to the thread, and one
    /// from the pool would carry it into other people's work.
    /// </summary>
    /// <param name="name">A name as in <c>ip netns list</c>, or a path if it has a slash; null for the one we are in.</param>
    /// <param name="interfaceName">For the message if it fails.</param>
    public static T Run<T>(string? name, string interfaceName, Func<T> open)
    {
        if (name is null)
            return open();

        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name, interfaceName);
                result = open();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
            Name = $"netns {name}",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>Names the calling thread's namespace; equal for two threads exactly if they are in the same one.</summary>
    public static string Identity => new FileInfo("/proc/thread-self/ns/net").LinkTarget ?? "";

    /// <summary>Opens a namespace, to be entered or to be named to the kernel.</summary>
    /// <param name="name">A name as in <c>ip netns list</c>, or a path if it has a slash.</param>
    /// <param name="interfaceName">For the message if it fails.</param>
    /// <exception cref="PortException">There is none.</exception>
    public static SafeFileHandle Open(string name, string interfaceName)
    {
        string path = name.Contains('/') ? name : $"/run/netns/{name}";
        int descriptor = OpenFile(path);
        if (descriptor < 0 && errno == ENOENT && !name.Contains('/'))
            descriptor = OpenFile($"/var/run/netns/{name}");

        if (descriptor < 0)
        {
            throw PortException.From($"opening network namespace {name}", interfaceName, errno,
                $"there is no network namespace {name}; `ip netns list` shows them, `ip netns add {name}` makes it");
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static void Enter(string name, string interfaceName)
    {
        using SafeFileHandle handle = Open(name, interfaceName);
        if (setns((int)handle.DangerousGetHandle(), CLONE_NEWNET) < 0)
        {
            throw PortException.From($"entering network namespace {name}", interfaceName, errno,
                $"{name} is not a network namespace; `ip netns list` shows them");
        }
    }

    private static unsafe int OpenFile(string path)
    {
        fixed (byte* octets = Encoding.UTF8.GetBytes(path + '\0'))
            return open(octets, O_RDONLY | O_CLOEXEC, 0);
    }
}
