using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Streams;

/// <summary>The headers of what one end of a connection sends, for frames that are sent in its name. Worker's thread only.</summary>
internal sealed class StreamTemplate
{
    // Room for tags, IP options and extension headers. Who sends more is not followed.
    private const int MaxLength = 320;
    private const int TimestampsLength = 12;

    private readonly byte[] _headers = new byte[MaxLength];
    private int _length;
    private int _network;
    private bool _isIpv6;
    private int _mtu = ushort.MaxValue;
    private int _pathMtu = ushort.MaxValue;
    private bool _hasTimestamps;
    private uint _timestamp;
    private uint _echo;
    private ushort _source;
    private ushort _destination;

    /// <summary>The largest segment that the other end takes, without options. RFC 9293 §3.7.1.</summary>
    public ushort MaximumSegmentSize { get; set; } = 536;

    /// <summary>Whether the end's frames come with checksums that are left to complete.</summary>
    public bool HasOffload { get; private set; }

    /// <summary>The port that they arrive on.</summary>
    public Side From { get; private set; }

    /// <summary>How many octets of data go into one segment.</summary>
    public int SegmentLimit
    {
        get
        {
            int room = Math.Min(_mtu, _pathMtu) - (_length - _network) - TcpHeader.MinLength;
            return Math.Max(Math.Min(MaximumSegmentSize, room) - (_hasTimestamps ? TimestampsLength : 0), 1);
        }
    }

    /// <summary>Learns from a frame.</summary>
    /// <returns>Whether its headers fit.</returns>
    public bool Learn(ref readonly Frame frame, TcpHeader tcp)
    {
        ref readonly Layers layers = ref frame.Layers;
        if (layers.TransportOffset > MaxLength)
            return false;

        _length = layers.TransportOffset;
        _network = layers.NetworkOffset;
        frame.Octets[.._length].CopyTo(_headers);
        _isIpv6 = layers.Network == EtherType.Ipv6;
        _mtu = frame.Mtu;
        From = frame.From;
        HasOffload = frame.HasPartialChecksum || frame.SegmentSize > 0;
        (_source, _destination) = (tcp.SourcePort, tcp.DestinationPort);
        if (tcp.Options.TryGet(TcpOptionKind.Timestamps, out TcpOption timestamps) && timestamps.Length == 10)
        {
            _hasTimestamps = true;
            _timestamp = timestamps.UInt32;
            _echo = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(timestamps.Data[4..]);
        }

        return true;
    }

    /// <summary>A router said how long packets may be. RFC 1191 §6.3: below 68 is nonsense; RFC 8201 §4: of IPv6, below 1,280.</summary>
    public void LimitPath(int mtu) => _pathMtu = Math.Min(_pathMtu, Math.Max(mtu, _isIpv6 ? 1280 : 68));

    /// <summary>The headers' octets before the data.</summary>
    public int HeaderLength => _length + TcpHeader.MinLength + (_hasTimestamps ? TimestampsLength : 0);

    /// <summary>Writes all headers in front of data that stands in its place; the checksum is left to complete.</summary>
    /// <param name="into">The buffer; its frame begins where a port would put it.</param>
    /// <param name="fields">What the segment says, without ports and options.</param>
    /// <param name="dataLength">How many octets of data follow.</param>
    /// <param name="linkType">What frames begin with.</param>
    /// <param name="segmentSize">How many octets of data go into a segment on the wire.</param>
    /// <param name="blocks">The blocks of a SACK, of a segment without data.</param>
    public void Write(FrameBuffer into, in TcpFields fields, int dataLength, LinkType linkType, int segmentSize, ReadOnlySpan<byte> blocks)
    {
        Span<byte> options = stackalloc byte[TcpHeader.MaxLength - TcpHeader.MinLength];
        int length = 0;
        if (_hasTimestamps)
        {
            length = TimestampsLength;
            // RFC 7323, appendix A: two NOPs before it, so that its numbers stand at whole words.
            options[0] = options[1] = (byte)TcpOptionKind.NoOperation;
            (options[2], options[3]) = ((byte)TcpOptionKind.Timestamps, TimestampsLength - 2);
            TcpOptionFields.WritePair(options[4..], _timestamp, _echo);
        }

        if (!blocks.IsEmpty)
        {
            options[length] = options[length + 1] = (byte)TcpOptionKind.NoOperation;
            length += 2 + TcpOptionFields.Write(options[(length + 2)..], TcpOptionKind.Sack, blocks);
        }

        int headers = _length + TcpHeader.MinLength + length;
        Span<byte> octets = into.Array.AsSpan(FrameBuffer.FrameStart, headers + dataLength);
        _headers.AsSpan(0, _length).CopyTo(octets);
        TcpFields header = fields with { SourcePort = _source, DestinationPort = _destination };
        header.Write(octets[_length..], options[..length]);
        Span<byte> packet = octets[_network..];
        if (_isIpv6)
            Ipv6Fields.Complete(packet);
        else
            Ipv4Fields.Complete(packet);
        UpperLayerChecksum.Write(packet, _length - _network, IpProtocol.Tcp, partial: true);
        into.Arrive(octets.Length, linkType, From, _mtu);
        Offload offload = into.Offload;
        offload.Clear();
        offload.SetPartialChecksum(_length, UpperLayerChecksum.OffsetOf(IpProtocol.Tcp));
        if (dataLength > segmentSize)
            offload.SetSegmentation(_isIpv6 ? SegmentationKind.Tcpv6 : SegmentationKind.Tcpv4, segmentSize, headers);
    }
}
