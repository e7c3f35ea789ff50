using System.ComponentModel;
using System.Runtime.InteropServices;
using Fluke6.Linux.Native;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>
/// Tells of a signal on a thread of its own. .NET does so for SIGINT, SIGQUIT and SIGTERM; of all others it tells on a thread of its pool, and
/// rules may keep all of those. A signal that this process was started to ignore stays ignored.
/// </summary>
internal sealed unsafe class SignalListener : IDisposable
{
    private static readonly Lock s_lock = new();
    private static readonly List<SignalListener> s_listeners = [];
    private static nint s_handler;

    private readonly int _number;
    private readonly Action _arrived;
    private readonly SignalAction _before;

    /// <summary>Begins to listen.</summary>
    /// <param name="number">The signal.</param>
    /// <param name="arrived">Called each time; several that arrive at once may be one. The next signal waits until it returns.</param>
    /// <exception cref="Win32Exception">There is no descriptor or no memory for it.</exception>
    public SignalListener(int number, Action arrived)
    {
        (_number, _arrived) = (number, arrived);
        lock (s_lock)
        {
            if (s_handler == 0)
                s_handler = Begin();
            s_listeners.Add(this);
            _before = SignalAction.Of(number);
            if (!_before.Ignores)
                new SignalAction(s_handler).Set(number);
        }
    }

    /// <summary>Does what the signal would have done without this: mostly, it ends the process.</summary>
    public void DoAsBefore()
    {
        Dispose();
        _ = kill(Environment.ProcessId, _number);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (s_lock)
        {
            if (s_listeners.Remove(this) && !s_listeners.Exists(other => other._number == _number))
                _before.Set(_number);
        }
    }

    /// <summary>Begins to read what the handler writes.</summary>
    /// <returns>The handler's address.</returns>
    private static nint Begin()
    {
        int* ends = stackalloc int[2];
        // The handler never waits: where so many signals wait to be told of, one more says nothing new.
        if (pipe2(ends, O_CLOEXEC) < 0 || fcntl(ends[1], F_SETFL, O_NONBLOCK) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());

        int descriptor = ends[0];
        nint handler = SignalHandlerCode.Make(ends[1]);
        new Thread(() => Tell(descriptor)) { IsBackground = true, Name = "signals" }.Start();
        return handler;
    }

    private static void Tell(int descriptor)
    {
        long written;
        while (true)
        {
            if (read(descriptor, &written, sizeof(long)) < 0)
                continue;

            var number = (int)written;

            // Under the lock, so that one that was disposed of is told of nothing any more.
            lock (s_lock)
            {
                foreach (SignalListener listener in s_listeners.FindAll(listener => listener._number == number))
                    listener._arrived();
            }
        }
    }
}
