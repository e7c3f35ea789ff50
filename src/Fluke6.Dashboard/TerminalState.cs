using System.Runtime.InteropServices;

namespace Fluke6.Dashboard;

/// <summary>
/// How the terminal was when this was made: its settings, and that this process's group is the one that may read from it. An editor may
/// leave it otherwise, above all one that was killed; so may a program that ends where it does not return to whoever drew on the terminal.
/// </summary>
internal sealed unsafe partial class TerminalState
{
    private const int StandardInput = 0;
    private const int SigTtou = 22, SigCont = 18, Block = 0, SetMask = 2, Now = 0;     // signal.h and termios.h of Linux

    // Mouse reports and pasted text's brackets off, plain text, the cursor shown, and the other screen left: xterm's ctlseqs.
    private const string LeaveScreen = "\e[?1003l\e[?1002l\e[?1000l\e[?1006l\e[?1015l\e[?2004l\e[0m\e[?25h\e[?1049l";

    private readonly byte[] _settings = new byte[256];      // struct termios, which is shorter
    private readonly bool _known;

    public TerminalState()
    {
        fixed (byte* settings = _settings)
            _known = tcgetattr(StandardInput, settings) == 0;
    }

    /// <summary>Makes the terminal as it was, and this process its reader again.</summary>
    public void Restore()
    {
        if (!_known)
            return;

        // To a process that is not the terminal's reader, asking for it means to be stopped, unless the signal is kept off. Nothing here
        // fails but with a terminal that went away, which needs nothing any more.
        byte* blocked = stackalloc byte[128];               // sigset_t
        byte* before = stackalloc byte[128];
        sigemptyset(blocked);
        sigaddset(blocked, SigTtou);
        pthread_sigmask(Block, blocked, before);
        tcsetpgrp(StandardInput, getpgrp());
        fixed (byte* settings = _settings)
            tcsetattr(StandardInput, Now, settings);
        pthread_sigmask(SetMask, before, null);
    }

    /// <summary>The same, for a process that ends while the screen is open.</summary>
    public void Leave()
    {
        try
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(System.Text.Encoding.ASCII.GetBytes(LeaveScreen));
            output.Flush();
        }
        catch (IOException)
        {
            // The terminal is gone, and with it what there was to restore.
        }

        Restore();
    }

    /// <summary>Lets those of a process's descendants go on that stopped themselves together with this process's group.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Continue(int process)
    {
        bool any = false;
        foreach (int child in Children(process))
            any |= Continue(child);
        if (IsStopped(process))
            any |= kill(process, SigCont) == 0;
        return any;
    }

    // proc(5): the command's name stands in parentheses, and may hold some; then state, parent and process group.
    private static bool IsStopped(int process)
    {
        string line = Read($"/proc/{process}/stat");
        string[] fields = line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 2 && fields[0] == "T" && fields[2] == $"{getpgrp()}";
    }

    private static int[] Children(int process) =>
        [.. Read($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // The process ended meanwhile.
            return "";
        }
    }

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, byte* settings);

    [LibraryImport("libc")]
    private static partial void tcsetattr(int descriptor, int when, byte* settings);

    [LibraryImport("libc")]
    private static partial void tcsetpgrp(int descriptor, int group);

    [LibraryImport("libc")]
    private static partial int getpgrp();

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial void sigemptyset(byte* set);

    [LibraryImport("libc")]
    private static partial void sigaddset(byte* set, int signal);

    [LibraryImport("libc")]
    private static partial void pthread_sigmask(int how, byte* set, byte* before);
}
