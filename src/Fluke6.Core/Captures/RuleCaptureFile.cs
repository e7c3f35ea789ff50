using Fluke6.Frames;

namespace Fluke6.Captures;

/// <summary>
/// A pcapng file of the frames that a rule puts into it. The frame path copies them into a ring and never waits; a thread, which the first frame starts,
/// opens the file and writes. Where the rule ends, the file is closed; where it goes on, as after it was switched on again, another section follows.
/// </summary>
internal sealed class RuleCaptureFile
{
    private const int RingSize = 4 * 1024 * 1024;
    private const int IdleMilliseconds = 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly CaptureRing _ring = new(RingSize);
    private readonly string _path;
    private readonly RuleNames _names;
    private readonly Action<string> _say;
    private readonly bool _waits;
    private readonly long[] _lost = new long[2];    // by interface
    private Thread? _thread;
    private Run? _run;
    private string? _failure;
    private bool _isThere;       // the file, since it was opened
    private long _writtenBefore; // by the sections before
    private long _failedBefore;

    /// <summary>A file, which is not opened yet.</summary>
    /// <param name="path">Where.</param>
    /// <param name="names">The rules' names.</param>
    /// <param name="say">Says, on the file's thread, that no more can be written.</param>
    /// <param name="waits">Whether a full ring is waited for, as in a replay, whose time is not the clock's.</param>
    public RuleCaptureFile(string path, RuleNames names, Action<string> say, bool waits) => (_path, _names, _say, _waits) = (path, names, say, waits);

    /// <summary>The most octets that the file may have.</summary>
    public long MaxBytes { get; set; }

    /// <summary>How many versions of the rule use it. Worker's thread.</summary>
    public int Users { get; set; }

    /// <summary>Packets in the file. Any thread.</summary>
    public long Written => Volatile.Read(ref _writtenBefore) + (Volatile.Read(ref _run)?.Writer?.Packets ?? 0);

    /// <summary>Packets that are not in the file: they came faster than it takes them, it is full, or could not be written. Any thread.</summary>
    public long Lost => Volatile.Read(ref _lost[0]) + Volatile.Read(ref _lost[1]) + Volatile.Read(ref _failedBefore)
        + (Volatile.Read(ref _run)?.Writer?.Failed ?? 0);

    /// <summary>Why nothing more is written; null while all is well. Any thread.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Takes a frame as it is now. Worker's thread.</summary>
    /// <returns>Whether there was room for it.</returns>
    public bool Add(FrameBuffer frame)
    {
        if (_thread is null && Failure is null)
            Begin(frame.LinkType);
        if (Failure is not null || !TryReserve(frame.Octets.Length, out long position))
        {
            _lost[(int)frame.From]++;
            return false;
        }

        ref CaptureRecord record = ref _ring.Fill(position, frame, CaptureKind.Arrived, frame.From, frame.ArrivedAt);
        _ring.Publish(position, record.Length);
        return true;
    }

    /// <summary>Has what waits written and the file closed, and does not wait for that. Worker's thread.</summary>
    public void End()
    {
        _run?.Stop.Set();
        _thread = null;
    }

    /// <summary>The same, and waits a second at most. Worker's thread, where the rule's work ends.</summary>
    public void EndAndWait()
    {
        Thread? thread = _thread;
        End();
        thread?.Join(s_patience);
    }

    private void Begin(LinkType linkType)
    {
        // The section before may still be at its end: both would read the ring.
        Thread? before = _run?.Thread;
        var run = new Run(linkType);
        _thread = run.Thread = new Thread(() => Write(run, before)) { Name = "rule capture", IsBackground = true };
        Volatile.Write(ref _run, run);
        _thread.Start();
    }

    private bool TryReserve(int length, out long position)
    {
        bool isReserved = _ring.TryReserve(length, out position);
        while (!isReserved && _waits && Failure is null)
        {
            Thread.Yield();
            isReserved = _ring.TryReserve(length, out position);
        }

        return isReserved;
    }

    private void Write(Run run, Thread? before)
    {
        before?.Join();
        try
        {
            FileStream file = _isThere ? CaptureTarget.OpenAtEnd(_path) : CaptureTarget.Open(_path, overwrite: true);
            _isThere = true;
            run.Writer = CaptureWriter.Create(_path, file, null, run.LinkType, ("left", "left port"), ("right", "right port"), _names, _ring);
            WriteUntilStopped(run, run.Writer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail(exception.Message);
        }
    }

    private void WriteUntilStopped(Run run, CaptureWriter writer)
    {
        bool stopping;
        do
        {
            stopping = run.Stop.Wait(IdleMilliseconds);
            writer.Drain();
            if (writer.Failure is null && writer.Bytes > MaxBytes)
                writer.Abandon($"it has the {MaxBytes:N0} bytes that it may have");
        }
        while (!stopping && writer.Failure is null);

        writer.Close(_lost);
        Volatile.Write(ref _writtenBefore, _writtenBefore + writer.Packets);
        Volatile.Write(ref _failedBefore, _failedBefore + writer.Failed);
        run.Writer = null;
        if (writer.Failure is { } failure)
            Fail(failure);
    }

    private void Fail(string why)
    {
        Volatile.Write(ref _failure, why);
        _say($"the capture ended: {why}; {_path} holds the {Written:N0} packets before");
    }

    /// <summary>The writing of one section.</summary>
    private sealed class Run(LinkType linkType)
    {
        private CaptureWriter? _writer;

        public LinkType LinkType { get; } = linkType;

        public Thread? Thread { get; set; }

        public ManualResetEventSlim Stop { get; } = new();

        public CaptureWriter? Writer { get => Volatile.Read(ref _writer); set => Volatile.Write(ref _writer, value); }
    }
}
