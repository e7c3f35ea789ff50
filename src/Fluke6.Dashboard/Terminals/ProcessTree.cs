using System.Runtime.InteropServices;

namespace Fluke6.Dashboard.Terminals;

/// <summary>A process and those that came of it.</summary>
internal static partial class ProcessTree
{
    private const int SigHup = 1, SigKill = 9, SigCont = 18;    // signal.h of Linux

    /// <summary>
    /// Lets those go on that stopped themselves together with this process's group, and a shell that stopped itself alone; what is stopped
    /// in a shell is the shell's business.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    public static bool Continue(int process)
    {
        bool any = false;
        int[] direct = Children(process);
        foreach (int member in Of(process).Where(member => State(member) is ("T", { } group) && (group == $"{getpgrp()}" || direct.Contains(member))))
            any |= kill(member, SigCont) == 0;
        return any;
    }

    /// <summary>Tells all of them what a terminal tells that goes away: editors then save what they can, and tidy up.</summary>
    /// <returns>Whom it told.</returns>
    public static int[] HangUp(int process) => [.. Of(process).Where(member => kill(member, SigHup) == 0 && kill(member, SigCont) == 0)];

    /// <summary>Ends these processes, whatever they do.</summary>
    public static void Kill(IEnumerable<int> processes)
    {
        foreach (int process in processes.Where(Runs))
            _ = kill(process, SigKill);
    }

    /// <summary>The process, if it runs, and its descendants.</summary>
    public static IEnumerable<int> Of(int process) =>
        [.. Runs(process) ? [process] : (int[])[], .. Children(process).SelectMany(Of)];

    /// <summary>Whether a process has not ended yet, read by its parent or not.</summary>
    public static bool Runs(int process) => State(process) is not (null or "Z" or "X", _);

    // proc(5): the command's name stands in parentheses, and may hold some; then state, parent and process group.
    private static (string? State, string? Group) State(int process)
    {
        string line = Read($"/proc/{process}/stat");
        string[] fields = line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 2 ? (fields[0], fields[2]) : default;
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
    private static partial int getpgrp();

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
