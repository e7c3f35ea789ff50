using Fluke6.Command.Supervision;
using Fluke6.Linux;

namespace Fluke6.Command.Lab;

/// <summary>
/// A host of the lab: a network namespace, whose <c>eth0</c> is the bridge's TAP device, or an end of its veth pair. Disposing deletes it.
/// </summary>
internal sealed class LabHost : IDisposable
{
    /// <summary>The host's interface.</summary>
    public const string Interface = "eth0";

    private const string Folder = "/run/netns";

    private readonly string _kind;

    private LabHost(string name, string kind)
    {
        Name = name;
        _kind = kind;
    }

    /// <summary>The namespace, as <c>ip netns</c> knows it.</summary>
    public string Name { get; }

    /// <summary>The bridge's port at this host.</summary>
    public string Port => $"{_kind}:{Interface}@{Name}";

    /// <summary>Makes a host.</summary>
    /// <param name="role">Such as <c>left</c>; the namespace's name tells the process, too.</param>
    /// <param name="kind">The port's: <c>tap</c> or <c>veth</c>.</param>
    public static LabHost Create(string role, string kind)
    {
        var host = new LabHost($"fluke6-{role}-{LabProcess}", kind);
        IpTool.Run("netns", "add", host.Name);
        try
        {
            IpTool.Run("-n", host.Name, "link", "set", "lo", "up");
            host.Enter(SkipWaiting);
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return host;
    }

    // The one that the user started, and may kill: it outlives the others.
    private static int LabProcess => Handover.Received.Parent ?? Environment.ProcessId;

    /// <summary>Deletes what this lab left behind where its hosts' process had no time to.</summary>
    public static void SweepOwn()
    {
        foreach (string name in Names().Where(name => ProcessOf(name) == LabProcess))
            IpTool.TryRun("netns", "delete", name);
    }

    /// <summary>Deletes what labs left behind that were killed before they could.</summary>
    public static void SweepStale()
    {
        foreach (string name in Names().Where(name => ProcessOf(name) is { } process && !Directory.Exists($"/proc/{process}")))
            IpTool.TryRun("netns", "delete", name);
    }

    /// <summary>Gives the host's interface an address.</summary>
    public void AddAddress(string address) =>
        IpTool.Run([.. (string[])["-n", Name, "address", "add", address, "dev", Interface], .. address.Contains(':') ? ["nodad"] : (string[])[]]);

    /// <summary>From here on, as any host, it looks whether somebody else has an address before it uses one. RFC 4862 §5.4.</summary>
    public void DetectDuplicates() => Enter(() => SetDuplicateDetection("1", Interface));

    /// <summary>Does something as the host: sockets opened there are the host's, whoever uses them later.</summary>
    public T Enter<T>(Func<T> action) => NetworkNamespace.Run(Name, Interface, action);

    /// <inheritdoc cref="Enter{T}(Func{T})"/>
    public void Enter(Action action) => Enter(() =>
    {
        action();
        return 0;
    });

    /// <inheritdoc/>
    public void Dispose() => IpTool.TryRun("netns", "delete", Name);

    private static string[] Names() =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "fluke6-*").Select(path => Path.GetFileName(path))] : [];

    private static int? ProcessOf(string name) => int.TryParse(name.Split('-')[^1], out int process) ? process : null;

    // Duplicate address detection takes a second, for addresses that nobody can have yet.
    private static void SkipWaiting() => SetDuplicateDetection("0", "all", "default");

    private static void SetDuplicateDetection(string value, params ReadOnlySpan<string> interfaces)
    {
        try
        {
            foreach (string one in interfaces)
                File.WriteAllText($"/proc/sys/net/ipv6/conf/{one}/accept_dad", value);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Containers may forbid it; then the lab waits, or does as it did.
        }
    }
}
