using System.Runtime.InteropServices;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Streams;

/// <summary>The process's standard output and standard error.</summary>
internal static class StandardStreams
{
    // How long the end of the process waits for a reader: for one who takes nothing, and for one who takes a little now and then.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(2);

    // A write past the shell's limit of a file's size (ulimit -f) is an error then, as on a full disk, and not the end of the process.
    private static PosixSignalRegistration? s_fileSizeSignal;

    /// <summary>Standard output.</summary>
    public static StandardStream Output { get; } = new(1, IsOurs(1));

    /// <summary>Standard error.</summary>
    public static StandardStream Error { get; } = new(2, IsOurs(2));

    /// <summary>Lets all that this process prints go through these two.</summary>
    public static void Open()
    {
        s_fileSizeSignal = PosixSignalRegistration.Create((PosixSignal)SIGXFSZ, context => context.Cancel = true);
        KeepNumber(0);
        Output.Trouble += TellOfOutput;
        Console.SetOut(new StandardStreamWriter(Output));
        Console.SetError(new StandardStreamWriter(Error));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Flush();
    }

    /// <summary>Waits for what was written before, as long as somebody reads it.</summary>
    public static void Flush()
    {
        Output.WaitUntilWritten(s_patience, s_atMost);
        Error.WaitUntilWritten(s_patience, s_atMost);
    }

    /// <summary>Loses lines from now on rather than wait for their reader.</summary>
    public static void WaitForNobody() => Output.WaitsForReader = Error.WaitsForReader = false;

    private static void TellOfOutput(string trouble)
    {
        // A command that only prints has nothing more to say to a reader who went, as of `--help | head -1`.
        if (!Output.WaitsForReader)
            Error.WriteLine($"fluke6: {trouble}");
    }

    private static bool IsOurs(int descriptor)
    {
        bool closed = KeepNumber(descriptor);
        // exec(2) closes none of those that it passed on. Where nothing was passed on, the runtime has taken the number for a file of its own.
        return !closed && (fcntl(descriptor, F_GETFD) & FD_CLOEXEC) == 0;
    }

    /// <summary>Takes a number that nobody uses, so that no port or file gets it.</summary>
    /// <returns>Whether nobody used it.</returns>
    private static unsafe bool KeepNumber(int descriptor)
    {
        if (fcntl(descriptor, F_GETFD) >= 0)
            return false;

        fixed (byte* path = "/dev/null\0"u8)
        {
            int opened = open(path, O_RDWR, 0);
            if (opened >= 0 && opened != descriptor)
            {
                _ = dup2(opened, descriptor);
                _ = close(opened);
            }
        }

        return true;
    }
}
