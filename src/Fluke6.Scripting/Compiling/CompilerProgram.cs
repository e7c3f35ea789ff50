using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// The compiler's process: reads paths from standard input, writes what became of each file to standard output, and ends when its input
/// does. Files are compiled side by side, each on a thread of its own.
/// </summary>
internal static class CompilerProgram
{
    /// <summary>The argument that has it compile something by itself first.</summary>
    public const string Rehearse = "rehearse";

    /// <summary>The argument before files that it compiles to list the methods which that takes (<see cref="MethodProfile"/>), and then ends.</summary>
    public const string Record = "record";

    /// <summary>The number of the reply, an empty one, that says that it is done with that. Files have others.</summary>
    public const int RehearsalNumber = 0;

    // A signal for the terminal's programs is the bridge's to obey, or its editor's; this process ends after it.
    private static readonly List<PosixSignalRegistration> s_ignored = [];

    public static int Main(string[] arguments)
    {
        if (arguments is [Record, .. var examples])
        {
            MethodProfile.Record();
            foreach (string example in examples)
                Answer(0, example, FileTrust.Any, new BinaryWriter(Stream.Null));
            return 0;
        }

        // The rehearsal is in no hurry, and would take the second processor from the frames.
        if (!arguments.Contains(Rehearse))
            MethodProfile.Play();

        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP, PosixSignal.SIGTSTP])
            s_ignored.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = true));

        using var requests = new BinaryReader(Console.OpenStandardInput(), Encoding.UTF8);
        using var replies = new BinaryWriter(Console.OpenStandardOutput(), Encoding.UTF8);
        if (arguments.Contains(Rehearse))
            Start(() => RunRehearsal(replies));
        try
        {
            while (true)
            {
                int number = requests.ReadInt32();
                string path = requests.ReadString();
                FileTrust trust = CompiledRuleFormat.ReadTrust(requests);
                Start(() => Answer(number, path, trust, replies));
            }
        }
        catch (EndOfStreamException)
        {
            return 0;
        }
    }

    private static void Answer(int number, string path, FileTrust trust, BinaryWriter replies)
    {
        using var reply = new MemoryStream();
        using (var writer = new BinaryWriter(reply, Encoding.UTF8, leaveOpen: true))
            CompiledRuleFormat.Write(writer, ScriptCompiler.Compile(path, trust));
        Reply(replies, number, reply.GetBuffer().AsSpan(0, (int)reply.Length));
    }

    private static void RunRehearsal(BinaryWriter replies)
    {
        Rehearsal.Run();
        Reply(replies, RehearsalNumber, []);
    }

    private static void Reply(BinaryWriter replies, int number, ReadOnlySpan<byte> reply)
    {
        lock (replies)
        {
            replies.Write(number);
            replies.Write(reply.Length);
            replies.Write(reply);
            replies.Flush();
        }
    }

    private static void Start(Action work) => new Thread(() => work(), CompilerLimits.Stack) { IsBackground = true }.Start();
}
