using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Linux;

// Frames that cannot go to the bridge as they are wait here and are cut up: without offload all super-segments, with it those that are
// longer than an IP packet can say (Linux's BIG TCP), which become several that are not.
internal sealed unsafe partial class PacketPort
{
    private const int MaxPacketLength = 65535;

    // The kernel's GSO_MAX_SIZE, 8 x 65535, with all headers.
    private const int LongestFrame = 512 * 1024;

    private const int WireSizedBatch = 8;

    private readonly Segmentation _cut;
    private readonly ReadOnlyMemory<byte>[] _rests = new ReadOnlyMemory<byte>[MaxBatch];    // of frames that a buffer has no room for
    private FrameBatch? _staging;
    private int _firstLong = -1;
    private int _nextStaged;
    private bool _moreAfterStaged;

    /// <summary>
    /// Whether frames are read into the port's own buffers first. Where that is for the sake of long ones, until none comes any more.
    /// </summary>
    private bool ReceivesStaged => !Offload || HasStaged || _firstLong >= 0;

    /// <summary>Notes a frame that is longer than an IP packet can say, or than its buffer.</summary>
    private void NoteLong(FrameBuffer buffer, int index, int message, int length)
    {
        if (length > FrameBuffer.MaxFrameLength)
            _rests[index] = _overflow.Of(message, length - FrameBuffer.MaxFrameLength);
        else if (buffer.Layers.NetworkEnd == buffer.Length)
            return;

        if (_firstLong < 0)
            _firstLong = index;
    }

    /// <summary>Takes the first long frame, and those after it, out of a batch.</summary>
    private void StageFrom(FrameBatch batch, bool more)
    {
        _staging ??= new FrameBatch(MaxBatch, new FrameUndo());
        int first = _firstLong, count = batch.Count - first;
        for (int i = 0; i < count; i++)
            _staging.Buffers[i].Load(batch.Buffers[first + i]);
        _rests.AsSpan(first, count).CopyTo(_rests);
        _rests.AsSpan(count).Clear();
        BeginStaged(_staging, count, more);
        batch.Count = first;
    }

    private bool ReceiveStaged(FrameBatch batch, Side from, int mtu)
    {
        FrameBatch staging = _staging ??= new FrameBatch(WireSizedBatch, new FrameUndo());
        if (!HasStaged)
        {
            _firstLong = -1;
            bool more = ReceiveMessages(staging, from, mtu);
            BeginStaged(staging, staging.Count, more);
        }

        batch.Count = 0;
        while (batch.Count < batch.Buffers.Length && HasStaged)
        {
            if (!_cut.HasNext)
                BeginNext(staging);
            else
                Take(batch);
            HasStaged = _cut.HasNext || _nextStaged < staging.Count;
        }

        return HasStaged || _moreAfterStaged;
    }

    private void BeginStaged(FrameBatch staging, int count, bool more)
    {
        staging.Count = count;
        Counters.RxFrames -= count;
        foreach (FrameBuffer frame in staging.Frames)
            Counters.RxBytes -= frame.Length;
        _nextStaged = 0;
        _moreAfterStaged = more;
        HasStaged = count > 0;
    }

    private void BeginNext(FrameBatch staging)
    {
        ReadOnlyMemory<byte> rest = _rests[_nextStaged];
        _rests[_nextStaged] = default;
        if (!_cut.Begin(staging.Buffers[_nextStaged++], rest))
            Counters.CountRxDropped(rest.IsEmpty ? ReceiveLoss.NotCut : ReceiveLoss.Truncated);
    }

    private void Take(FrameBatch batch)
    {
        FrameBuffer frame = batch.Buffers[batch.Count++];
        _cut.TryNext(frame);
        frame.TagRoom = batch.TagRoom;
        Counters.RxFrames++;
        Counters.RxBytes += frame.Length;
    }
}
