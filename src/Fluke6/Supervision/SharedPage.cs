using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Engine;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Supervision;

/// <summary>
/// Memory that a bridge's process shares with the one that outlives it: how far the bridge came, and which rule it is in. There as long as
/// one of both has it open. memfd_create(2).
/// </summary>
internal sealed unsafe class SharedPage : IDisposable
{
    private const int Length = ChangesStart + ChangesLength;
    private const int ChangesStart = RecordStart + CrashRecord.Length, ChangesLength = 64 * 1024;
    private const int RecordStart = 4096;
    private const int NamesStart = 256, NamesLength = RecordStart - NamesStart;
    private const char Separator = '\n';

    private readonly byte* _memory;
    private readonly State* _state;

    private SharedPage(int descriptor)
    {
        Descriptor = descriptor;
        void* memory = mmap(null, Length, PROT_READ | PROT_WRITE, descriptor < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, descriptor, 0);
        if ((nint)memory == -1)
            throw new Win32Exception(errno);

        _memory = (byte*)memory;
        _state = (State*)memory;
        Record = new CrashRecord((nint)(_memory + RecordStart));
    }

    /// <summary>By which other processes open it; −1 if none can.</summary>
    public int Descriptor { get; }

    /// <summary>Which rule the bridge is in.</summary>
    public CrashRecord Record { get; }

    /// <summary>How the bridge ended.</summary>
    public Ending Ending
    {
        get => _state->Ending;
        set => _state->Ending = value;
    }

    /// <summary>What <see cref="Ending.Exit"/> ended with.</summary>
    public int ExitStatus
    {
        get => _state->ExitStatus;
        set => _state->ExitStatus = value;
    }

    /// <summary>
    /// When the bridge began to forward, by <see cref="Environment.TickCount64"/>, which is the same for all processes; null before.
    /// </summary>
    public long? ReadyAt
    {
        get => _state->ReadyAt == 0 ? null : _state->ReadyAt;
        set => _state->ReadyAt = value ?? 0;
    }

    /// <summary>The rules for whose threads' sake it ended, if it did so by <see cref="Ending.Relieved"/>: as many as there is room for.</summary>
    public IReadOnlyList<string> LeftBehindBy
    {
        get
        {
            ReadOnlySpan<byte> names = new(_memory + NamesStart, NamesLength);
            return Encoding.UTF8.GetString(names[..names.IndexOf((byte)0)]).Split(Separator, StringSplitOptions.RemoveEmptyEntries);
        }

        set
        {
            var names = new Span<byte>(_memory + NamesStart, NamesLength);
            names.Clear();
            foreach (string name in value)
            {
                byte[] line = Encoding.UTF8.GetBytes($"{name}{Separator}");
                // A zero ends them.
                if (line.Length >= names.Length)
                    return;

                line.CopyTo(names);
                names = names[line.Length..];
            }
        }
    }

    /// <summary>The bridge's <see cref="RuleChanges"/>; those that there is no room for are none.</summary>
    public string Changes
    {
        get => Encoding.UTF8.GetString(new ReadOnlySpan<byte>(_memory + ChangesStart, Math.Clamp(Volatile.Read(ref _state->ChangesLength), 0, ChangesLength)));

        set
        {
            // The process may end at any time: either all of them are there, or none.
            Volatile.Write(ref _state->ChangesLength, 0);
            if (Encoding.UTF8.TryGetBytes(value, new Span<byte>(_memory + ChangesStart, ChangesLength), out int length))
                Volatile.Write(ref _state->ChangesLength, length);
        }
    }

    /// <summary>A page of zeros.</summary>
    /// <exception cref="Win32Exception">There is no memory, are no descriptors, or files may not be so large (ulimit -f).</exception>
    public static SharedPage Create()
    {
        int descriptor;
        fixed (byte* name = "fluke6\0"u8)
            descriptor = memfd_create(name, MFD_CLOEXEC);
        if (descriptor < 0)
            throw new Win32Exception(errno);
        if (ftruncate(descriptor, Length) < 0)
        {
            int error = errno;
            _ = close(descriptor);
            throw new Win32Exception(error);
        }

        return new SharedPage(descriptor);
    }

    /// <summary>A page that no other process sees.</summary>
    public static SharedPage CreateForNobody() => new(-1);

    /// <summary>A page that another process made.</summary>
    public static SharedPage Open(int descriptor)
    {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC);
        return new SharedPage(descriptor);
    }

    /// <summary>Forgets the bridge that was, before the next.</summary>
    public void Clear() => new Span<byte>(_memory, Length).Clear();

    /// <summary>Frees the memory: only where no bridge writes to it any more.</summary>
    public void Dispose()
    {
        _ = munmap(_memory, Length);
        if (Descriptor >= 0)
            _ = close(Descriptor);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct State
    {
        public Ending Ending;
        public int ExitStatus;
        public long ReadyAt;
        public int ChangesLength;
    }
}

/// <summary>How a bridge's process ended, as it says itself.</summary>
internal enum Ending
{
    /// <summary>It had no time to say anything.</summary>
    Unsaid,

    /// <summary>As it should, or with an error that the user has to mend.</summary>
    Regular,

    /// <summary>The bridge could not go on and another may.</summary>
    Broken,

    /// <summary>On purpose, since only that frees what rules left behind; another may begin.</summary>
    Relieved,

    /// <summary>By <c>Environment.Exit</c>, which only rules call.</summary>
    Exit,
}
