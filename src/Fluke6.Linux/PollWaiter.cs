using System.Diagnostics;
using System.Runtime.InteropServices;
using Fluke6.Linux.Native;
using Fluke6.Ports;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>Waits by ppoll(2) for two ports, as long as it is told to within microseconds. A port that is gone is not waited for.</summary>
internal sealed unsafe class PollWaiter : IPortWaiter
{
    private const int Left = 0, Right = 1, Wakeup = 2, Count = 3;

    private readonly KernelPort? _left;
    private readonly KernelPort? _right;
    private readonly SafeFileHandle _event;
    private readonly int _eventDescriptor;
    private readonly pollfd* _polled;
    private int _thread;
    private bool _disposed;

    /// <summary>Waits for two ports, of which <see cref="NullPort"/> never has anything.</summary>
    /// <exception cref="ArgumentException">A port is one that the kernel knows nothing of.</exception>
    /// <exception cref="PortException">The process has no file descriptors left.</exception>
    public PollWaiter(IPort left, IPort right)
    {
        _left = Polled(left, nameof(left));
        _right = Polled(right, nameof(right));
        _eventDescriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (_eventDescriptor < 0)
            throw PortException.From("making an eventfd", left.Name, errno, "close some files or raise `ulimit -n`");

        _event = new SafeFileHandle(_eventDescriptor, ownsHandle: true);
        _polled = (pollfd*)NativeMemory.AllocZeroed(Count, (nuint)sizeof(pollfd));
        _polled[Wakeup].fd = _eventDescriptor;
        for (int i = 0; i < Count; i++)
            _polled[i].events = POLLIN;
    }

    /// <inheritdoc/>
    /// <exception cref="PortException">A descriptor was closed by somebody else.</exception>
    public ReadySides Wait(TimeSpan timeout)
    {
        // poll skips negative descriptors.
        _polled[Left].fd = _left?.Descriptor ?? -1;
        _polled[Right].fd = _right?.Descriptor ?? -1;
        ReadySides staged = (_left is { HasStaged: true } ? ReadySides.Left : ReadySides.None)
            | (_right is { HasStaged: true } ? ReadySides.Right : ReadySides.None);
        if (PollFor(staged == ReadySides.None ? timeout : TimeSpan.Zero) <= 0)
            return staged;

        if (IsClosed(Left) || IsClosed(Right) || IsClosed(Wakeup))
            throw ClosedByOthers();
        if (_polled[Wakeup].revents != 0)
        {
            ulong count;
            read(_eventDescriptor, &count, sizeof(ulong));
        }

        // An error is for the port's next Receive to find, which takes it off.
        return staged
            | (_polled[Left].revents != 0 ? ReadySides.Left : ReadySides.None)
            | (_polled[Right].revents != 0 ? ReadySides.Right : ReadySides.None);
    }

    /// <inheritdoc/>
    public void Wake()
    {
        bool held = false;
        try
        {
            // From another thread, which must not write to whatever got the number after this was closed.
            _event.DangerousAddRef(ref held);
            ulong one = 1;
            // A counter that is full wakes too.
            write(_eventDescriptor, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
        finally
        {
            if (held)
                _event.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        _event.Dispose();
        NativeMemory.Free(_polled);
    }

    private int PollFor(TimeSpan timeout)
    {
        WakeInTime();
        long start = Stopwatch.GetTimestamp();
        TimeSpan left = timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout;
        while (true)
        {
            var time = new timespec { tv_sec = (long)left.TotalSeconds, tv_nsec = (int)(left.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick) };
            int ready = Poll.ppoll(_polled, Count, &time, null);
            if (ready >= 0 || errno != EINTR)
                return ready;

            left = timeout - Stopwatch.GetElapsedTime(start);
            if (left < TimeSpan.Zero)
                left = TimeSpan.Zero;
        }
    }

    private bool IsClosed(int polled) => (_polled[polled].revents & POLLNVAL) != 0;

    // poll would tell of it again and again, and whatever is opened next gets the number.
    private PortException ClosedByOthers() =>
        IsClosed(Left) ? _left!.ClosedByOthers()
        : IsClosed(Right) ? _right!.ClosedByOthers()
        : new PortException($"the bridge's own descriptor {KernelPort.WasClosedByOthers}");

    // Otherwise the kernel takes 50 microseconds of leave with each wait of a thread. It takes a thousandth of the wait in any case.
    private void WakeInTime()
    {
        if (_thread == Environment.CurrentManagedThreadId)
            return;

        _thread = Environment.CurrentManagedThreadId;
        Prctl.prctl(Prctl.PR_SET_TIMERSLACK, 1, 0, 0, 0);
    }

    private static KernelPort? Polled(IPort port, string parameter) => port switch
    {
        KernelPort kernel => kernel,
        NullPort => null,
        _ => throw new ArgumentException($"{port.Name} cannot be polled.", parameter),
    };
}
