using System.ComponentModel;
using System.Globalization;
using System.Text;
using Fluke6.Command.Streams;
using Fluke6.Command.Supervision;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Service;

/// <summary>
/// The ports, the kernel's forwarding and the sockets of a service, which the service manager keeps while no process of it runs: frames wait, and
/// nobody else takes the interfaces. Each descriptor is kept by its number's name; a <see cref="Handover"/> in memory says what they are.
/// sd_notify(3), <c>FDSTORE=1</c>; sd_listen_fds(3).
/// </summary>
internal static unsafe class DescriptorStore
{
    private const string Prefix = "fluke6-", TextName = $"{Prefix}handover";
    private const int FirstReceived = 3, MaxText = 64 * 1024, BarrierMilliseconds = 5000;

    private static readonly List<string> s_names = [];

    // Before version 254 systemd does not say how many descriptors it keeps; the unit says it instead.
    private static int Room => int.TryParse(Environment.GetEnvironmentVariable("FDSTORE"), NumberStyles.None, CultureInfo.InvariantCulture, out int room) ? room : 0;

    /// <summary>What the service manager kept for this process; null if there is nothing. Once, before programs are started.</summary>
    public static Handover? Take()
    {
        if (Environment.GetEnvironmentVariable("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            return null;

        string[] names = (Environment.GetEnvironmentVariable("LISTEN_FDNAMES") ?? "").Split(':');
        var numbers = new Dictionary<int, int>();
        Handover? handover = null;
        foreach ((string name, int descriptor) in names.Take(count).Select((name, index) => (name, FirstReceived + index)))
        {
            // Programs that this one starts are not to hold a port.
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC);
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;

            s_names.Add(name);
            if (name == TextName)
                handover = Read(descriptor);
            else if (int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                numbers[number] = descriptor;
        }

        return s_names.Count == 0 ? null : handover?.Renumbered(numbers) ?? new Handover { KeptFor = "" };
    }

    /// <summary>Has the service manager keep what a handover speaks of, instead of what it kept before.</summary>
    /// <param name="handover">What the next process is to go on with.</param>
    /// <param name="descriptors">The descriptors in it.</param>
    /// <returns>The descriptor of the text, for <see cref="Update"/>; null if nothing is kept.</returns>
    public static int? Keep(Handover handover, params IReadOnlyList<int> descriptors)
    {
        if (Room == 0)
            return null;
        if (Room <= descriptors.Count)
        {
            StandardStreams.Error.WriteLine($"fluke6: warning: frames are lost while the service restarts: FileDescriptorStoreMax={descriptors.Count + 1} "
                + $"would keep the ports, and FDSTORE says {Room}");
            return null;
        }

        using NotifySocket? manager = NotifySocket.TryConnect();
        if (manager is null)
            return null;

        Forget(manager);
        int text;
        fixed (byte* name = "fluke6 handover\0"u8)
            text = memfd_create(name, MFD_CLOEXEC);
        if (text < 0)
            return null;

        Write(text, handover);
        // The text comes last: descriptors without it are of no use, and are let go of.
        foreach (int descriptor in descriptors)
        {
            if (!manager.Tell($"FDSTORE=1\nFDPOLL=0\nFDNAME={Prefix}{descriptor}", descriptor))
                return null;
        }

        return manager.Tell($"FDSTORE=1\nFDPOLL=0\nFDNAME={TextName}", text) ? text : null;
    }

    /// <summary>Says how the ports are at this process's end.</summary>
    /// <param name="text">What <see cref="Keep"/> returned, in this process or one before.</param>
    /// <param name="ports">The ports' handover.</param>
    public static void Update(int text, string ports)
    {
        if (Read(text) is { } kept)
            Write(text, kept with { Ports = ports });
    }

    /// <summary>Has the service manager let go of what it kept, and begins anew without it: for a bridge of another kind.</summary>
    /// <exception cref="CommandFailure">That failed.</exception>
    public static void BeginAnew()
    {
        using (NotifySocket? manager = NotifySocket.TryConnect())
        {
            if (manager is not null)
            {
                Forget(manager);
                WaitFor(manager);
            }
        }

        try
        {
            Handover.Start.Become("");
        }
        catch (Win32Exception exception)
        {
            throw new CommandFailure(ExitCode.Failed, $"cannot let go of the ports that the service manager kept: {exception.Message}; systemctl stop does");
        }
    }

    private static void Forget(NotifySocket manager)
    {
        foreach (string name in s_names.Distinct().OrderBy(name => name != TextName))
            manager.Tell($"FDSTOREREMOVE=1\nFDNAME={name}");
        s_names.Clear();
    }

    // Until all messages before were read: the last descriptor of a TAP interface must be closed before it can be opened again.
    private static void WaitFor(NotifySocket manager)
    {
        int* pipe = stackalloc int[2];
        if (pipe2(pipe, O_CLOEXEC) < 0)
            return;

        manager.Tell("BARRIER=1", pipe[1]);
        _ = close(pipe[1]);
        var ended = new Tmds.Linux.pollfd { fd = pipe[0] };
        _ = poll(&ended, 1, BarrierMilliseconds);
        _ = close(pipe[0]);
    }

    private static Handover? Read(int descriptor)
    {
        using var handle = new SafeFileHandle(descriptor, ownsHandle: false);
        byte[] octets = new byte[MaxText];
        int length = RandomAccess.Read(handle, octets, 0);
        return length == 0 ? null : Handover.Parse(Encoding.UTF8.GetString(octets, 0, length));
    }

    private static void Write(int descriptor, Handover handover)
    {
        using var handle = new SafeFileHandle(descriptor, ownsHandle: false);
        byte[] octets = Encoding.UTF8.GetBytes($"{handover}");
        RandomAccess.SetLength(handle, 0);
        RandomAccess.Write(handle, octets, 0);
    }
}
