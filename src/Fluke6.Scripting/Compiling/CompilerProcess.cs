using System.Diagnostics;
using System.Globalization;
using System.Text;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting.Compiling;

/// <summary>One run of the compiler's process, from its start to its end. Any thread may ask it.</summary>
internal sealed class CompilerProcess : IDisposable
{
    private const int RememberedErrors = 4096;
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(100);

    private readonly CompilerLimits _limits;
    private readonly Process _process;
    private readonly BinaryWriter _requests;
    private readonly CompilerReplies _replies;
    private readonly StringBuilder _errors = new();
    private readonly Thread _errorReader;

    /// <summary>Starts the compiler.</summary>
    /// <param name="limits">How much each file may ask of it.</param>
    /// <param name="rehearses">Whether it is to compile something by itself first, when nobody else wants the processor.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public CompilerProcess(CompilerLimits limits, bool rehearses)
    {
        _limits = limits;
        _replies = new CompilerReplies(rehearses, limits.Heap);
        string program = typeof(CompilerProcess).Assembly.Location, ownHost = Path.ChangeExtension(program, null);
        bool hasHost = File.Exists(ownHost);
        var start = new ProcessStartInfo(hasHost ? ownHost : FindRuntime(), hasHost ? [] : [program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (rehearses)
            start.ArgumentList.Add(CompilerProgram.Rehearse);
        // It runs nothing of what it compiles, and starts quicker when its machine code may be written in place.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        // It is ended from outside, and would leave its socket and pipes for tools in /tmp each time.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment[MethodProfile.KeepVariable] = "1";
        start.Environment["DOTNET_GCHeapHardLimit"] = limits.Heap.ToString("X", CultureInfo.InvariantCulture);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new IOException(exception.Message, exception);
        }

        _requests = new BinaryWriter(_process.StandardInput.BaseStream, Encoding.UTF8);
        Stream replies = _process.StandardOutput.BaseStream;
        new Thread(() => ReadReplies(replies)) { IsBackground = true, Name = "compiler replies" }.Start();
        _errorReader = new Thread(ReadErrors) { IsBackground = true, Name = "compiler errors" };
        _errorReader.Start();
    }

    /// <summary>Whether it can be asked no more.</summary>
    public bool Ended => _replies.Ended;

    /// <summary>Whether it is not done yet with what it compiles by itself.</summary>
    public bool Rehearses => _replies.Rehearses;

    /// <summary>The runtime's words at the process's end.</summary>
    public string Errors
    {
        get
        {
            _errorReader.Join();
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>Has a file compiled. A file that takes too long ends the process.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trust">Whose files are taken.</param>
    /// <param name="tookTooLong">Whether the file is why the process ended.</param>
    /// <returns>Null if the process ended before.</returns>
    public CompiledRule? Ask(string path, FileTrust trust, out bool tookTooLong)
    {
        tookTooLong = false;
        long start = Stopwatch.GetTimestamp();
        TimeSpan used = ProcessorTime();
        Task<byte[]?> reply = Send(path, trust);
        while (!reply.Wait(s_lookInterval))
        {
            if (ProcessorTime() - used < _limits.ProcessorTime && Stopwatch.GetElapsedTime(start) < _limits.Time)
                continue;

            tookTooLong = true;
            Kill();
        }

        if (reply.Result is not { } bytes)
            return null;

        tookTooLong = false;
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return CompiledRuleFormat.Read(reader, trust);
    }

    /// <summary>Ends the process. Whoever waits for it gets nothing.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        // It has ended by itself, and been disposed of.
        catch (InvalidOperationException)
        {
        }
    }

    /// <summary>Ends the process and closes its pipes.</summary>
    public void Dispose()
    {
        Kill();
        _errorReader.Join();
        _requests.Dispose();
        _process.Dispose();
    }

    private TimeSpan ProcessorTime()
    {
        try
        {
            return _process.TotalProcessorTime;
        }
        // It has just ended, which the reader of replies sees, too.
        catch (InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }

    private Task<byte[]?> Send(string path, FileTrust trust) => _replies.Expect(number =>
    {
        try
        {
            _requests.Write(number);
            _requests.Write(path);
            CompiledRuleFormat.Write(_requests, trust);
            _requests.Flush();
        }
        // It has ended, which the reader of replies sees, too.
        catch (IOException)
        {
            Kill();
        }
    });

    private void ReadReplies(Stream replies)
    {
        _replies.Read(replies);
        Kill();
    }

    private void ReadErrors()
    {
        char[] buffer = new char[1024];
        while (_process.StandardError.Read(buffer) is > 0 and var read)
        {
            // A stack overflow is told with the whole stack; its first line says enough.
            lock (_errors)
                _errors.Append(buffer, 0, Math.Min(read, RememberedErrors - _errors.Length));
        }
    }

    // The runtime that this process runs on.
    private static string FindRuntime()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return Path.GetFullPath(Path.Combine(framework, "..", "..", "..", "dotnet"));
    }
}
