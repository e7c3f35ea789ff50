using System.Runtime.InteropServices;
using Fluke6.Linux.Native;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.KernelPath;

/// <summary>Programs, maps and links of the kernel, each a descriptor that it goes with. bpf(2).</summary>
internal static unsafe class BpfObjects
{
    private const int LogLength = 64 * 1024;

    /// <summary>Makes a map of 32-bit keys from 0 on.</summary>
    public static SafeFileHandle CreateMap(uint type, int valueSize, int entries)
    {
        var attributes = new bpf_map_create { map_type = type, key_size = sizeof(uint), value_size = (uint)valueSize, max_entries = (uint)entries };
        return Take(Bpf.Call(Bpf.BPF_MAP_CREATE, ref attributes), "making a map of the kernel's");
    }

    /// <summary>Loads a program, which the kernel checks.</summary>
    public static SafeFileHandle Load(uint type, ReadOnlySpan<BpfCode.Instruction> code)
    {
        fixed (BpfCode.Instruction* first = code)
        fixed (byte* license = "MIT\0"u8)
        {
            var attributes = new bpf_prog_load { prog_type = type, insn_cnt = (uint)code.Length, insns = (ulong)first, license = (ulong)license };
            int descriptor = Bpf.Call(Bpf.BPF_PROG_LOAD, ref attributes);
            // Why a program is refused, the kernel says only where there is memory for it.
            if (descriptor < 0 && Marshal.GetLastPInvokeError() is var number && (number == EINVAL || number == EACCES || number == E2BIG))
                throw new PortException($"the kernel refuses the program: {Explain(attributes)}");
            return Take(descriptor, "loading a program into the kernel");
        }
    }

    /// <summary>Lets a program see what arrives at an interface of the calling thread's network namespace, as long as the link is open.</summary>
    /// <param name="at">Where at the interface, BPF_….</param>
    public static SafeFileHandle Attach(SafeFileHandle program, int interfaceIndex, uint at = Bpf.BPF_TCX_INGRESS)
    {
        var attributes = new bpf_link_create { prog_fd = (uint)Number(program), target_ifindex = (uint)interfaceIndex, attach_type = at };
        return Take(Bpf.Call(Bpf.BPF_LINK_CREATE, ref attributes), "attaching a program to the interface");
    }

    /// <summary>How many programs see what arrives at an interface of the calling thread's network namespace, or what leaves by it.</summary>
    public static int CountAttached(int interfaceIndex, bool arriving = true)
    {
        var attributes = new bpf_prog_query { target_ifindex = (uint)interfaceIndex, attach_type = arriving ? Bpf.BPF_TCX_INGRESS : Bpf.BPF_TCX_EGRESS };
        return Bpf.Call(Bpf.BPF_PROG_QUERY, ref attributes) < 0 ? 0 : (int)attributes.count;
    }

    /// <summary>Writes an element of a map.</summary>
    public static void Update<T>(SafeFileHandle map, int key, in T value)
        where T : unmanaged
    {
        fixed (T* pointer = &value)
        {
            var attributes = new bpf_map_elem { map_fd = (uint)Number(map), key = (ulong)&key, value = (ulong)pointer };
            if (Bpf.Call(Bpf.BPF_MAP_UPDATE_ELEM, ref attributes) < 0)
                throw Failure("writing a map of the kernel's");
        }
    }

    /// <summary>Reads an element of a map; of one for each processor, all of them.</summary>
    public static bool TryRead<T>(SafeFileHandle map, int key, Span<T> values)
        where T : unmanaged
    {
        fixed (T* pointer = values)
        {
            var attributes = new bpf_map_elem { map_fd = (uint)Number(map), key = (ulong)&key, value = (ulong)pointer };
            return Bpf.Call(Bpf.BPF_MAP_LOOKUP_ELEM, ref attributes) == 0;
        }
    }

    /// <summary>Runs a program on a frame that no interface saw.</summary>
    /// <returns>What it returned; null if the kernel takes no such frame for a test, as some that are cut short.</returns>
    public static int? Run(SafeFileHandle program, ReadOnlySpan<byte> frame)
    {
        fixed (byte* data = frame)
        {
            var attributes = new bpf_prog_test_run { prog_fd = (uint)Number(program), data_in = (ulong)data, data_size_in = (uint)frame.Length, repeat = 1 };
            if (Bpf.Call(Bpf.BPF_PROG_TEST_RUN, ref attributes) == 0)
                return (int)attributes.retval;
            return Marshal.GetLastPInvokeError() is var number && number == EINVAL ? null : throw Failure("running a program");
        }
    }

    internal static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static SafeFileHandle Take(int descriptor, string operation) =>
        descriptor < 0 ? throw Failure(operation) : new SafeFileHandle(descriptor, ownsHandle: true);

    private static PortException Failure(string operation)
    {
        int number = Marshal.GetLastPInvokeError();
        return new PortException($"{operation}: {Errno.Name(number)}" + (number == EPERM || number == EACCES ? ", which needs CAP_BPF and CAP_NET_ADMIN outside of user namespaces" : ""));
    }

    private static string Explain(bpf_prog_load attributes)
    {
        byte[] log = new byte[LogLength];
        fixed (byte* start = log)
        {
            (attributes.log_buf, attributes.log_size, attributes.log_level) = ((ulong)start, LogLength, 1);
            _ = Bpf.Call(Bpf.BPF_PROG_LOAD, ref attributes);
        }

        string text = System.Text.Encoding.UTF8.GetString(log).TrimEnd('\0', '\n');
        return text[(Math.Max(text.LastIndexOf('\n'), text[..Math.Max(0, text.LastIndexOf('\n'))].LastIndexOf('\n')) + 1)..].ReplaceLineEndings("; ");
    }
}
