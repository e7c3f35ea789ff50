using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Captures;

/// <summary>
/// A pcapng file of what crosses the bridge: every frame as it arrived and, where a rule changed, answered or sent one, as it left, with the
/// rule's name and what it did as the packet's comment. The frame path copies into a ring and never waits: a thread of its own
/// formats and writes, in whole blocks, so that the file is readable to its last complete block whenever the process ends. What cannot be
/// written, as on a full disk, ends the capture.
/// </summary>
internal sealed class CaptureFile : IDisposable
{
    /// <summary>How many octets may wait to be written.</summary>
    public const int DefaultRingSize = 16 * 1024 * 1024;

    // So much stays in a processor's cache.
    private const int WaitingRingSize = 512 * 1024;

    private static readonly TimeSpan StallPatience = TimeSpan.FromSeconds(4);

    private readonly CaptureRing _ring;
    private readonly CaptureWriter _writer;
    private readonly Thread? _thread;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Lock _closing = new();
    private long _pending = -1;
    private readonly long[] _lost = new long[2];    // by interface
    private readonly Func<FrameBuffer, bool>? _filter;

    private CaptureFile(CaptureWriter writer, CaptureRing ring, Action<CaptureFile>? ended, Func<FrameBuffer, bool>? filter = null)
    {
        _writer = writer;
        _ring = ring;
        _filter = filter;
        if (ended is null)
            return;

        _thread = new Thread(() => Write(ended)) { Name = "capture", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The file; where there are several, the one that is being written.</summary>
    public string Path => _writer.Path;

    /// <summary>When it began, UTC.</summary>
    public DateTime Started { get; } = DateTime.UtcNow;

    /// <summary>Packets written, to all files.</summary>
    public long Written => _writer.Packets;

    /// <summary>Octets written, to all files.</summary>
    public long Bytes => _writer.Bytes;

    /// <summary>Packets that are not in the file, because they came faster than it takes them or could not be written.</summary>
    public long Lost => Volatile.Read(ref _lost[0]) + Volatile.Read(ref _lost[1]) + _writer.Failed;

    /// <summary>Why nothing more is written, such as a full disk; null while all is well.</summary>
    public string? Failure => _writer.Failure;

    /// <summary>Whether it ended by itself: at its limit, or by a <see cref="Failure"/>.</summary>
    public bool HasEnded => _writer.IsFull || Failure is not null;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="left">The first interface.</param>
    /// <param name="right">The second interface.</param>
    /// <param name="names">The rules' names.</param>
    /// <param name="ended">Called on the capture's thread once, after an error or the limit ended the capture.</param>
    /// <param name="overwrite">Whether a file that is there is overwritten.</param>
    /// <param name="files">How many files it may take, and how long ones; null for one of any length.</param>
    /// <param name="filter">Which frames to write; null for all. A frame that it holds for as it arrives is written as it leaves, too.</param>
    /// <param name="limit">Where it ends by itself; null for nowhere.</param>
    /// <param name="ringSize">Octets that may wait to be written, a power of two from 128 KiB.</param>
    internal static CaptureFile Create(
        string path, IPort left, IPort right, RuleNames names, Action<CaptureFile> ended, bool overwrite = true, FileRingSize? files = null,
        Func<FrameBuffer, bool>? filter = null, CaptureLimit? limit = null, int ringSize = DefaultRingSize)
    {
        var ring = new CaptureRing(ringSize);
        FileRing? next = files is { } size ? new FileRing(path, size) : null;
        FileStream file = next?.Next() ?? CaptureTarget.Open(path, overwrite);
        var writer = CaptureWriter.Create(path, file, next, left, right, names, ring);
        writer.Limit = limit ?? CaptureLimit.None;
        return new CaptureFile(writer, ring, ended, filter);
    }

    /// <summary>
    /// Begins a file that loses nothing and has no thread: whoever hands over frames writes them now and then, and waits for that. Of an error only <see cref="Failure"/> tells.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="file">The file, where it is open already.</param>
    /// <param name="left">The first interface.</param>
    /// <param name="right">The second interface.</param>
    /// <param name="names">The rules' names.</param>
    internal static CaptureFile CreateWaiting(string path, FileStream? file, IPort left, IPort right, RuleNames names)
    {
        var ring = new CaptureRing(WaitingRingSize);
        return new CaptureFile(
            CaptureWriter.Create(path, file ?? CaptureTarget.Open(path, overwrite: true), null, left, right, names, ring), ring, ended: null);
    }

    /// <summary>
    /// Writes what waits, and closes the file; a second caller waits for the first. One that takes nothing any more is left behind, which
    /// is a <see cref="Failure"/>.
    /// </summary>
    public void Dispose()
    {
        lock (_closing)
        {
            if (_stop.IsSet)
                return;

            _stop.Set();
            if (_thread is null)
            {
                PublishPending();
                _writer.Drain();
                _writer.Close(_lost);
                return;
            }

            // A pipe that nobody reads, or a disk that hangs, takes nothing and gives no error.
            long written = -1;
            while (!_thread.Join(StallPatience))
            {
                if (written == Bytes)
                {
                    _writer.Abandon($"the file took nothing for {StallPatience.TotalSeconds:0} s");
                    return;
                }

                written = Bytes;
            }

            _stop.Dispose();
        }
    }

    /// <summary>Writes what waits, where no thread does.</summary>
    internal void Flush()
    {
        if (_thread is null)
            _writer.Drain();
    }

    /// <summary>Takes a frame before the chain changes it. Worker's thread.</summary>
    internal void Arrived(FrameBuffer frame, long now)
    {
        // The frame before never left the chain: its thread was aborted.
        PublishPending();
        if (IsWanted(frame))
            _pending = Copy(frame, CaptureKind.Arrived, frame.From, now);
    }

    /// <summary>Says what became of the frame, and takes it as it is now if it changed. Worker's thread.</summary>
    internal void Departed(FrameBuffer frame, Verdict verdict, RuleEntry? decider, long now)
    {
        bool leavesChanged = verdict == Verdict.Reflect || (frame.Rewritten | frame.WasHeld
            && verdict is not (Verdict.Drop or Verdict.Hold));
        bool paired = _pending >= 0;
        if (paired)
        {
            ref CaptureRecord record = ref _ring.HeaderAt(_pending);
            record.Dropped = verdict == Verdict.Drop;
            record.Decider = Number(decider);
            record.Paired = leavesChanged;
            _ring.Publish(_pending, record.Length);
            _pending = -1;
        }

        if (!leavesChanged || (!paired && !IsWanted(frame)))
            return;

        bool reflected = verdict == Verdict.Reflect;
        long position = Copy(
            frame, reflected ? CaptureKind.Answered : CaptureKind.Changed, reflected ? frame.From : frame.From.Opposite(), now);
        if (position < 0)
            return;

        ref CaptureRecord departed = ref _ring.HeaderAt(position);
        departed.Rules = frame.RewritingRules;
        departed.Holders = frame.HoldingRules;
        departed.HeldFor = now - frame.ArrivedAt;
        departed.Decider = Number(decider);
        departed.Paired = paired;
        _ring.Publish(position, departed.Length);
    }

    /// <summary>Takes a frame that a rule sends. Worker's thread.</summary>
    internal void Sent(Side side, FrameBuffer frame, int rule, long now)
    {
        // A rule that sends very many has some sent before its own frame leaves the chain.
        PublishPending();
        if (!IsWanted(frame))
            return;

        long position = Copy(frame, CaptureKind.Sent, side, now);
        if (position < 0)
            return;

        ref CaptureRecord record = ref _ring.HeaderAt(position);
        record.Decider = (sbyte)rule;
        _ring.Publish(position, record.Length);
    }

    private bool IsWanted(FrameBuffer frame) => _filter is null || _filter(frame);

    private void PublishPending()
    {
        if (_pending >= 0)
            _ring.Publish(_pending, _ring.HeaderAt(_pending).Length);
        _pending = -1;
    }

    private long Copy(FrameBuffer frame, CaptureKind kind, Side side, long now)
    {
        ReadOnlySpan<byte> octets = frame.Octets;
        if (!_ring.TryReserve(octets.Length, out long position) && !TryMakeRoom(octets.Length, out position))
        {
            _lost[(int)side]++;
            return -1;
        }

        _ring.Fill(position, frame, kind, side, now);
        return position;
    }

    // Nothing is reserved meanwhile that was not published.
    private bool TryMakeRoom(int length, out long position)
    {
        position = -1;
        if (_thread is not null)
            return false;

        _writer.Drain();
        return _ring.TryReserve(length, out position);
    }

    private static sbyte Number(RuleEntry? rule) => (sbyte)(rule?.Number ?? -1);

    private void Write(Action<CaptureFile> ended)
    {
        // Looks again and again rather than being woken: a wake-up is a system call that the frame path would pay.
        const int IdleMilliseconds = 10;
        bool stopping;
        do
        {
            stopping = _stop.Wait(IdleMilliseconds);
            _writer.Drain();
        }
        while (!stopping && !HasEnded);

        _writer.Close(_lost);
        if (HasEnded)
            ended(this);
    }
}
