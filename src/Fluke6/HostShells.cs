using Fluke6.Dashboard.Model;
using Fluke6.Linux;

namespace Fluke6.Command;

/// <summary>Shells in the hosts that a bridge's ports lead to.</summary>
internal static class HostShells
{
    /// <summary>
    /// The host at a port; null if it is not one of this machine's network namespaces. A device that the bridge made inside a namespace is that namespace's interface;
    /// behind one that was there is some other host. Whoever gave up the right to enter namespaces enters none.
    /// </summary>
    /// <param name="port">The port, as on the command line.</param>
    public static HostShell? At(string port) =>
        Privilege.Held.HasFlag(Capabilities.SystemAdministration)
        && PortSpecification.Parse(port) is { Kind: PortKind.Tap or PortKind.Tun or PortKind.Veth, NetworkNamespace: { } name }
            ? new HostShell(name, name.Contains('/') ? ["nsenter", $"--net={name}"] : ["ip", "netns", "exec", name])
            : null;
}
