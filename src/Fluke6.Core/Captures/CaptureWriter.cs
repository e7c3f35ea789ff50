using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Captures;

/// <summary>Takes frames out of the ring, words what rules did to them, and writes blocks to the file. The capture's thread.</summary>
internal sealed class CaptureWriter : IDisposable
{
    private const int FlushSize = 256 * 1024;

    // The end of a file: how much both interfaces lack.
    private const int RoomAtEnd = 128;
    private readonly string _path;
    private readonly FileRing? _files;
    private readonly (string Name, string Description) _left;
    private readonly (string Name, string Description) _right;
    private FileStream _file;
    private readonly PcapngBlocks _blocks = new();
    private readonly CaptureRing _ring;
    private readonly RuleNames _names;
    private readonly LinkType _linkType;
    private byte[] _before = new byte[2048];
    private int _beforeLength;
    private long _offset;
    private long _inFile;
    private long _inBlocks;
    private long _packets;
    private long _failed;
    private string? _failure;
    private bool _isFull;

    private CaptureWriter(
        string path, FileStream file, FileRing? files, LinkType linkType, (string Name, string Description) left, (string Name, string Description) right,
        RuleNames names, CaptureRing ring)
    {
        _path = path;
        _file = file;
        _files = files;
        _left = left;
        _right = right;
        _ring = ring;
        _names = names;
        _linkType = linkType;
        // A file that is gone on with is cut off nowhere before.
        _offset = file.CanSeek ? file.Position : 0;
    }

    /// <summary>The file that is being written.</summary>
    public string Path => _files?.Current ?? _path;

    public long Packets => Volatile.Read(ref _packets);

    public long Bytes => Volatile.Read(ref _offset);

    public long Failed => Volatile.Read(ref _failed);

    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Where it takes no more. Before the first packet.</summary>
    public CaptureLimit Limit { get; set; } = CaptureLimit.None;

    /// <summary>Whether it came to its limit: what comes later is not wanted.</summary>
    public bool IsFull => Volatile.Read(ref _isFull);

    /// <summary>Begins the file with its section header and interfaces.</summary>
    /// <param name="path">Where, for messages.</param>
    /// <param name="file">The first file.</param>
    /// <param name="files">Gives the next, once one is full; null if it never is.</param>
    public static CaptureWriter Create(string path, FileStream file, FileRing? files, IPort left, IPort right, RuleNames names,
        CaptureRing ring)
    {
        // Interfaces in two network namespaces may bear one name.
        bool ambiguous = left.Name == right.Name;
        return Create(
            path, file, files, left.LinkType, (ambiguous ? left.Specification : left.Name, $"left port, {left.Specification}"),
            (ambiguous ? right.Specification : right.Name, $"right port, {right.Specification}"), names, ring);
    }

    /// <summary>Begins a section with its header and interfaces, each with its name and what it is.</summary>
    public static CaptureWriter Create(
        string path, FileStream file, FileRing? files, LinkType linkType, (string Name, string Description) left, (string Name, string Description) right,
        RuleNames names, CaptureRing ring)
    {
        var writer = new CaptureWriter(path, file, files, linkType, left, right, names, ring);
        writer.Begin();
        if (writer.Failure is not { } failure)
            return writer;

        writer.Dispose();
        throw new IOException(failure);
    }

    /// <summary>Writes all that waits.</summary>
    public void Drain()
    {
        while (_ring.TryPeek(out long position))
        {
            ref CaptureRecord record = ref _ring.HeaderAt(position);
            int length = record.Length;
            Span<byte> octets = _ring.OctetsAt(position, length);
            if (_failure is not null)
                _failed++;
            else if (!_isFull)
                Format(record, octets);

            _ring.Release(position, length);
            if (_blocks.Octets.Length >= FlushSize)
                Flush();
        }

        Flush();
    }

    /// <summary>Notes, from another thread, that a write does not return.</summary>
    public void Abandon(string why) => Interlocked.CompareExchange(ref _failure, why, null);

    /// <summary>Says how much is missing, if something is, and closes the file.</summary>
    public void Close(ReadOnlySpan<long> lost)
    {
        for (int i = 0; i < lost.Length && _failure is null; i++)
        {
            if (lost[i] > 0)
                _blocks.InterfaceStatistics(i, Moment.Nanoseconds(DateTimeOffset.UtcNow), lost[i]);
        }

        Flush();
        Dispose();
    }

    public void Dispose() => _file.Dispose();

    private void Begin()
    {
        ushort linkType = CaptureLinkTypes.NumberOf(_linkType);
        _blocks.SectionHeader();
        _blocks.InterfaceDescription(linkType, _left.Name, _left.Description);
        _blocks.InterfaceDescription(linkType, _right.Name, _right.Description);
        Flush();
    }

    /// <summary>Goes on in the next file, if this one has no room for a packet.</summary>
    private void MakeRoom(int length, string comment)
    {
        if (_files is null || _inFile + _blocks.Octets.Length + PcapngBlocks.PacketLength(length, comment) + RoomAtEnd <= _files.Limit)
            return;

        Flush();
        if (_failure is not null)
            return;

        try
        {
            _file.Dispose();
            _file = _files.Next();
            _inFile = 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _failure, exception.Message);
            return;
        }

        Begin();
    }

    private void Format(in CaptureRecord record, Span<byte> octets)
    {
        bool arrived = record.Kind == CaptureKind.Arrived;
        Span<byte> offloadOctets = stackalloc byte[Offload.Length];
        ((ReadOnlySpan<byte>)record.Offload).CopyTo(offloadOctets);
        var offload = new Offload(offloadOctets);
        PartialChecksum.Complete(octets, _linkType, offload);

        string comment = CaptureComment.For(record, octets, _before.AsSpan(0, _beforeLength), offload.SegmentSize, _linkType, _names);
        _beforeLength = 0;
        if (arrived && record.Paired)
            Keep(octets);

        if (_offset + _blocks.Octets.Length + PcapngBlocks.PacketLength(octets.Length, comment) + RoomAtEnd > Limit.Bytes)
        {
            Volatile.Write(ref _isFull, true);
            return;
        }

        MakeRoom(octets.Length, comment);
        Span<byte> packet = _blocks.Packet(
            record.Interface, record.Utc, arrived ? PcapngBlocks.Inbound : PcapngBlocks.Outbound, octets.Length, record.Missing, comment);
        octets.CopyTo(packet);
        _inBlocks++;
        if (_packets + _inBlocks >= Limit.Packets)
            Volatile.Write(ref _isFull, true);
    }

    private void Keep(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > _before.Length)
            _before = new byte[FrameBuffer.MaxFrameLength];
        octets.CopyTo(_before);
        _beforeLength = octets.Length;
    }

    private void Flush()
    {
        if (_blocks.Octets.IsEmpty || _failure is not null)
            return;

        try
        {
            // Whole blocks in one write: the file ends with a complete block whenever the process is killed between two of them.
            _file.Write(_blocks.Octets);
            _inFile += _blocks.Octets.Length;
            Volatile.Write(ref _offset, _offset + _blocks.Octets.Length);
            Volatile.Write(ref _packets, _packets + _inBlocks);
        }
        catch (IOException exception)
        {
            // Whoever tells it names the file.
            Volatile.Write(ref _failure, exception.Message.Replace($" : '{_file.Name}'", "", StringComparison.Ordinal));
            Volatile.Write(ref _failed, _failed + _inBlocks);
            CutOff();
        }

        _inBlocks = 0;
        _blocks.Clear();
    }

    /// <summary>Takes the part of a block that a full disk still took off the file's end.</summary>
    private void CutOff()
    {
        try
        {
            _file.SetLength(_inFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // A pipe or a device, which takes nothing back. That it failed is known, and a reader stops at the last whole block.
        }
    }
}
