using System.ComponentModel;
using System.Runtime.InteropServices;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.Native;

/// <summary><c>signal.h</c>: what a signal does, <c>struct sigaction</c>, as glibc and musl lay it out on machines of 64 bits.</summary>
internal readonly unsafe partial struct SignalAction
{
    private const int Length = 152;             // the handler, a mask of 128 bytes, the flags, the restorer
    private const int FlagsOffset = 8 + 128;
    private const int Flags = 0x10000000 | 0x08000000;      // SA_RESTART, SA_ONSTACK
    private const nint Ignore = 1;              // SIG_IGN
    private readonly byte[] _octets = new byte[Length];

    /// <summary>Calls a handler. What it interrupts goes on afterwards.</summary>
    /// <param name="handler">Its address.</param>
    public SignalAction(nint handler)
    {
        MemoryMarshal.Write(_octets, handler);
        MemoryMarshal.Write(_octets.AsSpan(FlagsOffset), Flags);
    }

    /// <summary>Whether nothing happens.</summary>
    public bool Ignores => MemoryMarshal.Read<nint>(_octets) == Ignore;

    /// <summary>The action that a signal has now.</summary>
    public static SignalAction Of(int number)
    {
        var action = new SignalAction(0);
        fixed (byte* octets = action._octets)
            Check(sigaction(number, null, octets));
        return action;
    }

    /// <summary>Makes it what a signal does.</summary>
    public void Set(int number)
    {
        fixed (byte* octets = _octets)
            Check(sigaction(number, octets, null));
    }

    private static void Check(int result)
    {
        if (result < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigaction(int signal, byte* action, byte* before);
}

/// <summary>
/// A handler of signals, which writes the signal's number to a pipe. It may interrupt any thread at any instruction, those of the runtime
/// included, and nothing written in C# may run there (signal-safety(7)): so it is machine code, one system call.
/// </summary>
internal static unsafe class SignalHandlerCode
{
    /// <summary>Makes the handler, which stays for good.</summary>
    /// <param name="descriptor">The pipe's end to write to, which must not block.</param>
    /// <returns>Its address.</returns>
    /// <exception cref="Win32Exception">There is no memory for it.</exception>
    public static nint Make(int descriptor)
    {
        ReadOnlySpan<byte> code = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? ForX64(descriptor) : ForArm64(descriptor);
        size_t length = code.Length;
        void* memory = mmap(null, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            throw new Win32Exception(Marshal.GetLastPInvokeError());

        code.CopyTo(new Span<byte>(memory, code.Length));
        if (mprotect(memory, length, PROT_READ | PROT_EXEC) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        return (nint)memory;
    }

    private static byte[] ForX64(int descriptor) =>
    [
        0x57,                                                   // push rdi             the number, as 8 bytes
        0xB8, 0x01, 0x00, 0x00, 0x00,                           // mov eax, 1           write
        0xBF, .. BitConverter.GetBytes(descriptor),             // mov edi, descriptor
        0x48, 0x89, 0xE6,                                       // mov rsi, rsp
        0xBA, 0x08, 0x00, 0x00, 0x00,                           // mov edx, 8
        0x0F, 0x05,                                             // syscall              which leaves errno alone
        0x5F,                                                   // pop rdi
        0xC3,                                                   // ret
    ];

    private static byte[] ForArm64(int descriptor) => MemoryMarshal.AsBytes<uint>(
    [
        0xD10043FF,                                             // sub sp, sp, #16
        0xF90003E0,                                             // str x0, [sp]         the number, as 8 bytes
        0xD2800000 | (uint)(descriptor & 0xFFFF) << 5,          // movz x0, #descriptor
        0xF2A00000 | (uint)(descriptor >> 16) << 5,             // movk x0, #descriptor >> 16, lsl #16
        0x910003E1,                                             // mov x1, sp
        0xD2800102,                                             // movz x2, #8
        0xD2800808,                                             // movz x8, #64         write
        0xD4000001,                                             // svc #0               which leaves errno alone
        0x910043FF,                                             // add sp, sp, #16
        0xD65F03C0,                                             // ret
    ]).ToArray();
}
