using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>linux/filter.h</c>, which Tmds.LibC lacks.</summary>
internal static class Filter
{
    public const int SO_ATTACH_FILTER = 26;
    public const ushort BPF_RET = 0x06;
}

/// <summary><c>struct sock_filter</c>, an instruction.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct sock_filter
{
    public ushort code;
    public byte jt;
    public byte jf;
    public uint k;
}

/// <summary><c>struct sock_fprog</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sock_fprog
{
    public ushort len;
    public sock_filter* filter;
}
