
namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>A capture made live, its arrivals replayed through the same rules and seed, departs as it did live.</summary>
public sealed class ReplayedCaptureTests : IDisposable
{
    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CaptureMadeUnderLoadDepartsAsItDidLive(bool packetPorts)
    {
        // Every kind of departure: rewritten, answered, dropped and sent frames, and which of them is the random numbers' choice.
        string random = _folder.Write("90-random.csx", """
            Verdict Apply(ref Frame frame)
            {
                if (!frame.TryGetIpv4(out var ipv4) || ipv4.Protocol != IpProtocol.Icmpv4)
                    return Verdict.Continue;

                int choice = Random.Next(4);
                if (choice == 0)
                    return Verdict.Drop;
                if (choice == 1)
                    Send(frame.From, frame.ToArray());
                if (choice == 2)
                    ipv4.TimeToLive = 9;
                return choice == 3 ? frame.AnswerEcho() : Verdict.Continue;
            }
            """);
        string live = Path.Combine(_folder.Path, "live.pcapng"), replayed = Path.Combine(_folder.Path, "replayed.pcapng");
        string[] rules = ["--rules", FlukeProcess.Example("tcp-strip-sack-permitted"), "--rules", FlukeProcess.Example("tcp-clamp-mss"), "--rules", random, "--seed", "6"];
        using (var hosts = new TwoHosts(packetPorts, ["--capture", live, .. rules]))
        {
            hosts.StartIperfServer();
            // All of it fits into the capture's ring of 16 MiB, so that nothing is lost however slowly the file is written.
            System.Diagnostics.Process bulk = hosts.Start(hosts.Left, "iperf3", "-c", TwoHosts.RightAddress, "--bytes", "5M");
            hosts.Exec(hosts.Left, "ping", "-q", "-f", "-c", "1200", "-W", "1", TwoHosts.RightAddress);
            Assert.True(bulk.WaitForExit(60_000));
            hosts.Bridge.Signal("INT");
            Assert.Equal(0, hosts.Bridge.WaitForExit());
            Assert.Equal(0, hosts.Bridge.LastJson("stats").GetProperty("capture").GetProperty("lost").GetInt64());
        }

        using (var fluke = new FlukeProcess(["replay", live, "-o", replayed, .. rules]))
            Assert.Equal(0, fluke.WaitForExit());

        ReadCapture before = ReadCapture.Read(live), after = ReadCapture.Read(replayed);
        Assert.True(before.Packets.Count(packet => !packet.Inbound) > 500);
        Assert.Equal(Shown(before, inbound: true), Shown(after, inbound: true));
        Assert.Equal(Shown(before, inbound: false), Shown(after, inbound: false));

        // A super-segment is one long frame in a capture, and so in its replay, where nothing says that it was one.
        static IEnumerable<string> Shown(ReadCapture capture, bool inbound) => capture.Packets.Where(packet => packet.Inbound == inbound)
            .Select(packet => $"{packet.Interface} {packet.Comment.Split("super-segment")[0].TrimEnd(' ', ';')} {Convert.ToHexString(packet.Octets)}");
    }
}
