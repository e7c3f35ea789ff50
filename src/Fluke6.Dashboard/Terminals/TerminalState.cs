using System.Runtime.InteropServices;

namespace Fluke6.Dashboard.Terminals;

/// <summary>
/// How the terminal was when this was made: its settings, and that this process's group is the one that may read from it. An editor may
/// leave it otherwise, above all one that was killed; so may a program that ends where it does not return to whoever drew on the terminal.
/// </summary>
internal sealed unsafe partial class TerminalState
{
    private const int StandardInput = 0;
    private const int SigTtou = 22, Block = 0, SetMask = 2, Now = 0, NotReadYet = 0;     // signal.h and termios.h of Linux

    // Reports of the mouse and of the focus off, and pasted text's brackets; plain text, the cursor shown, and the other screen left: xterm's
    // ctlseqs.
    private const string LeaveScreen = "\e[?1003l\e[?1002l\e[?1000l\e[?1006l\e[?1015l\e[?1004l\e[?2004l\e[0m\e[?25h\e[?1049l";

    // The console and editors switch both to application mode, the console again after each child that had the terminal, and never back.
    private const string PlainKeys = "\e[?1l\e>";

    private readonly byte[] _settings = new byte[256];      // struct termios, which is shorter
    private readonly bool _known;
    private readonly int _parent = getppid();

    public TerminalState()
    {
        fixed (byte* settings = _settings)
            _known = tcgetattr(StandardInput, settings) == 0;
    }

    /// <summary>Makes the terminal as it was, and this process its reader again.</summary>
    public void Restore() => Restore(PlainKeys);

    /// <summary>The same where somebody still has the screen who will not leave it. What was typed there is not the next reader's.</summary>
    public void Leave()
    {
        Restore(LeaveScreen + PlainKeys);
        tcflush(StandardInput, NotReadYet);
    }

    /// <summary>Whether this process's group may read from the terminal now.</summary>
    public bool IsOurs => _known && tcgetpgrp(StandardInput) == getpgrp();

    /// <summary>Makes this process's group the terminal's reader, if another one is.</summary>
    /// <param name="other">The process group that was; a shell that took the terminal meanwhile keeps it.</param>
    public void TakeFrom(int other)
    {
        if (_known && tcgetpgrp(StandardInput) == other)
            SetReader(getpgrp());
    }

    /// <summary>Makes this process's group the terminal's reader, whoever is.</summary>
    public static void Claim() => SetReader(getpgrp());

    /// <summary>Makes another process group the terminal's reader, if ours is.</summary>
    public void GiveTo(int other)
    {
        if (IsOurs)
            SetReader(other);
    }

    private void Restore(string sequences)
    {
        if (!_known)
            return;

        Quietly(() =>
        {
            // First: what the mouse still reports would be echoed.
            Write(sequences);
            // Where the process that started this one is gone, the terminal is its shell's by now.
            if (getppid() == _parent)
                tcsetpgrp(StandardInput, getpgrp());
            fixed (byte* settings = _settings)
                tcsetattr(StandardInput, Now, settings);
        });
    }

    private static void SetReader(int group) => Quietly(() => tcsetpgrp(StandardInput, group));

    // To a process that is not the terminal's reader, asking for it means to be stopped, unless the signal is kept off. Nothing here fails
    // but with a terminal that went away, which needs nothing any more.
    private static void Quietly(Action action)
    {
        byte* blocked = stackalloc byte[128];               // sigset_t
        byte* before = stackalloc byte[128];
        sigemptyset(blocked);
        sigaddset(blocked, SigTtou);
        pthread_sigmask(Block, blocked, before);
        action();
        pthread_sigmask(SetMask, before, null);
    }

    private static void Write(string sequences)
    {
        try
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(System.Text.Encoding.ASCII.GetBytes(sequences));
        }
        catch (IOException)
        {
            // The terminal is gone, and with it what there was to restore.
        }
    }

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, byte* settings);

    [LibraryImport("libc")]
    private static partial void tcsetattr(int descriptor, int when, byte* settings);

    [LibraryImport("libc")]
    private static partial void tcsetpgrp(int descriptor, int group);

    [LibraryImport("libc")]
    private static partial int tcgetpgrp(int descriptor);

    [LibraryImport("libc")]
    private static partial void tcflush(int descriptor, int what);

    [LibraryImport("libc")]
    private static partial int getpgrp();

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial void sigemptyset(byte* set);

    [LibraryImport("libc")]
    private static partial void sigaddset(byte* set, int signal);

    [LibraryImport("libc")]
    private static partial void pthread_sigmask(int how, byte* set, byte* before);
}
