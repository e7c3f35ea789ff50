using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>linux/ethtool.h</c>: asking a driver who it is, what its features are, and how long its rings.</summary>
internal static class Ethtool
{
    public const int SIOCETHTOOL = 0x8946;
    public const uint ETHTOOL_GDRVINFO = 0x03;
    public const uint ETHTOOL_GRINGPARAM = 0x10;
    public const uint ETHTOOL_GSTRINGS = 0x1b;
    public const uint ETHTOOL_GSSET_INFO = 0x37;
    public const uint ETHTOOL_GFEATURES = 0x3a;
    public const uint ETH_SS_FEATURES = 4;
    public const int ETH_GSTRING_LEN = 32;
    public const int DriverNameLength = 32;
}

/// <summary><c>struct ethtool_drvinfo</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 196)]
internal unsafe struct ethtool_drvinfo
{
    public uint cmd;
    public fixed byte driver[Ethtool.DriverNameLength];
}

/// <summary><c>struct ethtool_ringparam</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ethtool_ringparam
{
    public uint cmd;
    public uint rx_max_pending;
    public uint rx_mini_max_pending;
    public uint rx_jumbo_max_pending;
    public uint tx_max_pending;
    public uint rx_pending;
    public uint rx_mini_pending;
    public uint rx_jumbo_pending;
    public uint tx_pending;
}

/// <summary><c>struct ethtool_sset_info</c> for one set of names.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ethtool_sset_info
{
    public uint cmd;
    public uint reserved;
    public ulong sset_mask;
    public uint data;
}

/// <summary><c>struct ethtool_get_features_block</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ethtool_get_features_block
{
    public uint available;
    public uint requested;
    public uint active;
    public uint never_changed;
}
