using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Linux.Native;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>
/// Starts this program anew with the same arguments, in this process or in one of its own, with descriptors that stay open. What the new
/// one is to know stands in one variable of its environment.
/// </summary>
/// <param name="variable">The variable's name.</param>
internal sealed unsafe class ProgramStart(string variable)
{
    /// <summary>The calling thread's process becomes the program, with that thread's rights. Does not return unless it fails.</summary>
    /// <param name="value">The variable's value.</param>
    /// <param name="descriptors">What stays open, under the same numbers.</param>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public void Become(string value, params IEnumerable<int> descriptors)
    {
        int[] kept = [.. descriptors];
        foreach (int descriptor in kept)
            _ = fcntl(descriptor, F_SETFD, 0);
        // The runtime ignores it, and programs would inherit that.
        nint before = Spawn.signal(SIGPIPE, 0);
        using var arguments = new NativeStrings(Arguments());
        using var environment = new NativeStrings(EnvironmentWith(value));
        DiagnosticSocket.Remove();
        int result;
        fixed (byte* path = PathOfProgram())
            result = Spawn.execve(path, arguments.Pointer, environment.Pointer);

        int number = result < 0 ? Marshal.GetLastPInvokeError() : 0;
        Spawn.signal(SIGPIPE, before);
        foreach (int descriptor in kept)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC);
        throw new Win32Exception(number);
    }

    /// <summary>Starts the program in a process and a process group of its own, with the calling thread's rights.</summary>
    /// <param name="value">The variable's value.</param>
    /// <param name="descriptors">What it gets, under the same numbers, beside the standard ones.</param>
    /// <returns>The process, to be waited for.</returns>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public Child Start(string value, params IEnumerable<int> descriptors) =>
        Start(PathOfProgram(), Arguments(), EnvironmentWith(value), descriptors.Select(descriptor => (descriptor, descriptor)));

    /// <summary>
    /// Starts a shell that becomes the program if the write end of a pipe is closed without a line in it. It reads the pipe by number 3.
    /// </summary>
    /// <param name="value">The variable's value, for then.</param>
    /// <param name="descriptors">What it gets, and by which number; 3 among them.</param>
    /// <returns>The process.</returns>
    /// <exception cref="Win32Exception">There is no shell.</exception>
    public Child StartAfterPipe(string value, params IEnumerable<(int Ours, int Its)> descriptors) => Start(
        "/bin/sh\0"u8.ToArray(),
        [
            .. ((string[])["fluke6-witness", "-c", "trap '' HUP INT QUIT TERM; read -r line <&3 || exec \"$@\"", "sh"])
                .Select(Encoding.UTF8.GetBytes),
            PathOfProgram()[..^1],
            .. Arguments()[1..],
        ],
        EnvironmentWith(value),
        descriptors);

    /// <summary>The text that the program which started this one left in the variable, which is removed; null if there is none.</summary>
    public string? Take()
    {
        string? value = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return value;
    }

    private static Child Start(
        byte[] path, IReadOnlyList<byte[]> arguments, IReadOnlyList<byte[]> environment, IEnumerable<(int Ours, int Its)> descriptors)
    {
        byte* actions = stackalloc byte[Spawn.OpaqueLength];
        byte* attributes = stackalloc byte[Spawn.OpaqueLength];
        byte* defaults = stackalloc byte[Spawn.OpaqueLength];
        using var argv = new NativeStrings(arguments);
        using var envp = new NativeStrings(environment);
        Check(Spawn.posix_spawn_file_actions_init(actions));
        Check(Spawn.posix_spawnattr_init(attributes));
        try
        {
            foreach ((int ours, int its) in descriptors)
                Check(Spawn.posix_spawn_file_actions_adddup2(actions, ours, its));
            _ = Spawn.sigemptyset(defaults);
            // The runtime ignores it, and programs would inherit that.
            _ = Spawn.sigaddset(defaults, SIGPIPE);
            Check(Spawn.posix_spawnattr_setsigdefault(attributes, defaults));
            Check(Spawn.posix_spawnattr_setpgroup(attributes, 0));
            Check(Spawn.posix_spawnattr_setflags(attributes, Spawn.POSIX_SPAWN_SETPGROUP | Spawn.POSIX_SPAWN_SETSIGDEF));
            int process;
            fixed (byte* start = path)
                Check(Spawn.posix_spawn(&process, start, actions, attributes, argv.Pointer, envp.Pointer));
            return new Child(process);
        }
        finally
        {
            _ = Spawn.posix_spawn_file_actions_destroy(actions);
            _ = Spawn.posix_spawnattr_destroy(attributes);
        }
    }

    private static void Check(int number)
    {
        if (number != 0)
            throw new Win32Exception(number);
    }

    private static byte[] PathOfProgram() => Encoding.UTF8.GetBytes(Environment.ProcessPath + '\0');

    // From the kernel rather than from the runtime, which would not give back what is no UTF-8. proc(5).
    private static byte[][] Arguments() => Split(File.ReadAllBytes("/proc/self/cmdline"));

    private byte[][] EnvironmentWith(string value)
    {
        byte[] name = Encoding.UTF8.GetBytes($"{variable}=");
        return
        [
            .. Split(File.ReadAllBytes("/proc/self/environ")).Where(one => !one.AsSpan().StartsWith(name)),
            Encoding.UTF8.GetBytes($"{variable}={value}"),
        ];
    }

    private static byte[][] Split(byte[] strings)
    {
        var parts = new List<byte[]>();
        ReadOnlySpan<byte> rest = strings;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)0);
            end = end < 0 ? rest.Length : end;
            parts.Add(rest[..end].ToArray());
            rest = rest[Math.Min(end + 1, rest.Length)..];
        }

        return [.. parts];
    }

    /// <summary>Strings as C has them, each ended by a zero, and the list by a null pointer.</summary>
    private sealed class NativeStrings : IDisposable
    {
        private readonly byte*[] _strings;

        public NativeStrings(IReadOnlyList<byte[]> strings)
        {
            _strings = new byte*[strings.Count];
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(strings.Count + 1), (nuint)sizeof(byte*));
            for (int i = 0; i < strings.Count; i++)
            {
                _strings[i] = Pointer[i] = (byte*)NativeMemory.AllocZeroed((nuint)strings[i].Length + 1);
                strings[i].CopyTo(new Span<byte>(Pointer[i], strings[i].Length));
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            foreach (byte* one in _strings)
                NativeMemory.Free(one);
            NativeMemory.Free(Pointer);
        }
    }
}
