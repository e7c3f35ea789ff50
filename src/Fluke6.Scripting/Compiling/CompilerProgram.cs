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

    // A signal for the terminal's programs is the bridge's to obey, or its editor's; this process ends after it.
    private static readonly List<PosixSignalRegistration> s_ignored = [];

    public static int Main(string[] arguments)
    {
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP, PosixSignal.SIGTSTP])
            s_ignored.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = true));

        if (arguments.Contains(Rehearse))
            new Thread(Rehearsal.Run, CompilerLimits.Stack) { IsBackground = true }.Start();

        using var requests = new BinaryReader(Console.OpenStandardInput(), Encoding.UTF8);
        using var replies = new BinaryWriter(Console.OpenStandardOutput(), Encoding.UTF8);
        try
        {
            while (true)
            {
                int number = requests.ReadInt32();
                string path = requests.ReadString();
                FileTrust trust = CompiledRuleFormat.ReadTrust(requests);
                new Thread(() => Answer(number, path, trust, replies), CompilerLimits.Stack) { IsBackground = true }.Start();
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
        lock (replies)
        {
            replies.Write(number);
            replies.Write((int)reply.Length);
            replies.Write(reply.GetBuffer(), 0, (int)reply.Length);
            replies.Flush();
        }
    }
}
