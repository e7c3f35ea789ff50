namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>What real clients of TLS ask for is told, also where their first message takes more than one segment.</summary>
public sealed class TlsTests
{
    [Fact]
    public void NamesOfServersAreLogged()
    {
        TwoHosts.RequireTool("openssl");
        TwoHosts.RequireTool("curl");
        using var folder = new RuleFolder();
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("tls-log-sni"));
        string key = Path.Combine(folder.Path, "key.pem"), certificate = Path.Combine(folder.Path, "certificate.pem");
        hosts.Exec(hosts.Right, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=x");
        hosts.Start(hosts.Right, "openssl", "s_server", "-key", key, "-cert", certificate, "-port", "443", "-www", "-quiet");
        Namespaces.Until(() => hosts.Exec(hosts.Right, "ss", "-tln").Contains(":443", StringComparison.Ordinal), "a listener");
        hosts.Exec(hosts.Left, "curl", "-sk", "--connect-to", $"::{TwoHosts.RightAddress}", "https://www.example.net/");
        // Longer than two segments, with the name behind.
        string protocols = string.Join(',', Enumerable.Range(0, 200).Select(number => $"protocol-number-{number}"));
        hosts.Exec(hosts.Left, "sh", "-c",
            $"echo Q | openssl s_client -connect {TwoHosts.RightAddress}:443 -servername long.example.net -alpn {protocols} >/dev/null 2>&1 || true");
        foreach (string name in (string[])["www.example.net", "long.example.net"])
            hosts.Bridge.WaitForJson("log", json => json.GetProperty("message").GetString()!.Contains($"name {name},", StringComparison.Ordinal));
    }
}
