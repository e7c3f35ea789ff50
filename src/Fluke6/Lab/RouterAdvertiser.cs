using System.Net;
using System.Net.Sockets;
using Fluke6.Wire;

namespace Fluke6.Command.Lab;

/// <summary>Makes a host the router of its link: sends Router Advertisements for one prefix. RFC 4861 §4.2.</summary>
internal sealed class RouterAdvertiser : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(4);
    private readonly Socket _socket;
    private readonly IPEndPoint _allNodes;
    private readonly byte[] _message;
    private Timer? _timer;

    /// <summary>Advertises from a host's interface.</summary>
    public RouterAdvertiser(LabHost host, Ipv6Prefix prefix)
    {
        int index = int.Parse(IpTool.Run("-n", host.Name, "-o", "link", "show", "dev", LabHost.Interface).Split(':')[0]);
        _socket = host.Enter(() => new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6));
        // Receivers drop what came over a router. RFC 4861 §6.1.2.
        _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, 255);
        _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, index);
        _allNodes = new IPEndPoint(new IPAddress(IPAddress.Parse("ff02::1").GetAddressBytes(), index), 0);
        _message = Build(prefix);
    }

    /// <summary>Sends one now.</summary>
    /// <returns>False while the interface has no address to send it from.</returns>
    public bool TrySend()
    {
        try
        {
            _socket.SendTo(_message, _allNodes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Sends one now and again.</summary>
    public void Start() => _timer = new Timer(_ => TrySend(), null, TimeSpan.Zero, s_interval);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing may be sent through a socket that is closed.
        using (var ended = new ManualResetEvent(false))
        {
            if (_timer?.Dispose(ended) == true)
                ended.WaitOne();
        }

        _socket.Dispose();
    }

    // The kernel fills in the checksum. RFC 3542 §3.1.
    private static byte[] Build(Ipv6Prefix prefix)
    {
        var advertisement = new RouterAdvertisementFields();
        var information = new PrefixInformationFields(prefix) { ValidLifetime = 86400, PreferredLifetime = 14400 };
        var mtu = new MtuOptionFields(1500);
        byte[] message = new byte[advertisement.Length + information.Length + mtu.Length];
        advertisement.Write(message);
        information.Write(message.AsSpan(advertisement.Length));
        mtu.Write(message.AsSpan(advertisement.Length + information.Length));
        return message;
    }
}
