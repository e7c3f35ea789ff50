using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Frames;
using Fluke6.Linux.Native;
using Fluke6.Ports;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>
/// A TAP or TUN interface: what the kernel sends on it arrives here, what is sent here the kernel receives. Made when the port opens and
/// gone when it closes, however the process ends, unless it was there before. Documentation/networking/tuntap.rst.
/// </summary>
internal sealed unsafe partial class TapPort : KernelPort
{
    // Measured: reading eight and then writing eight costs 3 % less than one by one; more buffers only thrash the caches.
    private const int MaxBatch = 8;

    // Past this many octets in a batch the frames no longer stay in the processor's cache until they leave.
    private const int BatchOctets = 128 * 1024;

    // So many single frames may pass, each found by poll, before the next look whether another waits behind one.
    private const int MaxPatience = 8;

    private readonly SafeFileHandle _handle;
    private readonly InterfaceControl _control;
    private readonly int _descriptor;
    private readonly bool _tun;
    private byte[] _name;
    private bool _detached;
    private int _limit = 1;
    private int _patience = 1;
    private int _singles;

    private TapPort(
        PortSpecification specification,
        bool offload,
        SafeFileHandle handle,
        InterfaceControl control,
        InterfaceStatistics statistics,
        bool tun)
        : base(specification, offload)
    {
        _statistics = statistics;
        _handle = handle;
        _control = control;
        _descriptor = (int)handle.DangerousGetHandle();
        _tun = tun;
        _name = InterfaceControl.NameOctets(specification.Name);
    }

    /// <inheritdoc/>
    public override LinkType LinkType => _tun ? LinkType.RawIp : LinkType.Ethernet;

    /// <inheritdoc/>
    public override int BatchSize => MaxBatch;

    /// <inheritdoc/>
    internal override string NamespaceIdentity => _control.NamespaceIdentity;

    /// <inheritdoc/>
    internal override Capabilities RightsToComeBack => Capabilities.NetworkAdministration;

    /// <inheritdoc/>
    internal override PortDescriptors Descriptors =>
        new(_descriptor, _control.Descriptor, _statistics.Descriptor, Ring: -1, Inner: -1, OthersGoOn ? _droppedBefore : -1, _control.NamespaceIdentity, Tunnels: []);

    /// <inheritdoc/>
    internal override int Descriptor => _detached ? -1 : _descriptor;

    /// <inheritdoc/>
    public override bool Receive(FrameBatch batch, Side from, int mtu)
    {
        ReadOnlySpan<FrameBuffer> buffers = batch.Buffers;
        int limit = Math.Min(_limit, buffers.Length), count = 0, octets = 0;
        bool drained = false;
        while (count < limit && octets < BatchOctets)
        {
            FrameBuffer buffer = buffers[count];
            int length = (int)Unistd.read(_descriptor, AddressOf(buffer, FrameBuffer.FrameStart - Frames.Offload.Length),
                Frames.Offload.Length + FrameBuffer.MaxFrameLength) - Frames.Offload.Length;
            if (length < 0)
            {
                drained = !ReadAgain();
                if (drained)
                    break;
                continue;
            }

            buffer.Arrive(length, LinkType, from, mtu);
            buffer.TagRoom = batch.TagRoom;
            octets += length;
            count++;
        }

        batch.Count = count;
        Counters.RxFrames += count;
        Counters.RxBytes += octets;
        return Learn(count, drained);
    }

    /// <inheritdoc/>
    public override void Transmit(ReadOnlySpan<FrameBuffer> frames)
    {
        foreach (FrameBuffer frame in frames)
        {
            if (MustCut(frame))
                SendInPieces(frame);
            else
                Send(frame);
        }
    }

    /// <inheritdoc/>
    public override bool Maintain()
    {
        (PortState state, int mtu) = (State, Mtu);
        ifreq request = default;
        if (!TryGetInterface(&request) && (!TakeBack() || !TryGetInterface(&request)))
        {
            _detached = true;
            InterfaceIndex = 0;
            State = PortState.Gone;
            _droppedBefore = -1;
            return state != State;
        }

        _detached = false;

        var name = new ReadOnlySpan<byte>(request.ifr_name, If.IFNAMSIZ);
        if (!name.SequenceEqual(_name))
        {
            _name = name.ToArray();
            Name = InterfaceControl.NameString(_name);
        }

        InterfaceIndex = _control.IndexOf(_name);
        if (_control.TryGetMtu(_name, out int newMtu) && _control.TryGetUp(_name, out bool up))
        {
            Mtu = newMtu;
            State = up ? PortState.Up : PortState.Down;
        }

        CountDropsNowAndThen();
        return state != State || mtu != Mtu;
    }

    /// <inheritdoc/>
    private protected override bool HasDescriptor()
    {
        ifreq request = default;
        return TryGetInterface(&request, out bool hasDescriptor) || hasDescriptor;
    }

    // False where the interface is gone.
    private bool TryGetInterface(ifreq* request) =>
        TryGetInterface(request, out bool hasDescriptor) || (hasDescriptor ? false : throw ClosedByOthers());

    private bool TryGetInterface(ifreq* request, out bool hasDescriptor)
    {
        bool isThere = ioctl(_descriptor, IfTun.TUNGETIFF, request) >= 0;
        // That is what a descriptor of this driver says; the number may be another file's by now.
        hasDescriptor = isThere || errno == EBADFD;
        return isThere;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _handle.Dispose();
        _control.Dispose();
        _statistics.Dispose();
    }

    /// <inheritdoc/>
    private protected override void WritePieces(ReadOnlySpan<FrameBuffer> pieces)
    {
        foreach (FrameBuffer piece in pieces)
            Send(piece);
    }

    private void Send(FrameBuffer frame)
    {
        int number = Write(frame);
        if (number == 0)
            CountSent(frame);
        else
            Refused(frame, number);
    }

    private int Write(FrameBuffer frame)
    {
        byte* address = AddressOf(frame, frame.Start - Frames.Offload.Length);
        while (Unistd.write(_descriptor, address, (nuint)(Frames.Offload.Length + frame.Length)) < 0)
        {
            int number = Marshal.GetLastSystemError();
            if (number != EINTR)
                return number;
        }

        return 0;
    }

    /// <summary>
    /// Sets how many frames to read next: one while it is quiet, so that it leaves without waiting for a read that comes back empty, and
    /// more while they queue up.
    /// </summary>
    /// <returns>Whether to read again without asking poll.</returns>
    private bool Learn(int count, bool drained)
    {
        if (drained)
        {
            // A look that found nothing makes the next one later: poll, which comes anyhow, tells as well.
            _patience = count > 0 ? 1 : Math.Min(_patience * 2, MaxPatience);
            _limit = 1;
            return false;
        }

        if (_limit > 1)
            _patience = 1;
        else if (++_singles < _patience)
            return false;

        _singles = 0;
        _limit = Math.Min(_limit * 2, MaxBatch);
        return true;
    }

    /// <summary>Whether the read that failed is worth repeating.</summary>
    private bool ReadAgain()
    {
        int number = Marshal.GetLastSystemError();
        if (number == EINTR)
            return true;

        if (number != EAGAIN)
        {
            Counters.CountError(number);
            // poll would tell of it for ever; Maintain reports it and looks for the interface.
            if (number == EBADFD)
                _detached = true;
        }

        return false;
    }
}
