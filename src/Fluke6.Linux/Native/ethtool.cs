using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>linux/ethtool.h</c>: asking a driver who it is.</summary>
internal static class Ethtool
{
    public const int SIOCETHTOOL = 0x8946;
    public const uint ETHTOOL_GDRVINFO = 3;
    public const int DriverNameLength = 32;
}

/// <summary><c>struct ethtool_drvinfo</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 196)]
internal unsafe struct ethtool_drvinfo
{
    public uint cmd;
    public fixed byte driver[Ethtool.DriverNameLength];
}
