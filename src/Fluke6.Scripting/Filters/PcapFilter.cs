using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Fluke6.Rules;

namespace Fluke6.Scripting.Filters;

/// <summary>Compiles filters by libpcap, which is loaded when a rule first has one. pcap(3PCAP), pcap-filter(7).</summary>
internal static unsafe partial class PcapFilter
{
    private const int Ethernet = 1, RawIp = 12;    // DLT_EN10MB, DLT_RAW
    private const int LongestFrame = 262_144;
    private const uint NoNetmask = 0xFFFF_FFFF;    // PCAP_NETMASK_UNKNOWN
    private const int LoadMode = 0xE6, LoadAbsolute = 0x20;    // into the accumulator or the index
    private const uint FirstOfInterface = 0xFFFF_F000;

    // What Debian, others, and whoever built it call it.
    private static readonly string[] s_names = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"];
    private static readonly Lock s_lock = new();
    private static Library? s_library;

    /// <summary>The guard that a filter is.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="DllNotFoundException">There is no libpcap.</exception>
    public static TextGuard Compile(string text)
    {
        if (text.Contains('\0'))
            throw new FormatException("a filter has a character 0 in it: leave it out");

        // Before 1.8, it compiles one at a time.
        lock (s_lock)
        {
            Library library = s_library ??= Open();
            FilterInstruction[] ethernet = Compile(library, text, Ethernet, out string? error)
                ?? throw new FormatException($"\"{text}\" is no filter of libpcap's: {error}{Differs(text)}");
            if (ethernet.Any(IsAboutInterface))
            {
                throw new FormatException($"\"{text}\" asks what no frame says (inbound, outbound, ifindex): where it came from, a rule knows by "
                    + "When(Guard.From(Side.Left)) or frame.From");
            }

            // A filter of link addresses means nothing where there are none.
            return new TextGuard(text, ethernet, Compile(library, text, RawIp, out _) ?? [new FilterInstruction(6, 0, 0, 0)]);
        }
    }

    /// <summary>What a filter's author may not have meant; null if nothing is known.</summary>
    public static string? Advise(string text)
    {
        Match match = HeaderBytes().Match(text);
        string name = match.Groups[1].Value;
        return name switch
        {
            "" => null,
            "icmp6" => $"icmp6[...] in \"{text}\" looks right after the IPv6 header, without VLAN tags: what has extension headers passes the rule by; "
                + "Guard.Icmpv6(type) holds for all",
            _ => $"{name}[...] in \"{text}\" looks into IPv4 without VLAN tags alone: IPv6 passes the rule by; "
                + $"Guard.{(name == "tcp" ? "TcpFlags(...), Guard.Tcp(port)" : name == "udp" ? "Udp(port)" : "Protocol(IpProtocol.Sctp)")} hold for both",
        };
    }

    [GeneratedRegex(@"\b(tcp|udp|sctp|icmp6)\s*\[")]
    private static partial Regex HeaderBytes();

    // An absolute load from where no frame has bytes, by which Linux tells of the interface instead: SKF_AD_OFF of linux/filter.h.
    private static bool IsAboutInterface(FilterInstruction instruction) =>
        (instruction.Code & LoadMode) == LoadAbsolute && instruction.Number >= FirstOfInterface;

    private static string? Differs(string text) => DisplayFilter().IsMatch(text)
        ? "; that is a display filter of Wireshark's: tcpdump's say it as in \"tcp port 80 and host 192.0.2.1\"" : null;

    [GeneratedRegex(@"\b(eth|vlan|arp|ip|ipv6|icmp|icmpv6|tcp|udp|dns|tls|http|frame)\.[a-z]")]
    private static partial Regex DisplayFilter();

    private static FilterInstruction[]? Compile(Library library, string text, int linkType, out string? error)
    {
        void* handle = library.OpenDead(linkType, LongestFrame);
        if (handle is null)
            throw new FormatException("libpcap has no memory for a filter");

        bpf_program program = default;
        try
        {
            fixed (byte* octets = Encoding.UTF8.GetBytes(text + '\0'))
            {
                if (library.Compile(handle, &program, octets, 1, NoNetmask) != 0)
                {
                    error = Marshal.PtrToStringUTF8((nint)library.ErrorOf(handle));
                    return null;
                }
            }

            error = null;
            return new ReadOnlySpan<FilterInstruction>(program.bf_insns, (int)program.bf_len).ToArray();
        }
        finally
        {
            if (program.bf_insns is not null)
                library.FreeCode(&program);
            library.Close(handle);
        }
    }

    private static Library Open()
    {
        foreach (string name in s_names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
                return new Library(library);
        }

        throw new DllNotFoundException("a filter in text needs libpcap: apt-get install libpcap0.8, or say it by names, as When(Guard.Tcp(80))");
    }

    private sealed class Library(nint library)
    {
        public readonly delegate* unmanaged<int, int, void*> OpenDead = (delegate* unmanaged<int, int, void*>)Find(library, "pcap_open_dead");
        public readonly delegate* unmanaged<void*, bpf_program*, byte*, int, uint, int> Compile =
            (delegate* unmanaged<void*, bpf_program*, byte*, int, uint, int>)Find(library, "pcap_compile");
        public readonly delegate* unmanaged<void*, byte*> ErrorOf = (delegate* unmanaged<void*, byte*>)Find(library, "pcap_geterr");
        public readonly delegate* unmanaged<bpf_program*, void> FreeCode = (delegate* unmanaged<bpf_program*, void>)Find(library, "pcap_freecode");
        public readonly delegate* unmanaged<void*, void> Close = (delegate* unmanaged<void*, void>)Find(library, "pcap_close");

        private static nint Find(nint library, string name) => NativeLibrary.GetExport(library, name);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct bpf_program
    {
        public uint bf_len;
        public FilterInstruction* bf_insns;
    }
}
