using System.Buffers.Binary;
using Fluke6.Linux.Native;

namespace Fluke6.Linux.Survey;

/// <summary>A chain of nft(8) that sees what arrives at some interfaces or leaves by them.</summary>
/// <param name="Family">Such as <c>netdev</c>.</param>
/// <param name="Table">Its table.</param>
/// <param name="Chain">Its name.</param>
/// <param name="Links">The names of the interfaces.</param>
/// <param name="IsArriving">Whether for what arrives; otherwise, for what leaves.</param>
internal sealed record NetfilterHook(string Family, string Table, string Chain, IReadOnlyList<string> Links, bool IsArriving)
{
    /// <summary>Those of the calling thread's network namespace.</summary>
    /// <exception cref="PortException">The kernel has no nf_tables, or a right is missing.</exception>
    public static unsafe IReadOnlyList<NetfilterHook> All()
    {
        using var kernel = new NetlinkSocket("nf_tables", NfTables.NETLINK_NETFILTER);
        var hooks = new List<NetfilterHook>();
        foreach (byte[] entry in kernel.List(NfTables.NFT_MSG_GETCHAIN, new nfgenmsg { nfgen_family = NfTables.NFPROTO_UNSPEC }))
        {
            ReadOnlySpan<byte> attributes = entry.AsSpan(sizeof(nfgenmsg)), hook = NetlinkAttributes.Find(attributes,
                NfTables.NFTA_CHAIN_HOOK);
            if (hook.IsEmpty || entry[0] is not (NfTables.NFPROTO_NETDEV or NfTables.NFPROTO_INET))
                continue;

            bool isInet = entry[0] == NfTables.NFPROTO_INET;
            uint number = BinaryPrimitives.ReverseEndianness(NetlinkAttributes.Number<uint>(hook, NfTables.NFTA_HOOK_HOOKNUM) ?? 0);
            if (isInet && number != NfTables.NF_INET_INGRESS)
                continue;

            hooks.Add(new NetfilterHook(isInet ? "inet" : "netdev", NetlinkAttributes.Text(attributes, NfTables.NFTA_CHAIN_TABLE),
                NetlinkAttributes.Text(attributes, NfTables.NFTA_CHAIN_NAME), LinksOf(hook), isInet
                    || number == NfTables.NF_NETDEV_INGRESS));
        }

        return hooks;
    }

    /// <summary>Whether one sees what leaves by an interface of the calling thread's network namespace.</summary>
    public static bool IsAtExitOf(string link)
    {
        try
        {
            return All().Any(hook => !hook.IsArriving && hook.Links.Contains(link));
        }
        catch (PortException)
        {
            // A kernel without nf_tables, or nobody who may look, and so nobody who may attach programs either.
            return false;
        }
    }

    private static List<string> LinksOf(ReadOnlySpan<byte> hook)
    {
        var links = new List<string>();
        if (NetlinkAttributes.Text(hook, NfTables.NFTA_HOOK_DEV) is { Length: > 0 } only)
            links.Add(only);

        var devices = new NetlinkAttributes(NetlinkAttributes.Find(hook, NfTables.NFTA_HOOK_DEVS));
        while (devices.MoveNext())
        {
            if (devices.Type == NfTables.NFTA_DEVICE_NAME)
                links.Add(System.Text.Encoding.UTF8.GetString(devices.Value.TrimEnd((byte)0)));
        }

        return [.. links.Distinct()];
    }
}
