using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fluke6.Command.Streams;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Command.Lab;

/// <summary>Lets the two hosts talk and shows what the rules made of it: the same frames, as one sent them and as the other got them.</summary>
internal sealed class Demonstration(LabHosts hosts, StandardStream output, StopRequest stop)
{
    private const int TcpPort = 8080;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Shows it.</summary>
    /// <returns>The effects of the examples that did not show; empty if all of them did, or if only the traffic was to pass.</returns>
    public List<string> Run(bool expectExamples)
    {
        var missing = new List<string>();
        ShowSyn(expectExamples, missing);
        ShowPrefix(expectExamples, missing);
        ShowExtraAddress(expectExamples, missing);
        return missing;
    }

    private void ShowSyn(bool expectExamples, List<string> missing)
    {
        using var atLeft = new FrameWatch(hosts.Left);
        using var atRight = new FrameWatch(hosts.Right);
        output.WriteLine($"TCP, {LabHosts.LeftAddress} to {LabHosts.RightAddress}:");
        if (Connect() is { } failure)
        {
            output.WriteLine($"  no connection: {failure}");
            missing.Add("the hosts cannot talk TCP across the bridge");
            return;
        }

        string offered = atLeft.Find(SynOptions, s_patience) ?? "not seen";
        string delivered = atRight.Find(SynOptions, s_patience) ?? "not seen";
        output.WriteLine($"  SYN's options as offered    {offered}");
        output.WriteLine($"  SYN's options as delivered  {delivered}");
        if (expectExamples && !(offered.Contains("sackOK") && !delivered.Contains("sackOK") && delivered.Contains("mss 1220")))
            missing.Add("the SYN was not delivered without sackOK and with mss 1220");
    }

    private void ShowPrefix(bool expectExamples, List<string> missing)
    {
        using var atLeft = new FrameWatch(hosts.Left);
        using var atRight = new FrameWatch(hosts.Right);
        using var router = new RouterAdvertiser(hosts.Left, LabHosts.Prefix);
        output.WriteLine("Router advertisement, left to all nodes:");
        WaitFor(router.TrySend);
        string advertised = atLeft.Find(AdvertisedPrefix, s_patience) ?? "not seen";
        string received = atRight.Find(AdvertisedPrefix, s_patience) ?? "not seen";
        string? configured = null;
        WaitFor(() => (configured = hosts.AutoconfiguredAddress()) is not null);
        output.WriteLine($"  prefix as advertised        {advertised}");
        output.WriteLine($"  prefix as received          {received}");
        output.WriteLine($"  right configured itself as  {configured ?? "nothing"}");
        if (expectExamples && (advertised != $"{LabHosts.Prefix}" || received != $"{LabHosts.RewrittenPrefix}" || configured is null
            || !LabHosts.RewrittenPrefix.Contains(Ipv6Address.Parse(configured))))
        {
            missing.Add($"right did not configure itself from {LabHosts.RewrittenPrefix}");
        }
    }

    private void ShowExtraAddress(bool expectExamples, List<string> missing)
    {
        output.WriteLine($"Ping, left to {LabHosts.ExtraAddress}, which exists nowhere:");
        using Socket socket = hosts.Left.Enter(() => new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6));
        TimeSpan? time = null;
        WaitFor(() => (time = Ping(socket)) is not null);
        string neighbor = IpTool.Run("-n", hosts.Left.Name, "-6", "neighbor", "show", LabHosts.ExtraAddress);
        string[] words = neighbor.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        int at = Array.IndexOf(words, "lladdr");
        output.WriteLine(time is null
            ? "  no answer"
            : $"  answered in {time.Value.TotalMilliseconds:0.00} ms, from {(at < 0 ? "an unknown address" : words[at + 1])}");
        if (expectExamples && time is null)
            missing.Add($"{LabHosts.ExtraAddress} did not answer");
    }

    private string? Connect()
    {
        using Socket listener = hosts.Right.Enter(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        using Socket client = hosts.Left.Enter(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(IPAddress.Any, TcpPort));
        listener.Listen();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        limit.CancelAfter(s_patience);
        try
        {
            client.ConnectAsync(IPAddress.Parse(LabHosts.RightAddress), TcpPort, limit.Token).AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (SocketException exception)
        {
            return exception.Message;
        }
        catch (OperationCanceledException)
        {
            stop.Token.ThrowIfCancellationRequested();
            return $"no answer within {s_patience.TotalSeconds:0} s";
        }
    }

    private static TimeSpan? Ping(Socket socket)
    {
        byte[] message = new byte[64];
        Icmpv6Fields.EchoRequest(0, 0).Write(message);
        "Fluke6"u8.CopyTo(message.AsSpan(8));
        long start = Stopwatch.GetTimestamp();
        socket.SendTo(message, new IPEndPoint(IPAddress.Parse(LabHosts.ExtraAddress), 0));
        byte[] answer = new byte[1500];
        // Other ICMPv6 of this host arrives here, too.
        while (socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead))
        {
            int length = socket.Receive(answer);
            if (length == message.Length && (Icmpv6Type)answer[0] == Icmpv6Type.EchoReply)
                return Stopwatch.GetElapsedTime(start);
        }

        return null;
    }

    private static string? SynOptions(ref Frame frame)
    {
        if (!frame.TryGetTcp(out var tcp) || !tcp.Syn || tcp.Ack || tcp.DestinationPort != TcpPort)
            return null;

        return tcp.Options.ToString().Replace(",", ", ", StringComparison.Ordinal);
    }

    private static string? AdvertisedPrefix(ref Frame frame)
    {
        if (!frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement))
            return null;

        return advertisement.Options.TryGetPrefixInformation(out PrefixInformation information) ? $"{information.Prefix}" : "none";
    }

    private void WaitFor(Func<bool> condition)
    {
        long end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (!condition() && Environment.TickCount64 < end)
        {
            if (stop.Wait(TimeSpan.FromMilliseconds(20)))
                stop.Token.ThrowIfCancellationRequested();
        }
    }
}
