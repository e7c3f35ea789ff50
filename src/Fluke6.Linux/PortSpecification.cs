using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Fluke6.Frames;
using Fluke6.Linux.Native;
using Fluke6.Ports;

namespace Fluke6.Linux;

/// <summary>The kinds of ports.</summary>
internal enum PortKind : byte
{
    /// <summary>An interface that exists, by a packet socket.</summary>
    Packet,

    /// <summary>A TAP interface, made for us: Ethernet frames.</summary>
    Tap,

    /// <summary>A TUN interface, made for us: IP packets.</summary>
    Tun,

    /// <summary>A pair of veth interfaces, made for us: one end is a host's, the other is used by a packet socket.</summary>
    Veth,

    /// <summary>Nothing: the bridge answers by itself.</summary>
    None,
}

/// <summary>
/// A port as named on the command line: <c>eth0</c>, <c>tap:NAME</c>, <c>tun:NAME</c>, each with <c>@NETNS</c> to open it inside a network
/// namespace (a name of <c>ip netns list</c>, or a path), <c>veth:NAME@NETNS</c>, or <c>none</c>.
/// </summary>
internal sealed record PortSpecification
{
    private const string Forms = "write an interface such as eth0, tap:NAME, tun:NAME, each with @NETNS if need be, veth:NAME@NETNS, or none";
    private const int ReadablePart = 6, UniquePart = 4;    // in bytes, of which the second become twice as many digits

    private PortSpecification(PortKind kind, string name, string? networkNamespace)
    {
        Kind = kind;
        Name = name;
        NetworkNamespace = networkNamespace;
    }

    /// <summary>The port's kind.</summary>
    public PortKind Kind { get; }

    /// <summary>The interface's name, 1 to 15 octets; <c>none</c> for a port without one.</summary>
    public string Name { get; }

    /// <summary>The network namespace to open it in, by name or path; null for the one we are in.</summary>
    public string? NetworkNamespace { get; }

    /// <summary>
    /// The interface that the port has in its own namespace. A pair's outer end is called after the port, so that the next bridge with the
    /// same port finds what one that was killed left behind.
    /// </summary>
    public string Interface
    {
        get
        {
            if (Kind != PortKind.Veth)
                return Name;

            string readable = Name.All(char.IsAscii) ? Name[..Math.Min(Name.Length, ReadablePart)] : "veth";
            return $"{readable}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToString())).AsSpan(0, UniquePart))}";
        }
    }

    /// <summary>The network namespace that the port's own interface is in, by name or path; null for the one we are in.</summary>
    public string? InterfaceNamespace => Kind == PortKind.Veth ? null : NetworkNamespace;

    /// <summary>Reads a specification.</summary>
    /// <exception cref="FormatException">It is none; the message says in one line what to write.</exception>
    public static PortSpecification Parse(string text) =>
        TryParse(text, out PortSpecification? specification, out string? error) ? specification : throw new FormatException(error);

    /// <summary>Reads a specification.</summary>
    /// <param name="error">If there is none, what to write instead, in one line.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out PortSpecification? specification, [NotNullWhen(false)] out string? error)
    {
        specification = null;
        error = null;
        if (text == "none")
        {
            specification = new PortSpecification(PortKind.None, text, null);
            return true;
        }

        (PortKind kind, string rest) = text switch
        {
            _ when text.StartsWith("tap:", StringComparison.Ordinal) => (PortKind.Tap, text[4..]),
            _ when text.StartsWith("tun:", StringComparison.Ordinal) => (PortKind.Tun, text[4..]),
            _ when text.StartsWith("veth:", StringComparison.Ordinal) => (PortKind.Veth, text[5..]),
            _ => (PortKind.Packet, text),
        };
        int at = rest.IndexOf('@');
        string name = at < 0 ? rest : rest[..at];
        string? networkNamespace = at < 0 ? null : rest[(at + 1)..];

        string? fault = NameFault(name, kind) ?? NamespaceFault(networkNamespace, kind);
        if (fault is not null)
        {
            error = $"'{text}' is no port: {fault}";
            return false;
        }

        specification = new PortSpecification(kind, name, networkNamespace);
        return true;
    }

    /// <summary>Opens the port.</summary>
    /// <param name="offload">Whether super-segments and partial checksums may pass.</param>
    /// <param name="linkTypeOfNone">For <c>none</c>: what the port across the bridge carries.</param>
    /// <exception cref="PortException">It could not be opened; the message says in one line what to do.</exception>
    public IPort Open(bool offload, LinkType linkTypeOfNone = LinkType.Ethernet) => Kind switch
    {
        PortKind.Packet or PortKind.Veth => PacketPort.Open(this, offload),
        PortKind.None => new NullPort(linkTypeOfNone),
        _ => TapPort.Open(this, offload),
    };

    /// <summary>Goes on with the port, which another program opened.</summary>
    /// <param name="offload">What it was opened with.</param>
    /// <param name="descriptors">What that program left.</param>
    internal IPort Adopt(bool offload, PortDescriptors descriptors) =>
        Kind is PortKind.Packet or PortKind.Veth ? PacketPort.Adopt(this, offload, descriptors) : TapPort.Adopt(this, offload, descriptors);

    /// <summary>As on the command line.</summary>
    public override string ToString()
    {
        string prefix = Kind switch
        {
            PortKind.Tap => "tap:",
            PortKind.Tun => "tun:",
            PortKind.Veth => "veth:",
            _ => "",
        };
        return NetworkNamespace is null ? prefix + Name : $"{prefix}{Name}@{NetworkNamespace}";
    }

    private static string? NameFault(string name, PortKind kind)
    {
        if (name.Length == 0)
            return kind == PortKind.Packet ? Forms : "a name is missing after the colon, as in tap:fl0";
        if (Encoding.UTF8.GetByteCount(name) >= If.IFNAMSIZ)
            return $"an interface's name has at most {If.IFNAMSIZ - 1} characters, '{name}' has more";
        // dev_valid_name() in the kernel's net/core/dev.c; and the kernel would number a name with a percent sign.
        if (name is "." or ".." || name.AsSpan().IndexOfAny("/:%\0") >= 0 || name.Any(char.IsWhiteSpace))
            return $"an interface's name has no slash, colon, percent sign or blank; {Forms}";
        // sysctl_dev_name_is_allowed() in include/linux/inetdevice.h: /proc/sys/net/ipv4/conf has folders of these names.
        if (kind != PortKind.Packet && name is "all" or "default")
            return "the kernel takes all and default for no interface's names; choose another";
        return null;
    }

    private static string? NamespaceFault(string? name, PortKind kind)
    {
        if (name is null)
            return kind == PortKind.Veth ? "a veth pair's other end is a host's: write veth:NAME@NETNS; `ip netns list` shows network namespaces" : null;
        if (name.Length == 0)
            return "a network namespace is missing after the @; `ip netns list` shows them";
        return name is "." or ".." || name.Contains('\0') ? "that is no network namespace's name; `ip netns list` shows them" : null;
    }
}
