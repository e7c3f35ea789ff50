using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>linux/bpf.h</c>: bpf(2) by its number, since neither libc nor Tmds.LibC has it.</summary>
internal static unsafe partial class Bpf
{
    public const int BPF_MAP_CREATE = 0;
    public const int BPF_MAP_LOOKUP_ELEM = 1;
    public const int BPF_MAP_UPDATE_ELEM = 2;
    public const int BPF_PROG_LOAD = 5;
    public const int BPF_OBJ_PIN = 6;
    public const int BPF_PROG_TEST_RUN = 10;
    public const int BPF_PROG_QUERY = 16;
    public const int BPF_MAP_LOOKUP_AND_DELETE_ELEM = 21;
    public const int BPF_MAP_LOOKUP_BATCH = 24;
    public const int BPF_LINK_CREATE = 28;

    public const uint BPF_MAP_TYPE_HASH = 1;
    public const uint BPF_MAP_TYPE_ARRAY = 2;
    public const uint BPF_MAP_TYPE_PERCPU_ARRAY = 6;

    public const uint BPF_F_NO_PREALLOC = 1;
    public const uint BPF_F_BEFORE = 1 << 3;
    public const uint BPF_F_MMAPABLE = 1 << 10;
    public const int BPF_NOEXIST = 1;

    public const uint BPF_PROG_TYPE_SOCKET_FILTER = 1;
    public const uint BPF_PROG_TYPE_SCHED_CLS = 3;

    public const uint BPF_TCX_INGRESS = 46;
    public const uint BPF_TCX_EGRESS = 47;
    public const int TCX_NEXT = -1;
    public const int TCX_PASS = 0;

    public const int BPF_FUNC_map_lookup_elem = 1;
    public const int BPF_FUNC_map_update_elem = 2;
    public const int BPF_FUNC_ktime_get_ns = 5;
    public const int BPF_FUNC_skb_store_bytes = 9;
    public const int BPF_FUNC_skb_vlan_push = 18;
    public const int BPF_FUNC_redirect = 23;
    public const int BPF_FUNC_skb_load_bytes = 26;
    public const int BPF_FUNC_skb_adjust_room = 50;
    public const int BPF_FUNC_ktime_get_coarse_ns = 160;

    public const int SO_ATTACH_BPF = 50;
    public const int SO_DETACH_FILTER = 27;

    // Of include/uapi/asm-generic/unistd.h, which all but x86 go by.
    private static readonly int s_number = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 321 : 280;

    /// <summary>bpf(2).</summary>
    /// <returns>A descriptor or 0; −1, and errno, if it failed.</returns>
    public static int Call<T>(int command, ref T attributes)
        where T : unmanaged
    {
        fixed (T* pointer = &attributes)
            return (int)syscall(s_number, command, pointer, (uint)sizeof(T));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint command, void* attributes, nuint size);
}

/// <summary><c>union bpf_attr</c> for BPF_MAP_CREATE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct bpf_map_create
{
    public uint map_type;
    public uint key_size;
    public uint value_size;
    public uint max_entries;
    public uint map_flags;
}

/// <summary><c>union bpf_attr</c> for BPF_MAP_LOOKUP_BATCH.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct bpf_map_batch
{
    public ulong in_batch;
    public ulong out_batch;
    public ulong keys;
    public ulong values;
    public uint count;
    public uint map_fd;
    public ulong elem_flags;
    public ulong flags;
}

/// <summary><c>union bpf_attr</c> for BPF_MAP_LOOKUP_ELEM and BPF_MAP_UPDATE_ELEM.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct bpf_map_elem
{
    public uint map_fd;
    public ulong key;
    public ulong value;
    public ulong flags;
}

/// <summary><c>union bpf_attr</c> for BPF_PROG_LOAD.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct bpf_prog_load
{
    public uint prog_type;
    public uint insn_cnt;
    public ulong insns;
    public ulong license;
    public uint log_level;
    public uint log_size;
    public ulong log_buf;
    public uint kern_version;
    public uint prog_flags;
}

/// <summary><c>union bpf_attr</c> for BPF_LINK_CREATE, without what kinds of links have beside.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct bpf_link_create
{
    public uint prog_fd;
    public uint target_ifindex;
    public uint attach_type;
    public uint flags;
    public fixed ulong more[4];
}

/// <summary><c>union bpf_attr</c> for BPF_OBJ_PIN.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct bpf_obj_pin
{
    public ulong pathname;
    public uint bpf_fd;
    public uint file_flags;
}

/// <summary><c>union bpf_attr</c> for BPF_PROG_QUERY.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct bpf_prog_query
{
    public uint target_ifindex;
    public uint attach_type;
    public uint query_flags;
    public uint attach_flags;
    public ulong prog_ids;
    public uint count;
    public uint pad;
    public ulong prog_attach_flags;
    public ulong link_ids;
    public ulong link_attach_flags;
    public ulong revision;
}

/// <summary><c>union bpf_attr</c> for BPF_PROG_TEST_RUN.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct bpf_prog_test_run
{
    public uint prog_fd;
    public uint retval;
    public uint data_size_in;
    public uint data_size_out;
    public ulong data_in;
    public ulong data_out;
    public uint repeat;
    public uint duration;
}
