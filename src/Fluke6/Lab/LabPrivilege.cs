using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Fluke6.Linux;

namespace Fluke6.Command.Lab;

/// <summary>
/// The right to make network namespaces. An ordinary user gets it by starting the command again as the root of a user namespace of its
/// own, where the kernel allows that; everything made there vanishes with its last process.
/// </summary>
internal static partial class LabPrivilege
{
    private const string Marker = "FLUKE6_LAB_NAMESPACE";
    private const string TunDevice = "/dev/net/tun";
    private const int NetAdmin = 12, NetRaw = 13, SysAdmin = 21;    // capabilities(7)

    // ip keeps its names of namespaces where only root may write, so the user's own root gets a place of its own there.
    private const string InNamespace = """
        if [ -d /run/netns ]; then mount -t tmpfs tmpfs /run/netns; else mount -t tmpfs tmpfs /run; fi && exec "$@"
        """;

    private static readonly string[] s_unshare = ["--user", "--map-root-user", "--net", "--mount"];

    /// <summary>Whether the command runs in a user namespace of its own.</summary>
    public static bool IsOrdinaryUser => Environment.GetEnvironmentVariable(Marker) is not null;

    /// <summary>Makes sure of the right, by starting the command anew if need be: then this does not return.</summary>
    /// <exception cref="CommandFailure">There is no way to get it.</exception>
    public static void Ensure()
    {
        if (!HasCapabilities())
        {
            if (IsOrdinaryUser || !CanUnshare())
            {
                throw new CommandFailure(
                    ExitCode.NoPermission,
                    "the lab makes network namespaces: run it as root (sudo), or allow user namespaces "
                    + "(sysctl user.max_user_namespaces=10000 kernel.apparmor_restrict_unprivileged_userns=0) and install util-linux");
            }

            StartAnew();
        }

        if (!File.Exists(TunDevice))
            throw new CommandFailure(ExitCode.Failed, $"the lab needs {TunDevice}: run 'modprobe tun' as root");
        try
        {
            using var device = File.OpenHandle(TunDevice, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.NoPermission, $"{TunDevice} may not be opened: run as root (sudo), or 'chmod 0666 {TunDevice}' as root");
        }
    }

    private static bool HasCapabilities()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        ulong capabilities = ulong.Parse(line.AsSpan("CapEff:".Length).Trim(), NumberStyles.HexNumber);
        return ((int[])[NetAdmin, NetRaw, SysAdmin]).All(capability => (capabilities >> capability & 1) != 0);
    }

    private static bool CanUnshare()
    {
        // Not from the current directory, where .NET would look first.
        var start = new ProcessStartInfo("/usr/bin/env", ["unshare", .. s_unshare, "true"]) { RedirectStandardError = true, RedirectStandardInput = true };
        using Process process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    // Replaces this process, so that signals and the terminal meet the new one.
    private static void StartAnew()
    {
        string[] line = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        line[0] = Environment.ProcessPath!;
        string?[] arguments = ["env", $"{Marker}=1", "unshare", .. s_unshare, "--", "sh", "-c", InNamespace, "sh", .. line, null];
        DiagnosticSocket.Remove();
        if (execvp("env", arguments) < 0)
            throw new CommandFailure(ExitCode.Failed, $"cannot start 'unshare': {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execvp(string file, string?[] arguments);
}
