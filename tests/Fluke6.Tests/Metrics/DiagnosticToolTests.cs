using System.Globalization;
using System.Net.Sockets;
using Fluke6.Testing.Hosts;

namespace Fluke6.Command.Tests.Metrics;

/// <summary>How dotnet-counters and its like reach a bridge: by a socket among the temporary files.</summary>
public sealed class DiagnosticToolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fluke6-tools-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The process becomes another program when it gives its rights up, and ends its compiler from outside.</summary>
    [Fact]
    public void BridgeAnswersThemAndLeavesNothingInTheTemporaryFolder()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "namespaces and ports need root");
        using var hosts = new TwoHosts(["env", $"TMPDIR={_folder}"], "--rules", FlukeProcess.Example("tcp-clamp-mss"));

        string path = Assert.Single(Directory.GetFiles(_folder, "dotnet-diagnostic-*-socket"));
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{hosts.Bridge.Id}-"), Path.GetFileName(path), StringComparison.Ordinal);
        using (var tool = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            tool.Connect(new UnixDomainSocketEndPoint(path));

        hosts.Bridge.Signal("TERM");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }
}
