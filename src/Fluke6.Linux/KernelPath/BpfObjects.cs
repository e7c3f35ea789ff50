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
    public static SafeFileHandle CreateMap(uint type, int valueSize, int entries, uint flags = 0) => CreateMap(type, sizeof(uint), valueSize, entries, flags);

    /// <summary>Makes a map of keys of any kind, which takes memory for those that it has.</summary>
    public static SafeFileHandle CreateTable(int keySize, int valueSize, int entries) =>
        CreateMap(Bpf.BPF_MAP_TYPE_HASH, keySize, valueSize, entries, Bpf.BPF_F_NO_PREALLOC);

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
    /// <param name="isFirst">Whether it runs before those that are there, and not after them.</param>
    public static SafeFileHandle Attach(SafeFileHandle program, int interfaceIndex, uint at = Bpf.BPF_TCX_INGRESS, bool isFirst = false)
    {
        var attributes = new bpf_link_create
        {
            prog_fd = (uint)Number(program), target_ifindex = (uint)interfaceIndex, attach_type = at, flags = isFirst ? Bpf.BPF_F_BEFORE : 0,
        };
        return Take(Bpf.Call(Bpf.BPF_LINK_CREATE, ref attributes), "attaching a program to the interface");
    }

    /// <summary>Gives a link a name in the bpf file system, by which it stays when nobody has it open.</summary>
    public static void Pin(SafeFileHandle link, string path)
    {
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
        {
            var attributes = new bpf_obj_pin { pathname = (ulong)name, bpf_fd = (uint)Number(link) };
            if (Bpf.Call(Bpf.BPF_OBJ_PIN, ref attributes) < 0)
                throw new PortException($"no link can be kept at {path} ({Errno.Name(Marshal.GetLastPInvokeError())}): root can, once `mount -t bpf bpf {ExitLinks.Folder}` was done");
        }
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
        if (!TryUpdate(map, key, value))
            throw Failure("writing a map of the kernel's");
    }

    /// <summary>Writes an element of a map; false if there is no room for it.</summary>
    public static bool TryUpdate<TKey, T>(SafeFileHandle map, in TKey key, in T value)
        where TKey : unmanaged
        where T : unmanaged
    {
        fixed (TKey* first = &key)
        fixed (T* pointer = &value)
        {
            var attributes = new bpf_map_elem { map_fd = (uint)Number(map), key = (ulong)first, value = (ulong)pointer };
            return Bpf.Call(Bpf.BPF_MAP_UPDATE_ELEM, ref attributes) == 0;
        }
    }

    /// <summary>Reads an element of a map; of one for each processor, all of them.</summary>
    public static bool TryRead<TKey, T>(SafeFileHandle map, in TKey key, Span<T> values)
        where TKey : unmanaged
        where T : unmanaged => Find(Bpf.BPF_MAP_LOOKUP_ELEM, map, key, values);

    /// <summary>Takes an element out of a map.</summary>
    public static bool TryTake<TKey, T>(SafeFileHandle map, in TKey key, Span<T> values)
        where TKey : unmanaged
        where T : unmanaged => Find(Bpf.BPF_MAP_LOOKUP_AND_DELETE_ELEM, map, key, values);

    /// <summary>Reads the next elements of a map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="position">Where to go on; −1 for the beginning, and after the last.</param>
    /// <param name="keys">Room for keys.</param>
    /// <param name="values">Room for as many values.</param>
    /// <returns>How many there are.</returns>
    public static int ReadNext<TKey, T>(SafeFileHandle map, ref long position, Span<TKey> keys, Span<T> values)
        where TKey : unmanaged
        where T : unmanaged
    {
        uint from = (uint)position, next = 0;
        fixed (TKey* firstKey = keys)
        fixed (T* firstValue = values)
        {
            var attributes = new bpf_map_batch
            {
                in_batch = position < 0 ? 0 : (ulong)&from, out_batch = (ulong)&next, keys = (ulong)firstKey, values = (ulong)firstValue,
                count = (uint)Math.Min(keys.Length, values.Length), map_fd = (uint)Number(map),
            };
            bool hasMore = Bpf.Call(Bpf.BPF_MAP_LOOKUP_BATCH, ref attributes) == 0;
            // ENOENT comes with the last ones.
            bool isWhole = hasMore || Marshal.GetLastPInvokeError() == ENOENT;
            position = hasMore ? next : -1;
            return isWhole ? (int)attributes.count : 0;
        }
    }

    /// <summary>Lets a map of this kind be read and written as memory, for as long as the process lives.</summary>
    public static void* Map(SafeFileHandle map, int length)
    {
        void* memory = mmap(null, length, PROT_READ | PROT_WRITE, MAP_SHARED, Number(map), 0);
        return memory == MAP_FAILED ? throw Failure("mapping a map of the kernel's") : memory;
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

    private static SafeFileHandle CreateMap(uint type, int keySize, int valueSize, int entries, uint flags)
    {
        var attributes = new bpf_map_create
        {
            map_type = type, key_size = (uint)keySize, value_size = (uint)valueSize, max_entries = (uint)entries, map_flags = flags,
        };
        return Take(Bpf.Call(Bpf.BPF_MAP_CREATE, ref attributes), "making a map of the kernel's");
    }

    private static bool Find<TKey, T>(int command, SafeFileHandle map, in TKey key, Span<T> values)
        where TKey : unmanaged
        where T : unmanaged
    {
        fixed (TKey* first = &key)
        fixed (T* pointer = values)
        {
            var attributes = new bpf_map_elem { map_fd = (uint)Number(map), key = (ulong)first, value = (ulong)pointer };
            return Bpf.Call(command, ref attributes) == 0;
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
