using System.Diagnostics;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>
/// miredo and miredo-server, real Teredo programs, as <c>./run.sh test</c> unpacks them. Each runs in a mount namespace of its own, which
/// <c>ip netns exec</c> makes, where the files stand that they look for in /etc and /usr/libexec.
/// </summary>
internal sealed class Miredo(TwoHosts hosts, RuleFolder folder)
{
    /// <summary>The client's interface.</summary>
    public const string Interface = "teredo";

    private const string Enter = """
        root=$0
        mount -t tmpfs tmpfs /usr/libexec && cp -a "$root/usr/libexec/miredo" /usr/libexec || exit 1
        users=$(cat /etc/passwd) groups=$(cat /etc/group)
        mount -t tmpfs tmpfs /etc && cp -a "$root/etc/miredo" /etc || exit 1
        echo "$users" >/etc/passwd
        echo "$groups" >/etc/group
        LD_LIBRARY_PATH=$(dirname "$(find "$root" -name libJudy.so.1)") exec "$@"
        """;

    private static readonly string s_root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../artifacts/miredo"));

    public static void Require() => Assert.SkipUnless(
        File.Exists(Path.Combine(s_root, "usr/sbin/miredo")) && File.Exists(Path.Combine(s_root, "usr/sbin/miredo-server")),
        $"miredo is not in {s_root}; ./run.sh test fetches it where Debian's packages are to be had");

    public Process StartServer(string host, string primary, string secondary) =>
        Start(host, "miredo-server", "server", $"ServerBindAddress {primary}\nServerBindAddress2 {secondary}\n");

    public Process StartClient(string host, string address, string primary, string secondary) => Start(
        host, "miredo", $"client-{address}",
        $"InterfaceName {Interface}\nServerAddress {primary}\nServerAddress2 {secondary}\nBindAddress {address}\n");

    /// <summary>Waits until a client is qualified (RFC 4380 §5.2.1).</summary>
    /// <returns>Its Teredo address.</returns>
    public string AddressOf(string host)
    {
        string[] words = [];
        Namespaces.Until(
            () => (words = hosts.Exec(host, "sh", "-c", $"ip -6 -o address show dev {Interface} scope global 2>&1 || true").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Contains("inet6"),
            $"a Teredo address in {host}");
        return words[Array.IndexOf(words, "inet6") + 1].Split('/')[0];
    }

    // Whatever user runs it, after it has its sockets; it refuses to stay root.
    private Process Start(string host, string program, string name, string configuration) => hosts.Start(
        host, "sh", "-c", Enter, s_root, Path.Combine(s_root, "usr/sbin", program), "-f", "-u", "nobody",
        "-c", folder.Write($"{name}.conf", configuration), "-p", Path.Combine(folder.Path, $"{name}.pid"));
}
