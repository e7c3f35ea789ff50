using System.ComponentModel;
using System.Net.Sockets;
using Fluke6.Command.Control;
using Fluke6.Linux;
using Fluke6.Scripting;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Supervision;

/// <summary>The rights that a bridge keeps once its ports are open.</summary>
internal static unsafe class Rights
{
    /// <summary>
    /// Gives up all other rights, by becoming the same program again: rights belong to threads, and this process has some already. Returns if
    /// there is nothing to give up.
    /// </summary>
    /// <param name="ports">The ports, which stay open.</param>
    /// <param name="listener">The control socket, which stays open; null if there is none.</param>
    /// <param name="metrics">The socket where metrics are asked for, which stays open; null if there is none.</param>
    /// <param name="store">What tells the next process of this service about all these; null if nothing does.</param>
    /// <param name="arguments">What the user asked for.</param>
    public static void GiveUp(PortPair ports, ControlListener? listener, Socket? metrics, int? store, RuleArguments arguments)
    {
        Capabilities kept = ports.RightsToComeBack & Privilege.Held;
        if (!Privilege.IsEnough(kept, () => ReachesFiles(arguments, listener)))
            kept |= Capabilities.ReadAndWriteAnything & Privilege.Held;
        if (Privilege.Held == kept && Privilege.IsFinal)
            return;

        try
        {
            Privilege.Restrict(kept);
            int? listens = (int?)metrics?.Handle;
            Handover.Start.Become(
                $"{Handover.Received with { Ports = ports.Handover, Control = listener?.Handover, Metrics = listens, Store = store, KeptFor = null }}",
                [.. ports.Descriptors, .. new[] { listens, listener?.Descriptor, store }.OfType<int>()]);
        }
        catch (Exception exception) when (exception is PortException or Win32Exception)
        {
            Console.Error.WriteLine($"fluke6: warning: rights that are not needed stay: {exception.Message}");
        }
    }

    // Root without this right can do with other users' files what anybody can: a user's home may be closed to it.
    private static bool ReachesFiles(RuleArguments arguments, ControlListener? listener)
    {
        int forRules = arguments.Dashboard ? R_OK | W_OK : R_OK;
        return RulePaths.Find(arguments.Paths, out var problems).All(file => MayUse(file, forRules))
            && !problems.Any(problem => problem.IsError)
            && (!arguments.Dashboard || MayUse(".", W_OK | X_OK))
            // It is removed at the end.
            && (listener is null || MayUse(Path.GetDirectoryName(listener.Path)!, W_OK | X_OK))
            && (arguments.Capture is not { } capture
                || (arguments.CaptureRing is null && Path.Exists(capture)
                    ? MayUse(capture, W_OK)
                    : MayUse(Path.GetDirectoryName(Path.GetFullPath(capture))!, W_OK | X_OK)));
    }

    private static bool MayUse(string path, int how)
    {
        fixed (byte* octets = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
            return access(octets, how) == 0;
    }
}
