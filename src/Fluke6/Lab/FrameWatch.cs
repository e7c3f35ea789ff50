using System.Net.Sockets;
using Fluke6.Frames;

namespace Fluke6.Command.Lab;

/// <summary>Looks at the frames that a host sends and receives, with a packet socket. What came before nobody asked is kept by the kernel.</summary>
internal sealed class FrameWatch : IDisposable
{
    // packet(7): ETH_P_ALL in network byte order.
    private const ProtocolType AllProtocols = (ProtocolType)0x0300;
    private readonly Socket _socket;
    private readonly byte[] _octets = new byte[FrameBuffer.MaxFrameLength];
    private readonly FrameBuffer _buffer = new(new FrameUndo());

    /// <summary>Begins to look.</summary>
    public FrameWatch(LabHost host) => _socket = host.Enter(() => new Socket(AddressFamily.Packet, SocketType.Raw, AllProtocols));

    /// <summary>Describes a frame; null if it is not the one.</summary>
    public delegate string? FrameReader(ref Frame frame);

    /// <summary>Waits for a frame that the reader has something to say about.</summary>
    /// <returns>The description; null if there was none in time.</returns>
    public string? Find(FrameReader reader, TimeSpan patience)
    {
        long end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (Environment.TickCount64 < end)
        {
            if (!_socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead))
                continue;

            int length = _socket.Receive(_octets);
            _buffer.Load(_octets.AsSpan(0, length), LinkType.Ethernet, Side.Left);
            var frame = new Frame(_buffer);
            if (reader(ref frame) is { } found)
                return found;
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
