using Fluke6.Captures;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Bridging;

/// <summary>Captures that run through a chain of rules with their own time: the same every time, on every machine.</summary>
internal sealed class Replay : IDisposable
{
    // A journal has room for a thousand lines, and half of what the others left for those of one rule.
    private const int FramesBetweenLooks = 64;

    private readonly CaptureMerge _captures;
    private readonly LeftAddresses? _left;
    private readonly LinkType _linkType;
    private bool _hasPacket;
    private long _frames;
    private long _departures;

    /// <summary>Opens captures and reads up to their first packet.</summary>
    /// <param name="captures">Their bytes, which are closed with this, and their names, for messages. Several are one, by their packets' times.</param>
    /// <param name="left">Whose frames come from the left; null for those of the first interface where there are two, else for all.</param>
    /// <param name="mtu">The largest network packet, in bytes, that rules may make a frame grow to.</param>
    /// <param name="options">How rules are treated; the clock is not used.</param>
    /// <exception cref="CaptureReadException">One of them is no capture, or its first packet is nothing to be replayed.</exception>
    public Replay(IEnumerable<(Stream Bytes, string Name)> captures, LeftAddresses? left, int mtu, BridgeOptions options)
    {
        _left = left;
        _captures = new CaptureMerge(Open(captures));
        try
        {
            _hasPacket = _captures.MoveNext();
            _linkType = _hasPacket ? _captures.Current.LinkType : LinkType.Ethernet;
            Bridge = new VirtualBridge(_linkType, mtu, _hasPacket ? _captures.Current.Time : 0, options);
        }
        catch
        {
            _captures.Dispose();
            throw;
        }
    }

    /// <summary>The bridge that the captures run through. Its rules are to be loaded before <see cref="Run"/>.</summary>
    public VirtualBridge Bridge { get; }

    /// <summary>How many frames were replayed so far. Any thread.</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>How many packets were left out, since Fluke6 wrote them down as what its rules changed, answered or sent.</summary>
    public long Departures => _departures;

    /// <summary>How many bytes of the captures were read so far. Any thread.</summary>
    public long Position => _captures.Position;

    /// <summary>Runs all packets through the chain, lets time pass for a while, and ends the rules. On one thread, once.</summary>
    /// <param name="linger">For how long time goes on after the last packet.</param>
    /// <param name="tell">Gets what is to be told, in order.</param>
    /// <param name="stop">Ends it before the captures end; what was begun is brought to its end.</param>
    /// <returns>Why the captures could not be read to their ends; null if they were.</returns>
    public CaptureReadException? Run(TimeSpan linger, Action<JournalNote> tell, CancellationToken stop)
    {
        Bridge.Claim();
        // Lines that rules wrote while they were loaded.
        Tell(tell);
        CaptureReadException? fault = null;
        try
        {
            ReplayPackets(tell, stop);
        }
        catch (CaptureReadException exception)
        {
            fault = exception;
        }

        Bridge.PassTime(linger);
        Bridge.End();
        Tell(tell);
        return fault;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Bridge.Dispose();
        _captures.Dispose();
    }

    private static List<CaptureReader> Open(IEnumerable<(Stream Bytes, string Name)> captures)
    {
        var readers = new List<CaptureReader>();
        try
        {
            foreach ((Stream bytes, string name) in captures)
                readers.Add(CaptureReader.Open(bytes, name));
            return readers;
        }
        catch
        {
            readers.ForEach(reader => reader.Dispose());
            throw;
        }
    }

    private void ReplayPackets(Action<JournalNote> tell, CancellationToken stop)
    {
        int untilLook = FramesBetweenLooks;
        for (; _hasPacket; _hasPacket = _captures.MoveNext())
        {
            ReplayPacket(_captures.Current);
            if (--untilLook > 0)
                continue;

            untilLook = FramesBetweenLooks;
            Tell(tell);
            if (stop.IsCancellationRequested || Bridge.LastCapture?.Failure is not null)
                return;
        }
    }

    private void ReplayPacket(CaptureReader packet)
    {
        if (packet.LinkType != _linkType)
        {
            throw new CaptureReadException($"{packet.Name} mixes Ethernet frames with IP packets that have none, or differs in that from another capture: "
                + "replay them one after the other");
        }

        if (packet.IsDeparture)
        {
            _departures++;
            return;
        }

        Side from = SideOf(packet);
        if (packet.IsTooLong)
        {
            Bridge.CountTooLong(from);
            return;
        }

        Bridge.Arrive(from, packet.Octets, packet.Time, packet.MissingOctets);
        Volatile.Write(ref _frames, _frames + 1);
    }

    private Side SideOf(CaptureReader packet) => _left is not null
        ? _left.AreSourceOf(packet.Octets, _linkType) ? Side.Left : Side.Right
        : packet.Interfaces == 2 && packet.Interface == 1 ? Side.Right : Side.Left;

    private void Tell(Action<JournalNote> tell)
    {
        while (Bridge.Journal.TryRead(out JournalNote note))
            tell(note);
    }
}
