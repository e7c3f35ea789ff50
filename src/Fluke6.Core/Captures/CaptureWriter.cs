using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Captures;

/// <summary>Takes frames out of the ring, words what rules did to them, and writes blocks to the file. The capture's thread.</summary>
internal sealed class CaptureWriter : IDisposable
{
    private const int FlushSize = 256 * 1024;
    private readonly FileStream _file;
    private readonly PcapngBlocks _blocks = new();
    private readonly CaptureRing _ring;
    private readonly RuleNames _names;
    private readonly LinkType _linkType;
    private byte[] _before = new byte[2048];
    private int _beforeLength;
    private long _offset;
    private long _inBlocks;
    private long _packets;
    private long _failed;
    private string? _failure;

    private CaptureWriter(FileStream file, CaptureRing ring, RuleNames names, LinkType linkType)
    {
        _file = file;
        _ring = ring;
        _names = names;
        _linkType = linkType;
    }

    public long Packets => Volatile.Read(ref _packets);

    public long Bytes => Volatile.Read(ref _offset);

    public long Failed => Volatile.Read(ref _failed);

    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Begins the file with its section header and interfaces.</summary>
    public static CaptureWriter Create(FileStream file, IPort left, IPort right, RuleNames names, CaptureRing ring)
    {
        var writer = new CaptureWriter(file, ring, names, left.LinkType);
        ushort linkType = CaptureLinkTypes.NumberOf(left.LinkType);
        writer._blocks.SectionHeader();
        // Interfaces in two network namespaces may bear one name.
        bool ambiguous = left.Name == right.Name;
        foreach ((IPort port, string side) in (ReadOnlySpan<(IPort, string)>)[(left, "left"), (right, "right")])
            writer._blocks.InterfaceDescription(linkType, ambiguous ? port.Specification : port.Name, $"{side} port, {port.Specification}");
        writer.Flush();
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
            if (_failure is null)
                Format(record, octets);
            else
                _failed++;

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

        Span<byte> packet = _blocks.Packet(
            record.Interface, record.Utc, arrived ? PcapngBlocks.Inbound : PcapngBlocks.Outbound, octets.Length, record.Missing, comment);
        octets.CopyTo(packet);
        _inBlocks++;
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
            _file.SetLength(_offset);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // A pipe or a device, which takes nothing back. That it failed is known, and a reader stops at the last whole block.
        }
    }
}
