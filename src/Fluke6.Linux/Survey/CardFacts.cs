using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Linux.Native;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.Survey;

/// <summary>What an interface's driver says of itself and of its card. ethtool(8).</summary>
internal sealed unsafe record CardFacts
{
    private const int SIOCGIWNAME = 0x8B01;    // linux/wireless.h
    private const int MaxFeatures = 1024;

    /// <summary>The driver's name, such as <c>virtio_net</c>; empty if it does not say.</summary>
    public string Driver { get; init; } = "";

    /// <summary>The names of the features that are on, such as <c>rx-lro</c>.</summary>
    public IReadOnlySet<string> Features { get; init; } = new HashSet<string>();

    /// <summary>How many frames the card can receive before somebody takes them; 0 if it does not say.</summary>
    public int ReceiveRing { get; init; }

    /// <summary>The most that <see cref="ReceiveRing"/> can be set to.</summary>
    public int LargestReceiveRing { get; init; }

    /// <summary>Whether it is a radio.</summary>
    public bool IsWireless { get; init; }

    /// <summary>Asks about an interface of the calling thread's network namespace.</summary>
    public static CardFacts Of(string name)
    {
        using var control = new InterfaceControl(name);
        var rings = new ethtool_ringparam { cmd = Ethtool.ETHTOOL_GRINGPARAM };
        var driver = new ethtool_drvinfo { cmd = Ethtool.ETHTOOL_GDRVINFO };
        bool saysRings = Ask(control, name, &rings), saysDriver = Ask(control, name, &driver);
        return new CardFacts
        {
            Driver = saysDriver ? Encoding.ASCII.GetString(new ReadOnlySpan<byte>(driver.driver, Ethtool.DriverNameLength)
                .TrimEnd((byte)0)) : "",
            Features = FeaturesOf(control, name),
            ReceiveRing = saysRings ? (int)rings.rx_pending : 0,
            LargestReceiveRing = saysRings ? (int)rings.rx_max_pending : 0,
            IsWireless = IsRadio(control, name),
        };
    }

    private static HashSet<string> FeaturesOf(InterfaceControl control, string name)
    {
        var on = new HashSet<string>();
        var set = new ethtool_sset_info { cmd = Ethtool.ETHTOOL_GSSET_INFO, sset_mask = 1UL << (int)Ethtool.ETH_SS_FEATURES };
        if (!Ask(control, name, &set) || set.sset_mask == 0 || set.data > MaxFeatures)
            return on;

        int count = (int)set.data, blocks = (count + 31) / 32;
        byte[] names = new byte[(3 * sizeof(uint)) + (count * Ethtool.ETH_GSTRING_LEN)];
        byte[] states = new byte[(2 * sizeof(uint)) + (blocks * sizeof(ethtool_get_features_block))];
        ((ReadOnlySpan<uint>)[Ethtool.ETHTOOL_GSTRINGS, Ethtool.ETH_SS_FEATURES, (uint)count]).CopyTo(MemoryMarshal.Cast<byte,
            uint>(names.AsSpan()));
        ((ReadOnlySpan<uint>)[Ethtool.ETHTOOL_GFEATURES, (uint)blocks]).CopyTo(MemoryMarshal.Cast<byte, uint>(states.AsSpan()));
        fixed (byte* namesStart = names, statesStart = states)
        {
            if (!Ask(control, name, namesStart) || !Ask(control, name, statesStart))
                return on;
        }

        ReadOnlySpan<ethtool_get_features_block> active = MemoryMarshal.Cast<byte,
            ethtool_get_features_block>(states.AsSpan(2 * sizeof(uint)));
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> feature = names.AsSpan((3 * sizeof(uint)) + (i * Ethtool.ETH_GSTRING_LEN), Ethtool.ETH_GSTRING_LEN);
            if ((active[i / 32].active >> (i % 32) & 1) != 0)
                on.Add(Encoding.ASCII.GetString(feature[..(feature.IndexOf((byte)0) is >= 0 and int end ? end : feature.Length)]));
        }

        return on;
    }

    private static bool IsRadio(InterfaceControl control, string name)
    {
        ifreq request = default;
        InterfaceControl.NameOctets(name).CopyTo(new Span<byte>(request.ifr_name, If.IFNAMSIZ));
        return ioctl(control.Descriptor, SIOCGIWNAME, &request) == 0;
    }

    private static bool Ask(InterfaceControl control, string name, void* question)
    {
        ifreq request = default;
        InterfaceControl.NameOctets(name).CopyTo(new Span<byte>(request.ifr_name, If.IFNAMSIZ));
        request.ifr_data = question;
        return ioctl(control.Descriptor, Ethtool.SIOCETHTOOL, &request) == 0;
    }
}
